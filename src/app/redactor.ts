import { BringupError } from '../contract/errors.ts';
import type { EventBody } from '../contract/events.ts';
import type { Credential, CredentialStore } from '../contract/ports.ts';
import { createFinder, type Found, type SecretFinder } from './find-secrets.ts';
import { formsOf, secretsOf } from './secret-forms.ts';

const HIDDEN = '***';
/** Fields of an event that name something else in it: changing them would cut the link. None of them is free text. */
const NAMES = new Set([
  ...['kind', 'seq', 'at', 'run', 'stage', 'status', 'host', 'hosts', 'failed_hosts', 'left_out'],
  ...['id', 'after', 'runs_on', 'owner', 'unit', 'code', 'started', 'finished'],
]);
/** What a program leaves where it took the middle out of a long text. */
const CUT = /\n?\[\d+ characters left out\]\n?/;
/** A text this long may have been cut at its ends. */
const LONG = 4000;
/** A piece of a secret that is shorter tells nothing. */
const PIECE = 4;

/** Hides every secret that this process has met, in whatever form it shows. */
export interface Redactor {
  add(name: string, credential: Credential): void;
  text(text: string): string;
  /** An event, or any JSON value, with its texts redacted. */
  value<T>(value: T): T;
  event(body: EventBody): EventBody;
  /** An error with its sentences, evidence and stack redacted. */
  error(thrown: unknown): unknown;
}

export function createRedactor(): Redactor {
  const known = new Map<string, string>();
  let finder: SecretFinder = createFinder([]);

  function text(plain: string): string {
    const hidden = cover(plain, finder.find(plain));
    return CUT.test(hidden) || hidden.length >= LONG ? hideCut(hidden, finder) : hidden;
  }

  function value<T>(plain: T): T {
    if (typeof plain === 'string') return text(plain) as T;
    if (typeof plain !== 'object' || plain === null) return plain;
    if (Array.isArray(plain)) return plain.map((entry: unknown) => value(entry)) as T;
    return Object.fromEntries(
      Object.entries(plain).map(([key, entry]) => [
        text(key),
        NAMES.has(key) ? (entry as unknown) : value(entry as unknown),
      ]),
    ) as T;
  }

  return {
    add(name, credential) {
      const fresh = secretsOf(credential).filter((secret) => !known.has(secret));
      for (const secret of fresh) known.set(secret, name);
      if (fresh.length === 0) return;
      finder = createFinder([
        ...finder.forms,
        ...fresh.flatMap((secret) => formsOf(secret).map((form) => ({ ...form, name }))),
      ]);
    },
    text,
    value,
    event: (body) => (known.size === 0 ? body : value(body)),
    error: (thrown) => (known.size === 0 ? thrown : redactError(thrown, text)),
  };
}

/** A store whose secrets the redactor learns as they pass. */
export function rememberSecrets(store: CredentialStore, redactor: Redactor): CredentialStore {
  return {
    ...store,
    async get(name) {
      const credential = await store.get(name);
      if (credential !== null) redactor.add(name, credential);
      return credential;
    },
    async set(name, credential) {
      redactor.add(name, credential);
      await store.set(name, credential);
    },
  };
}

function cover(text: string, found: readonly Found[]): string {
  if (found.length === 0) return text;
  let shown = '';
  let at = 0;
  for (const { start, end } of found.toSorted((left, right) => left.start - right.start)) {
    if (end <= at) continue;
    if (start > at || at === 0) shown += text.slice(at, Math.max(at, start)) + HIDDEN;
    at = end;
  }
  return shown + text.slice(at);
}

/** A secret that a cut went through shows one of its ends beside it. */
function hideCut(text: string, { forms }: SecretFinder): string {
  const marks = [...text.matchAll(new RegExp(CUT, 'g'))].map(([mark]) => mark);
  return text
    .split(CUT)
    .map((piece, index) => {
      const start = Math.max(0, ...forms.map((form) => tailAt(piece, form.text)));
      const end = Math.max(0, ...forms.map((form) => headAt(piece, form.text)));
      const inner = piece.slice(start, Math.max(start, piece.length - end));
      return `${start > 0 ? HIDDEN : ''}${inner}${end > 0 ? HIDDEN : ''}${marks[index] ?? ''}`;
    })
    .join('');
}

/** Characters at the beginning of a piece that are the end of a form. */
function tailAt(piece: string, form: string): number {
  for (let length = form.length - 1; length >= PIECE; length -= 1) {
    if (piece.startsWith(form.slice(-length))) return length;
  }
  return 0;
}

/** Characters at the end of a piece that are the beginning of a form. */
function headAt(piece: string, form: string): number {
  for (let length = form.length - 1; length >= PIECE; length -= 1) {
    if (piece.endsWith(form.slice(0, length))) return length;
  }
  return 0;
}

function redactError(thrown: unknown, text: (plain: string) => string): unknown {
  if (thrown instanceof BringupError) {
    return new BringupError({
      ...{ code: thrown.code, exit: thrown.exit, message: text(thrown.message), cause: thrown.cause },
      ...(thrown.hint === undefined ? {} : { hint: text(thrown.hint) }),
      evidence: thrown.evidence.map((piece) => ({ source: text(piece.source), text: text(piece.text) })),
    });
  }
  if (!(thrown instanceof Error)) return typeof thrown === 'string' ? text(thrown) : thrown;
  thrown.message = text(thrown.message);
  if (thrown.stack !== undefined) thrown.stack = text(thrown.stack);
  return thrown;
}
