import { BringupError } from '../../src/contract/errors.ts';
import type { Problem } from '../../src/contract/api.ts';
import { migrateSite, parseSite, renderInventory } from '../../src/site/index.ts';
import { readSource } from '../../src/site/source.ts';
import { disagreement } from './agree.ts';
import { mutate, mutateBytes } from './mutate.ts';
import { createRandom } from './random.ts';
import { SAMPLES } from './samples.ts';

const FILE = 'fuzzed.yaml';

/** What became of one mutated site file: `bad` is empty unless something is wrong with Bringup. */
export interface Fuzzed {
  readonly valid: boolean;
  readonly problems: number;
  readonly bad: readonly string[];
}

/** The mutated site file of a seed, always the same. */
export function fuzzedFile(seed: number): string | Uint8Array {
  const random = createRandom(seed);
  const sample = random.pick(SAMPLES);
  return random.below(5) === 0 ? mutateBytes(sample, random) : mutate(sample, random);
}

/** Reads the file of a seed in every way there is and says what is not as it must be. */
export function fuzzSite(seed: number): Fuzzed {
  const file = fuzzedFile(seed);
  const { text } = readSource(file);
  const bad: string[] = [];
  try {
    const { site, problems } = parseSite({
      file: FILE,
      ...(typeof file === 'string' ? { text: file } : { bytes: file }),
    });
    const lines = countLines(file);
    for (const problem of problems) bad.push(...faultsOf(problem, lines));
    const failed = problems.some(({ severity }) => severity === 'error');
    if (failed === (site !== undefined))
      bad.push(`there is ${failed ? 'a' : 'no'} site, against its problems`);
    if (site !== undefined) renderInventory(site);
    const different = disagreement(text);
    if (different !== undefined) bad.push(`the two readers disagree: ${different}`);
    migrate(text);
    return { valid: site !== undefined, problems: problems.length, bad };
  } catch (thrown) {
    return {
      valid: false,
      problems: 0,
      bad: [...bad, thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)],
    };
  }
}

function faultsOf(problem: Problem, lines: number): string[] {
  const faults = [
    problem.file !== FILE && 'file',
    !(Number.isInteger(problem.line) && problem.line >= 1 && problem.line <= lines) && 'line',
    !(Number.isInteger(problem.column) && problem.column >= 1) && 'column',
    !problem.path.startsWith('$') && 'path',
    !/^(SITE|YAML)_[A-Z_]+$/.test(problem.code) && 'code',
    !/^\S[^]*\.$/.test(problem.message) && 'message',
    problem.hint === '' && 'hint',
  ].filter((fault) => fault !== false);
  return faults.map((fault) => `a problem has no good ${fault}: ${JSON.stringify(problem)}`);
}

function migrate(text: string): void {
  try {
    migrateSite(text.replace('bringup/v1', 'bringup/v1beta1'));
  } catch (thrown) {
    if (!(thrown instanceof BringupError)) throw thrown;
  }
}

function countLines(file: string | Uint8Array): number {
  const text = typeof file === 'string' ? file : new TextDecoder().decode(file);
  return text.split('\n').length;
}
