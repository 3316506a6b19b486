import type { Evidence } from '../contract/errors.ts';
import type { FailureRecord } from '../contract/failure.ts';
import type { ProbeResult } from '../contract/vantage.ts';
import { matrixLines } from './verdict.ts';

/**
 * The record with what a probe found at a time (ISO 8601): the matrix, its telling rows as evidence, the verdict in the
 * chain. A verdict that names an owner decides whose the failure is and what is asked of them; one that does not know
 * leaves both as they are and only adds what was tried.
 */
export function attachMatrix(record: FailureRecord, result: ProbeResult, at: string): FailureRecord {
  const { site: _site, ...matrix } = result;
  const { owner, fixes, request, summary } = result.verdict;
  const told: FailureRecord = {
    ...record,
    why: {
      ...record.why,
      chain: [...record.why.chain, summary],
      evidence: [...record.why.evidence, ...tellingRows(result)],
    },
    matrix: { ...matrix, at },
  };
  if (owner === null) {
    const tried = [summary, '', 'What was tried:', ...matrixLines(result.points, result.matrix)];
    return { ...told, request: `${record.request}\n${tried.join('\n')}\n` };
  }
  const known = new Set(record.fixes.map(({ title }) => title));
  const added = fixes.filter(({ title }) => !known.has(title));
  return {
    ...told,
    owner,
    fixes: [...added, ...record.fixes],
    request: `${request}\n${withoutOpening(record.request)}`,
  };
}

/** A request without its addressee and what it asks for: both were a guess from the words alone. */
function withoutOpening(request: string): string {
  const from = /^What: /m.exec(request)?.index;
  if (from === undefined) return request;
  const [head = ''] = request.split('\n', 1);
  return `${head}\n\n${request.slice(from)}`;
}

/** Who reaches the service itself, all else that was not well, and what a BMC says; the rest is in the matrix. */
function tellingRows({ points, matrix, label }: ProbeResult): Evidence[] {
  const bmcs = new Set(points.filter(({ kind }) => kind === 'bmc').map(({ id }) => id));
  const rows = matrix.filter(
    ({ from, check, status }) =>
      status !== 'not-asked' && (check === 'service' || status !== 'ok' || bmcs.has(from)),
  );
  const silent = points.filter(({ id }) =>
    matrix.some(({ from, status }) => from === id && status === 'not-asked'),
  );
  const lines = [
    ...matrixLines(points, rows).map((line) => line.slice(2)),
    ...(silent.length === 0 ? [] : [`not asked: ${silent.map((point) => point.label).join(', ')}`]),
  ];
  return lines.length === 0 ? [] : [{ source: `who reaches ${label}`, text: lines.join('\n') }];
}
