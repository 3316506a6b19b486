import { explainFailure } from '../../src/failures/index.ts';
import { readOutput } from '../../src/failures/read-output.ts';
import { heldOut, shippedCatalogue } from '../unit/failures-texts.ts';
import type { BenchRow } from './row.ts';

const FAILURES = 10_000;
const NAMES = { run: 'r1', site: 'bench', at: '', version: '' };

/** Ten thousand failures explained, against trying every pattern of the catalogue on each text: milliseconds a failure. */
export async function benchExplain(): Promise<BenchRow[]> {
  const catalogue = shippedCatalogue();
  const samples = heldOut().map(({ text }) => text);
  const texts = Array.from(
    { length: FAILURES },
    (_, at) => `host-${at}\n${samples[at % samples.length] ?? ''}`,
  );
  const patterns = catalogue.causes.flatMap(({ rules }) =>
    rules.flatMap(({ any, all, none }) => [...any, ...all, ...none]),
  );

  const ours = measure(texts, (message) => {
    const input = { what: 'x', where: { stage: 's', runs_on: 'deployment-vm' }, message, evidence: [] };
    explainFailure(input, catalogue, NAMES);
  });
  const rival = measure(texts.slice(0, FAILURES / 20), (message) => {
    const text = readOutput([{ source: 'message', text: message }])
      .lines.map((line) => line.text)
      .join('\n');
    for (const pattern of patterns) pattern.find(text, 0);
  });
  const note = `${FAILURES} failures, ${catalogue.causes.length} causes, ${patterns.length} patterns`;
  return [
    { name: 'explain a failure against all patterns', ours, rival, unit: 'ms', ratio: rival / ours, note },
  ];
}

function measure(texts: readonly string[], explain: (text: string) => void): number {
  for (const text of texts.slice(0, 500)) explain(text);
  const from = performance.now();
  for (const text of texts) explain(text);
  return (performance.now() - from) / texts.length;
}
