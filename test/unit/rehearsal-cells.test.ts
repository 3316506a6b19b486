import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import type { MatrixCell } from '../../src/contract/matrix.ts';
import { composeStage } from '../../src/app/rehearsal-compose.ts';
import { readFaults } from '../../src/app/rehearsal-faults.ts';
import type { RehearsalPort } from '../../src/app/rehearsal-port.ts';
import { readRecording, type RecordedPlay } from '../../src/app/rehearsal-recording.ts';
import { parseSite, type NormalisedSite } from '../../src/site/index.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const port: RehearsalPort = {
  assets: path.join(ROOT, 'assets/rehearsal'),
  startBmcs: () => Promise.reject(new Error('no machine is asked here')),
  sleep: async () => undefined,
};

/** The rehearsal site, or the same with so many servers of which none lacks an operating system. */
async function siteOf(servers?: number): Promise<NormalisedSite> {
  const file = path.join(port.assets, 'site.yaml');
  const { site } = parseSite({ file, bytes: await readFile(file) });
  if (site === undefined) throw new Error('the rehearsal site is not valid');
  if (servers === undefined) return site;
  const [first] = site.hosts;
  if (first === undefined) throw new Error('the rehearsal site has no server');
  const { os: _os, ...parameters } = site.parameters;
  const hosts = Array.from({ length: servers }, (_, index) => ({
    ...first,
    name: `server-${index + 1}`,
    roles: [index < 3 ? 'rke2-server' : 'rke2-agent'],
  }));
  return { ...site, parameters, hosts };
}

interface Asked {
  readonly site?: NormalisedSite;
  readonly fault?: string;
  readonly host?: string;
  readonly leftOut?: readonly string[];
  readonly plays?: readonly RecordedPlay[];
}

/** What every machine tells of a matrix in a rehearsed stage, and the text beside it. */
async function told(stage: string, { fault, host, leftOut, ...asked }: Asked = {}) {
  const site = asked.site ?? (await siteOf());
  const plays = asked.plays ?? (await readRecording(port, stage)) ?? [];
  const entries = (await readFaults(port)).filter(({ name }) => name === fault);
  const targets = site.hosts.map(({ name }) => name).filter((name) => leftOut?.includes(name) !== true);
  const { events } = composeStage(plays, {
    ...{ site, targets },
    faults: entries.map((entry) => ({ entry, ...(host === undefined ? {} : { host }) })),
    ...(leftOut === undefined ? {} : { leftOut }),
  });
  const telling = events.flatMap(({ event: { data } }) => {
    const { cells, res } = data as { cells?: readonly MatrixCell[]; res?: { msg?: string } };
    return cells === undefined ? [] : [{ host: String(Reflect.get(data, 'host')), cells, text: res?.msg }];
  });
  return { telling, cells: telling.flatMap(({ cells }) => cells), events };
}

const words = ({ from, to, probe, status, seen }: MatrixCell) =>
  [from, ...(to === undefined ? [] : [to]), probe, status, seen].join(' | ');
const between = (cells: readonly MatrixCell[], from: string, to: string) =>
  cells.filter((cell) => cell.from === from && cell.to === to).map(({ probe, seen }) => `${probe} ${seen}`);

describe('the matrix of rehearsed network tests', () => {
  it('has what each machine of the site saw of each other, in words of the site file', async () => {
    const { cells, telling } = await told('network-tests');
    expect(telling.map(({ host }) => host).toSorted()).toEqual(
      ['laptop', 'kvm-host', 'deploy', 'node-1', 'node-2', 'node-3', 'node-4', 'node-5', 'node-6'].toSorted(),
    );
    expect(new Set(cells.filter(({ from }) => from === 'node-3').map(({ to }) => to))).toEqual(
      new Set([undefined, 'kvm-host', 'deploy', 'node-1', 'node-2', 'node-4', 'node-5']),
    );
    expect(between(cells, 'node-3', 'node-4')).toContain('mtu 1500 bytes');
    expect(cells.filter(({ probe, from }) => probe === 'interface' && from === 'node-3')).toMatchObject([
      {
        at: 'mgmt',
        seen: expect.stringMatching(/^10\.20\.0\.13\/24 on \S+ \(02:00:5e:10:01:13\)$/) as string,
      },
    ]);
    expect(cells.filter(({ status }) => status === 'failed' || status === 'warn')).toEqual([]);
    expect(JSON.stringify(telling)).not.toMatch(/\{\{|198\.18\./);
    for (const { cells: own, text } of telling.filter(({ host }) => host !== 'node-6'))
      expect(text).toMatch(new RegExp(`^(${own.length} tests: )?${own.length} ok$`));
  });

  it('says of a server without an operating system only that it has none, until it has one', async () => {
    const before = await told('network-tests');
    expect(before.cells.filter(({ from, to }) => [from, to].includes('node-6')).map(words)).toEqual([
      'node-6 | asked | not-tried | has no operating system yet',
    ]);
    const after = await told('server-checks');
    expect(between(after.cells, 'node-6', 'node-5')).toContain('reach answers');
    expect(between(after.cells, 'node-5', 'node-6')).toContain('reach answers');
  });

  it('samples the bandwidth to the next server alone, the first one after the last', async () => {
    const { cells } = await told('network-tests');
    const samples = cells.filter(({ probe }) => probe === 'bandwidth').map(({ from, to }) => `${from} ${to}`);
    expect(samples).toEqual([
      ...['node-1 node-2', 'node-2 node-3', 'node-3 node-4', 'node-4 node-5', 'node-5 node-1'],
    ]);
  });

  it('counts the ports that role network_tests tries between two servers by their roles', async () => {
    const file = path.join(ROOT, 'playbooks/roles/network_tests/defaults/main.yml');
    const { network_tests_ports: rules } = parse(await readFile(file, 'utf8')) as {
      readonly network_tests_ports: readonly Record<'from' | 'to' | 'ports', readonly string[]>[];
    };
    const site = await siteOf();
    const { cells } = await told('server-checks');
    const tried = cells.filter(({ probe }) => probe === 'ports');
    expect(tried).toHaveLength(30);
    for (const { from, to, seen } of tried) {
      const roles = (name = '') => site.hosts.find((host) => host.name === name)?.roles ?? [];
      const count = rules
        .filter((rule) => roles(from).some((role) => rule.from.includes(role)))
        .filter((rule) => roles(to).some((role) => rule.to.includes(role)))
        .reduce((sum, { ports }) => sum + ports.length, 0);
      expect(seen, `${from} to ${String(to)}`).toBe(`${count} of ${count} open`);
    }
  });

  it('leaves servers out that the run goes on without', async () => {
    const { cells } = await told('network-tests', { leftOut: ['node-2'] });
    expect(cells.filter(({ from, to }) => [from, to].includes('node-2'))).toEqual([]);
    expect(cells.some(({ from, to }) => from === 'node-1' && to === 'node-3')).toBe(true);
  });

  it.each([
    [1, 'server-1', []],
    [32, 'server-32', Array.from({ length: 31 }, (_, index) => `server-${index + 1}`)],
    [
      ...[33, 'server-30'],
      ...[
        ['server-1', 'server-2', 'server-3', 'server-4', 'server-5', 'server-31', 'server-32', 'server-33'],
      ],
    ] as [number, string, string[]],
  ])('of %i servers has what %s tries', async (servers, from, expected) => {
    const { cells } = await told('network-tests', { site: await siteOf(servers) });
    const tried = cells.filter((cell) => cell.from === from && cell.probe === 'reach').map(({ to }) => to);
    expect(tried).toEqual(['kvm-host', 'deploy', ...expected]);
  });

  it('keeps the row of a machine beside the site, with every server of the site in it', async () => {
    const cell = { probe: 'reach', status: 'ok', seen: 'answers' } as const;
    const start = (event: string, data: Readonly<Record<string, unknown>>) => ({
      at: 0,
      event: { event, data },
    });
    const cells = [
      { from: 'laptop', to: '{{kvm_host}}', ...cell },
      { from: 'laptop', to: '{{peer}}', ...cell, status: 'not-tried', seen: 'not needed from here' },
      { from: 'laptop', ...cell, probe: 'bmcs', at: '{{peer}}, {{peer.bmc}}:443' },
    ];
    const plays: RecordedPlay[] = [
      {
        start: start('playbook_on_play_start', { play: 'Judge' }),
        tasks: [
          {
            title: 'Tell what each machine saw',
            start: start('playbook_on_task_start', { task_uuid: 'task-1' }),
            results: [start('runner_on_ok', { task_uuid: 'task-1', host: 'laptop', cells })],
          },
        ],
      },
    ];
    const { telling } = await told('', { plays, site: await siteOf(2) });
    expect(telling.map(({ host }) => host)).toEqual(['laptop']);
    expect(telling[0]?.cells.map(words)).toEqual([
      'laptop | kvm-host | reach | ok | answers',
      'laptop | server-1 | reach | not-tried | not needed from here',
      'laptop | bmcs | ok | answers',
      'laptop | server-2 | reach | not-tried | not needed from here',
      'laptop | bmcs | ok | answers',
    ]);
    expect(telling[0]?.cells.at(-1)?.at).toBe('server-2, 10.20.1.11:443');
  });
});

describe('the matrix of rehearsed health', () => {
  it('has the checks of every machine, each in its own words', async () => {
    const { cells, telling } = await told('health');
    expect(telling).toHaveLength(8);
    const services = cells.filter(({ probe, status }) => probe === 'services' && status === 'ok');
    expect(services.map(words)).toContain('node-1 | services | ok | rke2-server.service is active');
    expect(services.map(words)).toContain('node-6 | services | ok | rke2-agent.service is active');
    expect(cells.filter(({ status }) => status === 'failed' || status === 'warn')).toEqual([]);
  });
});

describe('a fault', () => {
  const MTU = 'mtu | failed | 1400 bytes pass';
  const CLOCK = "ntp | failed | this machine's clock is +3599.6 s off 10.20.0.10, wanted within 5 s";
  it.each([
    ['network-tests', 'mtu-1400', undefined, [`node-1 | node-2 | ${MTU}`, `node-2 | node-1 | ${MTU}`]],
    ['network-tests', 'mtu-1400', 'node-5', [`node-1 | node-5 | ${MTU}`, `node-5 | node-1 | ${MTU}`]],
    ['server-checks', 'mtu-1400', 'node-6', [`node-1 | node-6 | ${MTU}`, `node-6 | node-1 | ${MTU}`]],
    [
      ...(['network-tests', 'duplicate-address', 'node-2'] as const),
      ['node-2 | duplicate | failed | 02:00:5e:00:00:99 answers too'],
    ],
    [
      ...(['network-tests', 'port-blocked', 'node-1'] as const),
      ['node-2 | node-1 | ports | failed | tcp/10250 silent, 6 of 7 open'],
    ],
    ['server-checks', 'ntp-off', 'node-6', [`node-6 | ${CLOCK}`]],
    [
      ...(['health', 'power-supply', 'node-4'] as const),
      ['node-4 | power_supplies | failed | PS2 Status is Critical'],
    ],
  ])('of stage %s stands in its cells alone: %s of %s', async (stage, fault, host, expected) => {
    const { cells, telling, events } = await told(stage, { fault, ...(host === undefined ? {} : { host }) });
    const failed = cells.filter(({ status }) => status === 'failed');
    expect(failed.map(words).toSorted()).toEqual(expected);
    expect(failed.every(({ wanted = '' }) => wanted !== '')).toBe(true);
    expect(events.some(({ event }) => event.event === 'runner_on_failed')).toBe(true);
    const first = telling.find((machine) => machine.host === failed[0]?.from);
    if (stage !== 'health') expect(first?.text).toBe(`${(first?.cells.length ?? 0) - 1} ok, 1 failed`);
  });

  it('of a service is seen by every machine that asks it', async () => {
    const { cells } = await told('network-tests', { fault: 'dns-dead' });
    const failed = cells.filter(({ status }) => status === 'failed');
    expect(failed.map(({ from }) => from).toSorted()).toEqual([
      'deploy',
      'kvm-host',
      'node-1',
      'node-2',
      'node-3',
      'node-4',
      'node-5',
    ]);
    expect(new Set(failed.map(({ probe, at }) => `${probe} ${String(at)}`))).toEqual(
      new Set(['dns 10.20.0.10']),
    );
  });

  it('of a server that does not answer leaves nothing else to be seen of it', async () => {
    const { cells, telling } = await told('server-checks', { fault: 'host-off', host: 'node-6' });
    expect(telling.map(({ host }) => host)).not.toContain('node-6');
    expect(between(cells, 'node-1', 'node-6')).toEqual(['reach no answer to 20 echo requests']);
    expect(between(cells, 'node-1', 'node-2').length).toBeGreaterThan(3);
  });

  it('of the way to the next server is one to the deployment VM where a server is alone', async () => {
    const { cells } = await told('network-tests', { fault: 'mtu-1400', site: await siteOf(1) });
    const failed = cells.filter(({ status }) => status === 'failed').map(words);
    expect(failed.toSorted()).toEqual([`deploy | server-1 | ${MTU}`, `server-1 | deploy | ${MTU}`]);
  });

  it('is in a matrix wherever its stage has one', async () => {
    const known = await readFaults(port);
    const withMatrix = known.filter(({ stage }) => ['network-tests', 'health'].includes(stage));
    expect(withMatrix.filter(({ cells = [] }) => cells.length === 0).map(({ name }) => name)).toEqual([]);
  });
});
