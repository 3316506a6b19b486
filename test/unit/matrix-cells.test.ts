import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { createEventMapper } from '../../src/ansible/event-mapper.ts';
import type { RunnerEvent, TaskResult } from '../../src/ansible/tail-line.ts';
import type { RunEvent } from '../../src/contract/events.ts';
import type { MatrixCell } from '../../src/contract/matrix.ts';
import { decodeLine, encodeEvent } from '../../src/runs/index.ts';

const PLAYBOOKS = new URL('../../playbooks', import.meta.url).pathname;
type Row = Readonly<Record<string, unknown>>;

function python<T>(folder: string, program: string, input: unknown): T {
  const options = { input: JSON.stringify(input), cwd: `${PLAYBOOKS}/${folder}`, encoding: 'utf8' } as const;
  return JSON.parse(execFileSync('python3', ['-B', '-c', program], options)) as T;
}

/** The line that tail.py prints for a host's result, and the run event that comes of it. */
function told(res: TaskResult): {
  readonly line: string;
  readonly event: Extract<RunEvent, { kind: 'host.result' }>;
} {
  const input = { counter: 7, event: 'runner_on_ok', event_data: { task_uuid: 't', host: 'node-1', res } };
  const { event } = python<{ event: RunnerEvent }>(
    'runner',
    'import json, sys, tail; print(tail.compact(json.load(sys.stdin)))',
    input,
  );
  const [result] = createEventMapper([]).map(event);
  if (result?.kind !== 'host.result') throw new Error('no result');
  const head = { seq: 1, at: '2026-11-21T02:04:05.000Z', run: 'r', stage: 'network-tests' };
  return { line: JSON.stringify({ event }), event: { ...head, ...result } };
}

const cell = (more: Partial<MatrixCell> = {}): MatrixCell => ({
  ...{ from: 'node-1', to: 'node-2', probe: 'latency', at: 'mgmt', status: 'ok', seen: '0.21 ms' },
  ...more,
});

describe('the cells of a matrix on their way from a module into the journal', () => {
  it('arrive with their named fields, and come back from the journal', () => {
    const cells = [
      cell(),
      cell({ probe: 'mtu', status: 'failed', seen: '1400 bytes pass', wanted: '1500 bytes' }),
    ];
    const { event } = told({ changed: false, bringup_cells: cells.map((one) => ({ ...one, token: 'x' })) });
    expect(event.cells).toEqual([cells[1], cells[0]]);
    expect(decodeLine(encodeEvent(event).trim())).toEqual(event);
  });

  it('are told whole although other lists are cut, and up to a bound: what is well is left out first', () => {
    const hundreds = Array.from({ length: 400 }, (_, at) => cell({ to: `node-${at}` }));
    expect(told({ changed: false, bringup_cells: hundreds }).event.cells).toHaveLength(400);
    const bad = cell({ status: 'failed', seen: 'no answer' });
    const tooMany = [...Array.from({ length: 4000 }, () => cell()), bad];
    const long = { changed: true, stdout: 'x'.repeat(90_000), lists: tooMany };
    const { event, line } = told({ ...long, bringup_cells: tooMany });
    expect(line.length).toBeLessThanOrEqual(65_536);
    expect(event.cells?.[0]).toEqual(bad);
    expect((event.cells?.length ?? 0) + (event.cells_left_out ?? 0)).toBe(tooMany.length);
  });

  it('hold no secret: nothing of a secret task, no plain password, no long text', () => {
    expect(told({ censored: 'hidden', bringup_cells: [cell()] }).event.cells).toBeUndefined();
    const seen = `password=hunter2 ${'x'.repeat(900)}`;
    const [shown] = told({ changed: false, bringup_cells: [cell({ seen })] }).event.cells ?? [];
    expect(shown?.seen).not.toContain('hunter2');
    expect(shown?.seen.length).toBeLessThanOrEqual(300);
  });

  it('are passed over where they are none', () => {
    const none = ['x', null, { from: 'a', probe: 'b', status: 'green', seen: '' }];
    for (const cells of ['x', none])
      expect(told({ changed: false, bringup_cells: cells }).event.cells).toBeUndefined();
    const broken = { ...told({ changed: false, bringup_cells: [cell()] }).event, cells: 'x' };
    expect(decodeLine(JSON.stringify(broken))).toContain('/cells');
  });
});

describe('the rows of the network tests', () => {
  const cellsOf = (rows: readonly Row[], present: readonly string[]): Record<string, MatrixCell[]> =>
    python(
      'module_utils',
      'import json, sys, bringup_net_cells as net; print(json.dumps(net.cells_of(**json.load(sys.stdin))))',
      { rows, present },
    );
  const row = (test: string, seen: string, more: Row = {}): Row => ({
    ...{ from: 'node-1', to: 'node-2', test, network: 'mgmt', seen, wanted: 'w', status: 'ok' },
    ...more,
  });

  it('become figures where all is well, and keep what was seen and wanted where it is not', () => {
    const rows = [
      row('reach', 'answers'),
      row('loss', '1 of 20 lost', { percent: 5, status: 'failed' }),
      row('latency', '0.21 ms'),
      row('mtu', '1500 bytes pass', { largest: 1500 }),
      row('bandwidth', '941 Mbit/s'),
      row('port', 'open', { port: 'tcp/6443' }),
      row('port', 'silent', { port: 'udp/8472', status: 'failed' }),
    ];
    const { 'node-1': told = [] } = cellsOf(rows, ['node-1']);
    expect(told.map(({ probe, to, status, seen, wanted }) => [probe, to, status, seen, wanted])).toEqual([
      ['reach', 'node-2', 'ok', 'answers', undefined],
      ['loss', 'node-2', 'failed', '5 %', 'w'],
      ['latency', 'node-2', 'ok', '0.21 ms', undefined],
      ['mtu', 'node-2', 'ok', '1500 bytes', undefined],
      ['bandwidth', 'node-2', 'ok', '941 Mbit/s', undefined],
      ['ports', 'node-2', 'failed', 'udp/8472 silent, 1 of 2 open', 'all open'],
    ]);
  });

  it('are told by the machine that tested, or by the first that is there; its own tests lead to nobody', () => {
    const rows = [
      row('interface', 'as wanted', { to: 'node-1' }),
      row('mtu', '1400', { to: 'node-1', reason: 'interface', status: 'failed', wanted: '1500' }),
      row('ntp', 'synchronised: 10.0.0.1 stratum 3, offset +0.002 s', { to: '10.0.0.1', network: '' }),
      row('asked', 'was not asked', { from: 'node-9', to: '', network: '', status: 'not-tested' }),
    ];
    const found = cellsOf(rows, ['deploy', 'node-1']);
    expect(found['deploy']).toEqual([
      { from: 'node-9', probe: 'asked', status: 'not-tried', seen: 'was not asked', wanted: 'w' },
    ]);
    expect(found['node-1']).toEqual([
      { from: 'node-1', probe: 'interface', at: 'mgmt', status: 'ok', seen: 'as wanted' },
      {
        ...{ from: 'node-1', probe: 'interface', at: 'mgmt', status: 'failed' },
        ...{ seen: 'takes packets of 1400 bytes', wanted: '1500 bytes' },
      },
      {
        ...{ from: 'node-1', probe: 'ntp', at: '10.0.0.1', status: 'ok' },
        seen: '10.0.0.1 stratum 3, offset +0.002 s',
      },
    ]);
  });
});
