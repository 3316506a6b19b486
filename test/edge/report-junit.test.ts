import { execa } from 'execa';
import { expect, it } from 'vitest';
import type { RunDocument } from '../../src/contract/api.ts';
import type { MatrixCell, MatrixStatus, StageMatrix } from '../../src/contract/matrix.ts';
import { renderJUnit } from '../../src/report/index.ts';

const START = '2026-11-21T02:00:00.000Z';
const HOSTILE = '\u0000<]]>&"\u001b[31m\ud800\uffff\u00e9';

/** What a strict XML parser makes of a text: of each case its outcome and the words of it. */
const READ = `
import json, sys
from xml.etree import ElementTree
root = ElementTree.fromstring(sys.stdin.buffer.read())
print(json.dumps({
    "name": root.get("name"), "tests": root.get("tests"),
    "suites": [[suite.get("name"), suite.get("tests"), suite.get("failures"), suite.get("errors"), suite.get("skipped")] for suite in root],
    "cases": [[case.get("classname"), case.get("name"), case[0].tag if len(case) else "passed",
               (case[0].get("type"), case[0].get("message"), case[0].text) if len(case) else None] for case in root.iter("testcase")],
}))
`;

function stage(id: string, more: Partial<RunDocument['stages'][number]>): RunDocument['stages'][number] {
  return {
    ...{ id, title: `Stage ${id}`, runs_on: 'deployment-vm', after: [], hosts: ['deploy', 'node-1'] },
    ...{ status: 'ok', started: START, finished: '2026-11-21T02:00:09.500Z', counts: {}, failures: [] },
    ...{ attempt: 1, attempts: [], warnings: [], tasks: [] },
    ...more,
  };
}

function run(stages: RunDocument['stages']): RunDocument {
  const head = { run: 'r', site: HOSTILE, stack: 'dell-rke2 1', site_file: '/s.yaml' } as const;
  return { ...head, status: 'failed', started: START, last_seq: 9, stages };
}

async function read(document: RunDocument): Promise<{ name: string; suites: unknown; cases: unknown[] }> {
  const { stdout } = await execa('python3', ['-c', READ], { input: renderJUnit(document) });
  return JSON.parse(stdout) as { name: string; suites: unknown; cases: unknown[] };
}

it('is read by an XML parser: who passed, who failed and why, who could not be reached, what was passed over', async () => {
  const record = {
    ...{ reference: 'F-1', what: `DNS did not answer ${HOSTILE}`, owner: 'customer-network' as const },
    where: { stage: 'dns', runs_on: 'deployment-vm' as const, task: 'Ask DNS', host: 'node-1' },
    why: {
      key: 'dns.silent',
      summary: 'Nobody answered.',
      chain: [],
      evidence: [{ source: 'dig', text: HOSTILE }],
    },
    ...{ fixes: [{ title: 'Open 53/udp' }], request: '' },
  };
  const task = { id: 't1', title: 'Ask DNS', started: START };
  const tasks = [
    {
      ...task,
      hosts: {
        deploy: { status: 'changed' as const, duration_seconds: 0.25 },
        'node-1': { status: 'failed' as const },
        'node-2': { status: 'unreachable' as const, text: 'no route' },
        'node-3': { status: 'skipped' as const, text: 'left out' },
      },
    },
  ];
  const { name, suites, cases } = await read(
    run([
      stage('dns', { status: 'failed', tasks, failures: [record] }),
      stage('ntp', { status: 'skipped', text: 'not run because dns failed' }),
      stage('vm', { status: 'ok' }),
    ]),
  );
  expect(name).toBe('site <]]>&"[31m\u00e9');
  expect(suites).toEqual([
    ['Stage dns', '4', '1', '1', '1'],
    ['Stage ntp', '1', '0', '0', '1'],
    ['Stage vm', '1', '0', '0', '0'],
  ]);
  const why = 'Nobody answered.\nWhose: customer-network\nWhat to do: Open 53/udp\nReference: F-1';
  expect(cases).toEqual([
    ['dns.deploy', 'Ask DNS', 'passed', null],
    [
      ...['dns.node-1', 'Ask DNS', 'failure'],
      ['dns.silent', 'DNS did not answer <]]>&"[31m\u00e9', `${why}\ndig: <]]>&"[31m\u00e9`],
    ],
    ['dns.node-2', 'Ask DNS', 'error', ['unknown', 'no route', 'no route']],
    ['dns.node-3', 'Ask DNS', 'skipped', [null, 'left out', null]],
    ['ntp', 'Stage ntp', 'skipped', [null, 'not run because dns failed', null]],
    ['vm', 'Stage vm', 'passed', null],
  ]);
});

it('a stage that failed before its first task is a case of its own', async () => {
  const { cases } = await read(run([stage('vm', { status: 'failed', text: 'the VM is off' })]));
  expect(cases).toEqual([['vm', 'Stage vm', 'failure', ['unknown', 'the VM is off', 'the VM is off']]]);
});

it('a host that was left out is one case that was skipped, whatever the look at it said', async () => {
  const look = { id: 't1', title: 'See whether it has a system', started: START };
  const leave = { id: 't2', title: 'Leave it out', started: START };
  const text = 'node-3 has no operating system yet: left out here';
  const out = { status: 'skipped' as const, text, left_out: 'no operating system yet' };
  const { cases } = await read(
    run([
      stage('dns', {
        tasks: [
          { ...look, hosts: { 'node-3': { status: 'ok' } } },
          { ...leave, hosts: { 'node-3': out } },
        ],
      }),
    ]),
  );
  expect(cases).toEqual([['dns.node-3', 'Leave it out', 'skipped', [null, text, null]]]);
});

it('has a case for each test of a machine by itself, and none twice where those are tasks', async () => {
  const cell = (from: string, probe: string, status: MatrixStatus, seen: string) => ({
    ...{ from, probe, status, seen },
    ...(status === 'failed' ? { wanted: 'below 95 %' } : {}),
  });
  const spot = (...cells: MatrixCell[]) => ({ status: cells[0]!.status, cells });
  const full = cell('node-1', 'space', 'failed', '/var is 97 % full');
  const far = { ...cell('node-1', 'reach', 'ok', 'answers'), to: 'node-2' };
  const matrix: StageMatrix = {
    columns: [
      { id: 'layer:disk', title: 'Disk', kind: 'layer' },
      { id: 'to:node-2', title: 'node-2', kind: 'machine' },
    ],
    rows: [
      { machine: 'node-1', spots: [spot(full, cell('node-1', 'inodes', 'ok', '3 % taken')), spot(far)] },
      { machine: 'node-2', spots: [spot(cell('node-2', 'disks', 'not-tried', 'no BMC')), null] },
    ],
    ...{ probes: ['reach'], counts: { ok: 2, warn: 0, failed: 1, 'not-tried': 1 } },
  };
  const record = {
    ...{ reference: 'F-2', what: 'Task "Tell" failed on node-1, node-3.', owner: 'field-engineer' as const },
    where: { stage: 'health', runs_on: 'deployment-vm' as const, task: 'Tell', host: 'node-1, node-3' },
    why: {
      ...{ key: 'health.disk_full', summary: 'A disk is full.', chain: [] },
      evidence: [{ source: 'HEALTH_DISK_FULL', text: 'The disk space of node-1: /var is 97 % full.' }],
    },
    ...{ fixes: [], request: '' },
  };
  const hosts = { 'node-1': { status: 'failed' as const, text: 'full' } };
  const health = { failures: [record], tasks: [{ id: 't1', title: 'Tell', started: START, hosts }] };
  const { cases } = await read(run([stage('health', { ...health, status: 'failed', matrix })]));
  const why = ['health.disk_full', 'Task "Tell" failed on node-1, node-3.', expect.stringContaining('F-2')];
  expect(cases).toEqual([
    ['health.node-1', 'Tell', 'failure', why],
    ['health.node-1', 'Disk space', 'failure', why],
    ['health.node-1', 'Inodes', 'passed', null],
    ['health.node-2', 'Disks', 'skipped', [null, 'no BMC', null]],
  ]);
  const older = stage('health', { ...health, status: 'failed', matrix: { ...matrix, of_tasks: true } });
  expect((await read(run([older]))).cases).toEqual(cases.slice(0, 1));
});
