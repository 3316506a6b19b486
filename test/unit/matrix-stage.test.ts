import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { matricesText } from '../../main/cli/matrix-text.ts';
import { failuresOf, nextSpot, viewOf, worstSpot } from '../../renderer/state/matrix-view.ts';
import { parseQuery } from '../../renderer/state/query.ts';
import { matrixText, wordOf, wordsIn } from '../../renderer/text/matrix.ts';
import { runDocument } from '../../src/app/show.ts';
import type { RunEvent } from '../../src/contract/events.ts';
import type { StageMatrix } from '../../src/contract/matrix.ts';
import { composeReport } from '../../src/report/index.ts';
import { EMPTY_RUN, reduceRun, stageMatrix } from '../../src/runs/index.ts';
import { matrixRun } from '../fixtures/journals/matrix.ts';
import { okRun } from '../fixtures/journals/samples.ts';
import { STAGES } from '../fixtures/journals/stages.ts';
import { JournalWriter } from '../fixtures/journals/writer.ts';

const RUN = '20261121-020405-plant-7-aaaa';
const documentOf = (events: readonly RunEvent[]) => {
  const state = reduceRun(EMPTY_RUN, events);
  return runDocument({ state, stored: { run: RUN, site: '', path: '', stamp: '' } });
};
function matrixOf(stage: string, servers = 4): StageMatrix {
  const found = documentOf(matrixRun(RUN, servers)).stages.find(({ id }) => id === stage)?.matrix;
  if (found === undefined) throw new Error('no matrix');
  return found;
}
const titles = ({ columns }: StageMatrix) => columns.map(({ title }) => title);
const spotAt = (matrix: StageMatrix, machine: string, title: string) =>
  matrix.rows.find((row) => row.machine === machine)?.spots[titles(matrix).indexOf(title)];

describe('the matrix of the network tests', () => {
  const matrix = matrixOf('network-tests');

  it('has each machine as a row, its own layers and the machines it tries as columns', () => {
    expect(titles(matrix)).toEqual([
      ...['Link', 'Gateway', 'DNS', 'BMCs', 'Time'],
      ...['deploy', 'kvm-host', 'node-1', 'node-2', 'node-3', 'node-4'],
    ]);
    // The laptop first, whence Bringup comes.
    expect(matrix.rows.map(({ machine }) => machine)).toEqual([
      ...['laptop', 'deploy', 'kvm-host', 'node-1', 'node-2', 'node-3', 'node-4'],
    ]);
    expect(matrix.probes).toEqual(['reach', 'latency', 'loss', 'mtu', 'ports']);
  });

  it('shows the worst of a way first, nothing for a machine and itself, and why one was not asked', () => {
    expect(spotAt(matrix, 'deploy', 'node-2')).toMatchObject({
      status: 'failed',
      cells: [{ probe: 'mtu' }, {}, {}, {}],
    });
    expect(spotAt(matrix, 'deploy', 'node-1')?.status).toBe('ok');
    expect(spotAt(matrix, 'deploy', 'deploy')).toBeNull();
    expect(spotAt(matrix, 'node-4', 'DNS')).toMatchObject({ status: 'failed' });
    expect(matrix.rows.find(({ machine }) => machine === 'node-3')?.untried).toBe(
      'has no operating system yet',
    );
    expect(matrix.counts.failed).toBe(9);
  });

  it('is that of the newest attempt', () => {
    const first = matrixRun(RUN, 4).filter((event) => event.kind !== 'run.finished');
    const again = { kind: 'stage.started', stage: 'network-tests', attempt: 2 } as const;
    const { seq, at } = first.at(-1)!;
    const state = reduceRun(EMPTY_RUN, [...first, { seq: seq + 1, at, run: RUN, ...again }]);
    expect(stageMatrix(state.stages.get('network-tests')!)).toBeUndefined();
    expect(stageMatrix(state.stages.get('health')!)).toBeDefined();
  });
});

describe('the matrix of the health', () => {
  it('has a layer a column; what was not tried hides nothing that was', () => {
    const matrix = matrixOf('health');
    expect(titles(matrix)).toEqual([
      ...['Hardware', 'Firmware', 'BIOS', 'System', 'Services', 'Node', 'Certificates', 'Disk', 'Time'],
    ]);
    expect(spotAt(matrix, 'node-1', 'Hardware')).toMatchObject({ status: 'ok' });
    expect(spotAt(matrix, 'node-1', 'Hardware')?.cells.at(-1)).toMatchObject({ status: 'not-tried' });
    expect(spotAt(matrix, 'node-3', 'Hardware')).toMatchObject({ status: 'not-tried' });
    expect(spotAt(matrix, 'node-2', 'Time')).toMatchObject({ status: 'warn' });
    expect(spotAt(matrix, 'node-4', 'Disk')).toMatchObject({
      status: 'failed',
      cells: [{ probe: 'space' }, {}],
    });
  });

  it('is made of the tasks where a journal has no cells, without what was skipped', () => {
    const stages = [{ ...STAGES[0]!, id: 'health', playbook: 'health.yml', hosts: ['node-1'] }];
    const journal = new JournalWriter(RUN, '2026-11-21T02:04:05Z').start('plant-7', stages).begin('health');
    const file = 'roles/health/tasks/verdict_machine.yml';
    journal.task('Disk space', `${file}:24`, 1, [
      ['deploy', 'ok', 'warning: /var is 85 % full'],
      ['node-1', 'ok', '3 file systems have room'],
      ['kvm-host', 'failed', '/ is 99 % full'],
    ]);
    journal.task('Node of the cluster', `${file}:80`, 1, [['deploy', 'skipped']]);
    journal.task('Disk space', 'roles/other/tasks/main.yml:1', 1, [['node-9', 'ok']]);
    const matrix = documentOf(journal.events).stages[0]?.matrix;
    expect(matrix?.rows.map(({ machine, spots }) => [machine, spots[0]?.status])).toEqual([
      ['deploy', 'warn'],
      ['kvm-host', 'failed'],
      ['node-1', 'ok'],
    ]);
    expect(titles(matrix!)).toEqual(['Disk']);
    expect([matrix?.of_tasks, matrixOf('health').of_tasks]).toEqual([true, undefined]);
  });
});

it('is no part of a run whose stages tell of none', () => {
  expect(documentOf(okRun).stages.filter(({ matrix }) => matrix !== undefined)).toEqual([]);
  expect(matricesText(documentOf(okRun), 80, true)).toBe('');
});

describe('the matrix in the window', () => {
  const matrix = matrixOf('network-tests');
  const view = viewOf(matrix, undefined);

  it('shows one probe between machines alone, and the machines that are searched for', () => {
    const sizes = viewOf(matrix, 'mtu', parseQuery('NODE-2'));
    expect(sizes.columns.map(({ kind }) => kind)).not.toContain('layer');
    expect(sizes.rows.map(({ machine }) => machine)).toEqual(['node-2']);
    expect(sizes.rows[0]?.spots[0]?.cells).toMatchObject([{ probe: 'mtu', seen: '1400 bytes pass' }]);
    const ports = viewOf(matrix, 'ports');
    expect(ports.columns.map(({ title }) => title)).toEqual([
      ...['deploy', 'kvm-host', 'node-1', 'node-2', 'node-4'],
    ]);
    // Of the machines that carry the site the laptop alone tries ports.
    expect(ports.rows.map(({ machine }) => machine)).toEqual([
      ...['laptop', 'node-1', 'node-2', 'node-3', 'node-4'],
    ]);
    const status = viewOf(matrixOf('health'), undefined, parseQuery('status:warn'));
    expect(status.rows.map(({ machine }) => machine)).toEqual(['node-2']);
  });

  it('is walked through from the worst cell, past what is empty', () => {
    const [row, column] = worstSpot(view)!;
    expect([view.rows[row]?.machine, view.columns[column]?.title]).toEqual(['deploy', 'node-2']);
    const self = view.rows.findIndex(({ machine }) => machine === 'node-2');
    expect(nextSpot(view, [self - 1, column], [1, 0])).toEqual([self + 2, column]);
    expect(nextSpot(view, [0, 0], [-1, 0])).toBeUndefined();
  });

  it('says of what nobody needs from the laptop so, once, and never that it was not tried', () => {
    const spot = spotAt(matrix, 'laptop', 'node-3')!;
    for (const probe of [undefined, 'reach']) {
      const words = wordsIn(spot, probe);
      expect(matrixText.cell(words, spot.status, 'laptop to node-3')).toBe('not needed: laptop to node-3');
    }
    expect(spot.cells.map((cell) => `${wordOf(cell)} ${cell.seen}`)).toEqual([
      ' not needed from here: no answer on TCP port 22',
    ]);
    // Beside what was reached it hides nothing.
    expect(wordsIn(spotAt(matrix, 'laptop', 'node-2')!, undefined)).toBe('1.34 ms');
  });

  it('finds the failure of a cell: the one that names both machines, by whole names', () => {
    const { failures } = documentOf(matrixRun(RUN, 4)).stages[0]!;
    const to = (title: string) => ({ id: `to:${title}`, title, kind: 'machine' as const });
    expect(failuresOf(failures, 'deploy', to('node-2'))).toHaveLength(1);
    expect(failuresOf(failures, 'deploy', to('node-22'))).toEqual([]);
    const dns = { id: 'layer:dns', title: 'DNS', kind: 'layer' as const };
    expect(failuresOf(failures, 'node-4', dns)).toEqual([]);
  });
});

describe('the matrix in a terminal', () => {
  const shown = (servers: number, whole: boolean) =>
    stripVTControlCharacters(matricesText(documentOf(matrixRun(RUN, servers)), 80, whole));

  it('fits 80 columns, with machines across by the number of their row', () => {
    for (const servers of [4, 40])
      for (const line of shown(servers, true).split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
    expect(shown(4, false)).toContain(
      'from \\ to     2  3  4  5  6  7\n1 laptop      ✔  ✔  ✔  ✔  –  ✔\n2 deploy      ·  ✔  ✔  ✖  ·  ✔\n',
    );
  });

  it('tells one bad way in two lines, not in two for each machine', () => {
    const notes = shown(32, false)
      .replaceAll(/\n {2}/g, ' ')
      .split('\n');
    expect(notes.filter((line) => line.includes('Packet size failed'))).toEqual([
      '✖ node-2 to deploy, kvm-host, node-1, node-4 and 28 more (mgmt)  Packet size failed: 1400 bytes pass; wanted 1500 bytes',
      '✖ deploy, kvm-host, node-1, node-4 and 28 more to node-2 (mgmt)  Packet size failed: 1400 bytes pass; wanted 1500 bytes',
    ]);
    expect(shown(32, false)).toContain('A table of 35 machines: bringup show --details');
  });
});

it('is a table of the report, with figures; of many machines only what is not ok is named', () => {
  const tables = (servers: number) => {
    const run = documentOf(matrixRun(RUN, servers));
    const { sections } = composeReport({ run, runVersion: '1', version: '1', made: '2026-11-21T03:00:00Z' });
    return sections.filter(({ title }) => title.endsWith('machine by machine'));
  };
  const [few, health] = tables(4);
  expect(few?.columns.slice(-3)).toEqual(['to node-2', 'to node-3', 'to node-4']);
  expect(few?.rows[0]?.slice(-2)).toEqual(['not needed', '1.34 ms']);
  expect(few?.rows[1]?.slice(-3)).toEqual(['Packet size failed: 1400 bytes pass', '', '0.23 ms']);
  expect(few?.rows[5]?.slice(0, 2)).toEqual(['node-3', 'not tried: has no operating system yet']);
  expect(health?.rows[3]).toContain('Disk space failed: /var is 97 % full');
  const [many] = tables(20);
  expect(many?.columns.at(-1)).toBe('to the others');
  expect(many?.rows[0]?.at(-1)).toBe('21 ok; 1 not needed');
  expect(many?.rows[1]?.at(-1)).toBe('19 ok; node-2: Packet size failed: 1400 bytes pass');
  for (const row of many?.rows ?? []) expect(row).toHaveLength(many?.columns.length ?? 0);
});
