import type { FailureCause, FailureRecord, Fix, Owner } from '../contract/failure.ts';
import type { Catalogue, KnownCause } from './catalogue.ts';
import { keyOfCode, ownerOfCode } from './codes.ts';
import { pickEvidence } from './evidence.ts';
import type { FailureInput, RunNames } from './input.ts';
import { writeRequest } from './request.ts';

interface Verdict {
  readonly key: string | null;
  readonly owner: Owner | null;
  readonly summary: string;
  readonly fixes: readonly Fix[];
  readonly cause?: KnownCause;
}

/** Turns what is known about a failure into its record; a cause that is not in the catalogue is said to be unknown. */
export function explainFailure(input: FailureInput, catalogue: Catalogue, names: RunNames): FailureRecord {
  const verdict = judge(input, catalogue);
  const said = { source: input.code ?? 'message', text: input.message };
  const evidence = pickEvidence([said, ...input.evidence], verdict.cause?.patterns ?? []);
  const why: FailureCause = { key: verdict.key, summary: verdict.summary, chain: [], evidence };
  const draft = {
    reference: reference(input),
    what: input.what,
    where: input.where,
    why,
    owner: verdict.owner,
    fixes: verdict.fixes,
  };
  return { ...draft, request: writeRequest(draft, names, verdict.cause?.request) };
}

function judge(input: FailureInput, catalogue: Catalogue): Verdict {
  const cause = findCause(input, catalogue.causes);
  if (cause !== undefined) {
    const { key, owner, summary } = cause;
    // Bringup's own remedy names what it saw, so it comes before the general ones.
    const hinted = input.hint === undefined ? [] : [{ title: input.hint }];
    return { key, owner, summary, fixes: [...hinted, ...cause.fixes], cause };
  }
  const fixes = input.hint === undefined ? [] : [{ title: input.hint }];
  if (input.unexpected === true) {
    const summary = 'Bringup met a state it does not know. This is a fault in Bringup, not in the site.';
    return { key: 'bringup.unexpected', owner: 'software', summary, fixes };
  }
  if (input.code !== undefined) {
    const { code, message } = input;
    return { key: keyOfCode(code), owner: ownerOfCode(code), summary: message, fixes };
  }
  const summary = 'The cause is not known to Bringup. The evidence below is what the tools said.';
  return { key: null, owner: null, summary, fixes };
}

function findCause(input: FailureInput, causes: readonly KnownCause[]): KnownCause | undefined {
  const { code } = input;
  const byCode = code === undefined ? undefined : causes.find((cause) => cause.codes.includes(code));
  if (byCode !== undefined) return byCode;
  const texts = [code ?? '', input.message, ...input.evidence.map((piece) => piece.text)];
  return causes.find((cause) => cause.patterns.some((pattern) => texts.some((text) => pattern.test(text))));
}

/** Short name of a failure to say on the phone: the same fault at the same place keeps it. FNV-1a, folded to 16 bits. */
function reference(input: FailureInput): string {
  const { stage, task, host } = input.where;
  let hash = 0x811c9dc5;
  for (const character of [stage, task ?? '', host ?? '', input.what].join('\0')) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  const folded = (hash ^ (hash >>> 16)) & 0xffff;
  return `F-${folded.toString(16).padStart(4, '0')}`;
}
