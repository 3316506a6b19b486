import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { MatrixCell } from '../../src/contract/matrix.ts';

/** Plain scripts, which TypeScript knows nothing of. */
interface Scripts {
  readonly recordedCells: (
    cells: readonly MatrixCell[],
    from: string,
    site: object,
  ) => readonly Partial<MatrixCell>[];
  readonly stageEvents: (
    lines: readonly object[],
    stage: string,
    how: { isOfSite: (name: string) => boolean; isThere: (file: string) => boolean },
  ) => readonly { readonly event: { readonly event: string; readonly data: object } }[];
  readonly placeholders: (site: object, me: object, bare: undefined, began: number) => readonly object[];
  readonly filled: (value: string, holes: readonly object[]) => string;
  readonly leftovers: (text: string, site: object, machine: string) => readonly string[];
}

const hosts = [1, 2, 3].map((number) => ({
  name: `node-${number}`,
  bmc: { address: `198.18.21.1${number}` },
  interfaces: [{ mac: `02:00:5e:00:01:1${number}`, network: 'mgmt', address: `198.18.20.1${number}` }],
}));
const site = {
  site: { name: 'lab', domain: 'lab.example' },
  networks: [{ name: 'mgmt', cidr: '198.18.20.0/24', gateway: '198.18.20.1' }, { name: 'oob' }],
  services: { dns: { mode: 'managed' }, ntp: { mode: 'existing' } },
  kvm_host: { address: '198.18.20.5', bridge: 'br-mgmt' },
  deployment_vm: { name: 'deploy', address: '198.18.20.10', network: 'mgmt' },
  hosts,
};

let scripts: Scripts;
beforeAll(async () => {
  const names = ['cells', 'events', 'placeholders'];
  const urls = names.map((name) =>
    pathToFileURL(path.join(import.meta.dirname, '../../main/setup/recording', `${name}.mjs`)),
  );
  const modules = await Promise.all(urls.map((url) => import(url.href) as Promise<object>));
  scripts = Object.assign({}, ...modules) as Scripts;
});

describe('cells in a recording', () => {
  const ok = { status: 'ok', seen: 'answers' } as const;
  const at = 'mgmt';

  it('keep one test of each kind with another server, which stands for all', () => {
    const cells = [
      { from: 'node-1', probe: 'dns', at: '198.18.20.10', ...ok },
      { from: 'node-1', to: 'kvm-host', probe: 'reach', at, ...ok },
      ...['node-2', 'node-3'].map((to) => ({ from: 'node-1', to, probe: 'reach', at, ...ok })),
      { from: 'node-1', to: 'node-3', probe: 'mtu', at, status: 'ok' as const, seen: '1500 bytes' },
    ];
    expect(scripts.recordedCells(cells, 'node-1', site)).toEqual([
      { from: 'node-1', probe: 'dns', at: '{{dns.server}}', ...ok },
      { from: 'node-1', to: 'kvm-host', probe: 'reach', at: '{{network}}', ...ok },
      { from: 'node-1', to: '{{peer}}', probe: 'reach', at: '{{network}}', ...ok },
      {
        from: 'node-1',
        to: '{{peer}}',
        probe: 'mtu',
        at: '{{network}}',
        status: 'ok',
        seen: '{{network.mtu}} bytes',
      },
    ]);
  });

  it('of the laptop keep its name, and one of the servers with its BMC', () => {
    const cells = hosts.flatMap(({ name, bmc }) => [
      { from: 'laptop', to: name, probe: 'ports', at: 'oob', ...ok },
      { from: 'laptop', probe: 'bmcs', at: `${name}, ${bmc.address}:443`, ...ok },
    ]);
    expect(scripts.recordedCells(cells, 'laptop', site)).toEqual([
      { from: 'laptop', to: '{{peer}}', probe: 'ports', ...ok },
      { from: 'laptop', probe: 'bmcs', at: '{{peer}}, {{peer.bmc}}:443', ...ok },
    ]);
  });
});

describe('events of a recording', () => {
  const how = {
    isOfSite: (name: string) => name !== 'laptop',
    isThere: (file: string) => !file.startsWith('gone'),
  };
  const line = (more: object) => ({ at: '2026-01-01T00:00:00.000Z', stage: 'tests', ...more });
  const names = (lines: readonly object[]) =>
    scripts.stageEvents(lines, 'tests', how).map(({ event: { event, data } }) => ({ event, ...data }));

  it('are those of ansible-runner in the last attempt, without tasks of files that are no more', () => {
    const attempt = [
      line({ kind: 'stage.started' }),
      line({ kind: 'task.started', task: 'start', title: 'Start the playbook' }),
      line({ kind: 'task.started', task: 'a', title: 'Test', file: 'roles/a.yml', line: 3, counter: 1 }),
      line({ kind: 'host.result', task: 'a', host: 'node-1', status: 'changed', text: 'good', counter: 2 }),
      line({ kind: 'task.started', task: 'b', title: 'Other', file: 'gone/b.yml', line: 1, counter: 3 }),
      line({ kind: 'host.result', task: 'b', host: 'node-1', status: 'ok', counter: 4 }),
    ];
    expect(names([...attempt, ...attempt])).toEqual([
      {
        ...{ event: 'playbook_on_task_start', task: 'Test', task_uuid: 'a' },
        task_path: '/var/lib/bringup/project/roles/a.yml:3',
      },
      {
        ...{ event: 'runner_on_ok', task_uuid: 'a', host: 'node-1' },
        res: { changed: true, msg: 'good' },
      },
    ]);
  });

  it('have what the laptop told of itself as a play of its own', () => {
    const cells = [{ from: 'laptop', probe: 'dns', status: 'ok', seen: '1 question answered' }];
    const title = 'Test from the laptop';
    const told = names([
      line({ kind: 'stage.started' }),
      line({ kind: 'task.started', task: 'laptop', title, play: title }),
      line({
        kind: 'host.result',
        task: 'laptop',
        host: 'laptop',
        status: 'ok',
        text: '1 tests: 1 ok',
        cells,
      }),
    ]);
    expect(told).toEqual([
      { event: 'playbook_on_play_start', play: title },
      { event: 'playbook_on_task_start', play: title, task: title, task_uuid: 'laptop' },
      {
        ...{ event: 'runner_on_ok', task_uuid: 'laptop', host: 'laptop', cells },
        res: { changed: false, msg: '1 tests: 1 ok' },
      },
    ]);
  });
});

describe('what belongs to the recorded site', () => {
  const holes = () =>
    scripts.placeholders(site, hosts[0] ?? {}, undefined, Date.parse('2026-11-22T07:45:07Z'));

  it.each([
    ['node-1 reaches node-2 by 198.18.20.11', '{{target}} reaches {{next}} by {{target.address}}'],
    ['node-1, node-2, node-3 by 198.18.20.10', '{{servers}} by {{deployment_vm.address}}'],
    ['it ends on 2027-11-22, in 365 days', 'it ends on 2027-03-02, in 365 days'],
    ['at 2026-11-22T07:46:07.316+00:00', 'at 2026-03-02T08:05:05.316+00:00'],
    ['20261122-074506-lab-177c-after.json', 'rehearsal-after.json'],
    ['the gateway is 6e:8e:27:33:84:47', 'the gateway is 00:00:5e:00:53:01'],
    ['02:00:5e:00:01:11 on nic1', '{{target.mac}} on nic1'],
    ['rke2-agent.service is active', '{{target.rke2}}.service is active'],
  ])('becomes a placeholder, times become those of the tour: %s', (text, expected) => {
    expect(scripts.filled(text, holes())).toBe(expected);
  });

  it.each([
    ['{{target}} and node-3', 'the name of a server: node-3'],
    ['from 198.18.21.13', 'an address: 198.18.21.13'],
    ['on workbench', 'the name of this machine: workbench'],
    ['in /home/somebody/x', 'a folder of this machine: /home/'],
  ])('is told where it is left: %s', (text, expected) => {
    expect(scripts.leftovers(text, site, 'workbench')).toEqual([expected]);
  });
});
