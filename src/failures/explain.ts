import type { FailureCause, FailurePlace, FailureRecord, Fix, Owner } from '../contract/failure.ts';
import type { Catalogue, KnownCause } from './catalogue.ts';
import { chooseRoot, NOTHING } from './choose-root.ts';
import { cleanText, unwrap } from './clean-text.ts';
import { keyOfCode, ownerOfCode } from './codes.ts';
import { pickEvidence } from './evidence.ts';
import { fill } from './fill.ts';
import { findCauses, type Hit } from './find-causes.ts';
import type { FailureInput, RunNames } from './input.ts';
import { endsWell } from './neutral.ts';
import { MESSAGE, readOutput, type Reading } from './read-output.ts';
import { redact } from './redact.ts';
import { fillValues, writeRequest } from './request.ts';

/** A failure with its record and the catalogue's entry for it, if there is one. */
export interface Explained {
  readonly record: FailureRecord;
  readonly cause: KnownCause | undefined;
  /** True where a check of Bringup's own named the cause by its code: what it saw is no consequence of something else. */
  readonly byCode: boolean;
}

interface Diagnosis {
  readonly reading: Reading;
  readonly cause?: KnownCause;
  readonly hits: readonly Hit[];
  readonly values: Readonly<Record<string, string>>;
}

/** Turns what is known about a failure into its record; a cause that is not in the catalogue is said to be unknown. */
export function explainFailure(input: FailureInput, catalogue: Catalogue, names: RunNames): FailureRecord {
  return explainWithCause(input, catalogue, names).record;
}

/** As explainFailure, for those who also need the catalogue's entry. */
export function explainWithCause(input: FailureInput, catalogue: Catalogue, names: RunNames): Explained {
  const { reading, cause, hits, values } = diagnose(input, catalogue);
  const known = new Set(hits.flatMap(({ first, last }) => (last > first ? [first, last] : [first])));
  const filled = fillValues(input, names, values);
  const verdict = judge(input, cause, filled);
  const chain = hits.slice(1).map((hit) => redact(fill(hit.cause.summary, { ...filled, ...hit.values })));
  const why: FailureCause = {
    key: verdict.key,
    summary: redact(verdict.summary),
    chain: [...new Set(chain)],
    evidence: pickEvidence(reading.lines, known),
  };
  const { what, where } = input;
  const draft = {
    reference: reference(input, why),
    what: redact(what),
    where,
    why,
    owner: verdict.owner,
    fixes: verdict.fixes,
  };
  const request = writeRequest(
    draft,
    names,
    cause?.request === undefined ? undefined : fill(cause.request, filled),
  );
  const byCode = input.code !== undefined && cause?.codes.includes(input.code) === true;
  return { record: { ...draft, request }, cause, byCode };
}

/** Reads the failure as it is and with the lines joined that a terminal cut in two; what says more is taken. */
function diagnose(input: FailureInput, catalogue: Catalogue): Diagnosis {
  const reading = read(input, (text) => text);
  const byCode =
    input.code === undefined
      ? undefined
      : catalogue.causes.find((cause) => cause.codes.includes(input.code ?? ''));
  if (byCode !== undefined) {
    // The code names the cause; where its patterns fit as well, they say which lines tell, and names in them.
    const own = findCauses(reading, catalogue).find((hit) => hit.cause === byCode);
    return own === undefined
      ? { reading, cause: byCode, hits: [], values: {} }
      : { reading, cause: byCode, hits: [own], values: redactAll(own.values) };
  }
  const first = match(reading, catalogue);
  const wrapped = [input.message, ...input.evidence.map(({ text }) => text)].some(
    (text) => unwrap(cleanText(text)) !== null,
  );
  if (!wrapped) return first;
  const again = match(
    read(input, (text) => unwrap(cleanText(text)) ?? text),
    catalogue,
  );
  return (again.hits[0]?.weight ?? 0) > (first.hits[0]?.weight ?? 0) ? again : first;
}

function match(reading: Reading, catalogue: Catalogue): Diagnosis {
  const found = reading.recapGood ? [] : findCauses(reading, catalogue);
  const trouble = Math.max(-1, ...found.map(({ last }) => last));
  const { root, consequences } = endsWell(reading, trouble) ? NOTHING : chooseRoot(found);
  if (root === undefined) return { reading, hits: [], values: {} };
  return { reading, cause: root.cause, hits: [root, ...consequences], values: redactAll(root.values) };
}

function read(input: FailureInput, prepare: (text: string) => string): Reading {
  const said = { source: input.code ?? MESSAGE, text: prepare(input.message) };
  const pieces = input.evidence.map(({ source, text }) => ({ source, text: prepare(text) }));
  const reading = readOutput([said, ...pieces]);
  const { play, task, stage } = input.where;
  const about = [play, task, stage].filter((name): name is string => name !== undefined);
  return { ...reading, context: [...about, ...reading.context] };
}

interface Verdict {
  readonly key: string | null;
  readonly owner: Owner | null;
  readonly summary: string;
  readonly fixes: readonly Fix[];
}

function judge(
  input: FailureInput,
  cause: KnownCause | undefined,
  values: Readonly<Record<string, string | undefined>>,
): Verdict {
  // Bringup's own remedy names what it saw, so it comes before the general ones.
  const hinted = input.hint === undefined ? [] : [{ title: input.hint }];
  if (cause !== undefined) {
    const fixes = cause.fixes.map(({ title, command, action }) => ({
      title: fill(title, values),
      ...(command === undefined ? {} : { command: fill(command, typeable(values)) }),
      ...(action === undefined ? {} : { action }),
    }));
    return {
      key: cause.key,
      owner: cause.owner,
      summary: fill(cause.summary, values),
      fixes: [...hinted, ...fixes],
    };
  }
  if (input.unexpected === true) {
    const summary = 'Bringup met a state it does not know. This is a fault in Bringup, not in the site.';
    return { key: 'bringup.unexpected', owner: 'software', summary, fixes: hinted };
  }
  if (input.code !== undefined) {
    const { code, message } = input;
    return { key: keyOfCode(code), owner: ownerOfCode(code), summary: message, fixes: hinted };
  }
  const summary = 'The cause is not known to Bringup. The evidence below is what the tools said.';
  return { key: null, owner: null, summary, fixes: hinted };
}

/** Values that may stand in a command someone will paste: nothing that a shell would act on. */
function typeable(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const safe = Object.entries(values).filter(
    ([, value]) => value !== undefined && /^[\w./@[][\w.:/@+,=[\]-]*$/.test(value),
  );
  return Object.fromEntries(safe) as Record<string, string>;
}

function redactAll(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, redact(value)]));
}

/**
 * Short name of a failure to say on the phone: the same cause at the same task keeps it, whatever hosts it strikes and
 * however often it is tried. FNV-1a, folded to 16 bits.
 */
function reference({ where, what }: FailureInput, why: FailureCause): string {
  let hash = 0x811c9dc5;
  for (const character of [where.stage, where.task ?? what, why.key ?? said(where, why)].join('\0')) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  const folded = (hash ^ (hash >>> 16)) & 0xffff;
  return `F-${folded.toString(16).padStart(4, '0')}`;
}

/** What the evidence says, without what differs from host to host. */
export function said({ host = '' }: Pick<FailurePlace, 'host'>, { evidence }: FailureCause): string {
  const hosts = host.split(', ').filter((name) => name !== '');
  const text = evidence.map((piece) => piece.text).join('\n');
  return hosts.reduce((rest, name) => rest.replaceAll(name, '*'), text).replaceAll(/\d+/g, '#');
}
