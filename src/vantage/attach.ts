import type { Evidence } from '../contract/errors.ts';
import type { FailureRecord } from '../contract/failure.ts';
import type { ProbeResult } from '../contract/vantage.ts';
import { matrixLines } from './verdict.ts';

/** What a probe adds to a failure record. */
export interface ProbeFindings {
  readonly evidence: readonly Evidence[];
  readonly chain: readonly string[];
  readonly result: ProbeResult;
}

/** Turns a result into lines for a failure record: one piece of evidence a vantage point, the verdict in the chain. */
export function findingsOf(result: ProbeResult): ProbeFindings {
  const evidence = result.points.flatMap((point) => {
    const rows = result.matrix.filter(({ from }) => from === point.id);
    if (rows.length === 0) return [];
    const source = `probe from ${point.kind === 'target' ? '' : 'the '}${point.label}`;
    return [
      {
        source,
        text: matrixLines([point], rows)
          .map((line) => line.slice(2))
          .join('\n'),
      },
    ];
  });
  return { evidence, chain: [result.verdict.summary], result };
}

/**
 * The record with what the probe found. A verdict that names an owner decides whose it is, and its request comes before
 * the record's own text; one that does not know leaves both as they are.
 */
export function attachFindings(
  record: FailureRecord,
  { evidence, chain, result }: ProbeFindings,
): FailureRecord {
  const { owner, fixes, request, key } = result.verdict;
  const why = {
    ...record.why,
    chain: [...record.why.chain, ...chain],
    evidence: [...record.why.evidence, ...evidence],
  };
  if (owner === null) return { ...record, why };
  const known = new Set(record.fixes.map(({ title }) => title));
  const added = fixes.filter(({ title }) => !known.has(title));
  return {
    ...record,
    why,
    owner,
    fixes: key === 'works' ? record.fixes : [...added, ...record.fixes],
    request: request === '' ? record.request : `${request}\n${record.request}`,
  };
}
