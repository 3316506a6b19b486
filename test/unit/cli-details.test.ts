import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { detailText } from '../../main/cli/detail-text.ts';
import { resultDetails } from '../../main/cli/result-details.ts';
import { runDocument } from '../../src/app/show.ts';
import type { BringupClient, EventsQuery } from '../../src/contract/api.ts';
import type { RunEvent } from '../../src/contract/events.ts';
import { EMPTY_RUN, reduceRun } from '../../src/runs/index.ts';
import { failedRun } from '../fixtures/journals/samples.ts';

const lines = (text: string): string[] => stripVTControlCharacters(text).split('\n');

describe('what a host said to a task', () => {
  it('is set in, and stays within the terminal', () => {
    const detail = {
      command: `dhclient -v ${'x'.repeat(120)}`,
      rc: 2,
      message: 'no lease',
      stderr: 'a\n\tb',
    };
    expect(lines(detailText(detail, 80, 4))).toEqual([
      `    command  dhclient -v ${'x'.repeat(55)}`,
      `             ${'x'.repeat(65)}`,
      '             exit code 2',
      '    message  no lease',
      '    stderr   a',
      '                 b',
    ]);
  });

  it('ends with the end of a long output, and says how much there is', () => {
    const stdout = Array.from({ length: 500 }, (_, index) => `line ${index + 1}`).join('\n');
    const [first, ...rest] = lines(detailText({ stdout }, 80, 4));
    expect(first).toBe('    stdout   the last 20 of 500 lines');
    expect([rest.length, rest[0], rest.at(-1)]).toEqual([
      20,
      '             line 481',
      '             line 500',
    ]);
  });

  it('cannot steer the terminal', () => {
    const text = detailText({ message: 'a\u001b[2Jb\u0007' }, 80, 0);
    expect(stripVTControlCharacters(text)).toBe('message  a[2Jb');
  });
});

describe('below a run', () => {
  const events: readonly RunEvent[] = failedRun.map((event) =>
    event.kind === 'host.result' ? { ...event, detail: { stdout: `said in ${event.seq}` } } : event,
  );
  const state = reduceRun(EMPTY_RUN, events);
  const document = runDocument({ state, stored: { run: state.run, site: state.site, path: '', stamp: '' } });
  const client = {
    call: (_command: string, { from = 1, limit = Infinity }: EventsQuery) =>
      Promise.resolve({ events: events.slice(from - 1, from - 1 + limit), more: false }),
  } as unknown as BringupClient;
  const said = async (all: boolean) => lines(await resultDetails(client, document, all, 80));

  it('stands what hosts said to failed tasks', async () => {
    const bad = events.filter(
      (event) => event.kind === 'host.result' && ['failed', 'unreachable'].includes(event.status),
    );
    expect(bad.length).toBeGreaterThan(0);
    const shown = (await said(false)).filter((line) => line.includes('stdout'));
    expect(shown).toEqual(bad.map(({ seq }) => `    stdout   said in ${seq}`));
  });

  it('stands what they said to every task where that is asked for', async () => {
    const results = events.filter(({ kind }) => kind === 'host.result');
    expect((await said(true)).filter((line) => line.includes('stdout'))).toHaveLength(results.length);
  });

  it('stands nothing where nothing was kept', async () => {
    const bare = reduceRun(EMPTY_RUN, failedRun);
    const run = runDocument({ state: bare, stored: { run: bare.run, site: bare.site, path: '', stamp: '' } });
    expect(await resultDetails(client, run, true, 80)).toBe('');
  });
});
