import type { PlannedStage } from '../contract/events.ts';

/** The longest chain of stages that wait for each other, by expected seconds; stages without an expectation count 0. */
export function longestChain(stages: readonly PlannedStage[]): {
  readonly seconds: number;
  readonly ids: readonly string[];
} {
  const chains = new Map<string, { seconds: number; ids: readonly string[] }>();
  let longest: { seconds: number; ids: readonly string[] } = { seconds: 0, ids: [] };
  // Stages are listed after those they wait for, which the stack's parser makes sure of.
  for (const { id, after, expect_seconds: own = 0 } of stages) {
    const before = after
      .map((name) => chains.get(name) ?? { seconds: 0, ids: [] })
      .reduce((a, b) => (b.seconds > a.seconds ? b : a), { seconds: 0, ids: [] });
    const chain = { seconds: before.seconds + own, ids: [...before.ids, id] };
    chains.set(id, chain);
    if (chain.seconds >= longest.seconds) longest = chain;
  }
  return longest;
}
