import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/contract/events.ts';
import { openExample, type Example } from '../../renderer/example/open-example.ts';
import { EMPTY_RUN, reduceRun } from '../../src/runs/state.ts';

const eventsOf = (name: string) =>
  readFileSync(new URL(`../../renderer/example/${name}-run.jsonl`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent);

describe('the example runs', () => {
  it('show a failure with whose it is and what to ask for', () => {
    const state = reduceRun(EMPTY_RUN, eventsOf('failed'));
    expect(state.status).toBe('failed');
    expect(state.choices?.rehearsal).toEqual({ faults: ['dhcp-other-server'], pace: 1 });
    const [record] = [...state.stages.values()].flatMap(({ failures }) => failures);
    expect(record).toMatchObject({
      owner: 'customer-network',
      request: expect.stringContaining('DHCP') as string,
    });
  });

  it('show a run that ended well', () => {
    const state = reduceRun(EMPTY_RUN, eventsOf('done'));
    expect(state.status).toBe('changed');
    expect(state.choices?.rehearsal).toEqual({ faults: [], pace: 1 });
    expect([...state.stages.values()].every(({ failures }) => failures.length === 0)).toBe(true);
  });

  it.each([
    ['example-failed', 'failed'],
    ['example-done', 'done'],
  ] as const)(
    'are numbered without a gap and name nothing but themselves: %s',
    async (run: Example, name) => {
      const events = eventsOf(name);
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
      expect(new Set(events.map((event) => event.run))).toEqual(new Set([run]));
      expect((await openExample(run)).run).toBe(run);
    },
  );

  it('let nothing be done', async () => {
    const { client } = await openExample('example-failed');
    await expect(client.call('runs.resume', { run: 'example-failed' })).rejects.toMatchObject({
      code: 'REPLAY_READ_ONLY',
    });
  });
});
