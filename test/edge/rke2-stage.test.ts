import { once } from 'node:events';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { writeChart } from '../../main/lab/chart.ts';
import { STAND_IN_VERSION } from '../../main/lab/rke2/rke2-stand-in.ts';
import { chartTests } from './rke2-chart-tests.ts';
import { deploymentOf } from './rke2-chart.ts';
import {
  addressOf,
  createRke2Site,
  parameters,
  PULL_PASSWORD,
  REGISTRIES,
  REGISTRY,
  type Node,
  type Played,
  type Rke2Site,
} from './rke2-site.ts';
import { callModule, type ModuleResult } from './playbooks-ansible.ts';
import { causeOf } from './service-cause.ts';

const START = 'rke2 : Start RKE2 where it does not run with its files of now, and wait until it is up';
const CLUSTER = 'rke2 : Ask the API for nodes, versions and members of etcd';
let site: Rke2Site;
let first: Played;

const read = (...parts: string[]): string => readFileSync(join(site.folder, ...parts), 'utf8');
const said = (played: Played, task: string): unknown =>
  played.results.find((result) => result.task === task)?.msg;

/** When a unit was started and when it was up, by the clock that all servers share. */
async function times(node: Node, unit = 'rke2-server'): Promise<{ begun: number; up: number }> {
  const keys = 'ExecMainStartTimestampMonotonic,ActiveEnterTimestampMonotonic';
  const shown = await site.on(node, `systemctl show ${unit} --property=${keys}`);
  const value = (key: string) => Number(new RegExp(`${key}=(\\d+)`).exec(shown)?.[1]);
  return {
    begun: value('ExecMainStartTimestampMonotonic'),
    up: value('ActiveEnterTimestampMonotonic'),
  };
}

/** Lays an application into the repository; `file` is its place below the folder of workloads. */
function application(file: string, ...objects: object[]): void {
  const place = join(site.folder, 'repository/workloads', file);
  mkdirSync(join(place, '..'), { recursive: true });
  writeFileSync(place, objects.map((one) => JSON.stringify(one)).join('\n---\n'));
}

/** What this machine itself would be told as an agent. */
const preflight = (changes: Record<string, unknown>): Promise<ModuleResult> =>
  callModule('bringup_rke2_preflight', {
    ...{ kind: 'agent', files: [], token: 'never-used-at-all', token_file: '/nowhere' },
    control_time: Date.now() / 1000,
    ...changes,
  });

beforeAll(async () => {
  site = await createRke2Site();
  first = await site.play('rke2.yml');
  expect(first, first.output).toMatchObject({ code: 0, failed: [] });
});
afterAll(() => site.remove());

describe('the stage rke2, with the rke2 stand-in', () => {
  it('makes one cluster of all servers, as its API says through the kubeconfig of the deployment VM', () => {
    expect(said(first, CLUSTER)).toBe(`4 nodes are ready with ${STAND_IN_VERSION}, 3 of them vote in etcd`);
    expect(read('site/kubeconfig')).toContain(`server: https://${addressOf('node-1')}:6443`);
    expect(read('site/rke2-first-server')).toBe('node-1\n');
  });

  it('begins with one server, brings the others in one by one, and the agent last', async () => {
    const [one, two, three] = [await times('node-1'), await times('node-2'), await times('node-3')];
    const agent = await times('node-4', 'rke2-agent');
    expect(two.begun).toBeGreaterThan(one.up);
    expect(three.begun).toBeGreaterThan(two.up);
    expect(agent.begun).toBeGreaterThan(three.up);
    expect(await site.on('node-1', 'cat /etc/rancher/rke2/config.yaml')).not.toContain('server:');
    for (const node of ['node-2', 'node-4'] as const) {
      const config = await site.on(node, 'cat /etc/rancher/rke2/config.yaml');
      expect(config).toContain(`server: https://${addressOf('node-1')}:9345\n`);
    }
  });

  it('keeps token and kubeconfig to root, and out of every result', async () => {
    const token = read('site/rke2-token').trim();
    expect(token).toMatch(/^\w{48}$/);
    expect(read('site/rke2-join-token')).toMatch(new RegExp(`^K10[0-9a-f]{64}::server:${token}\n$`));
    for (const name of ['rke2-token', 'rke2-join-token', 'kubeconfig'])
      expect(statSync(join(site.kept, name)).mode & 0o777, name).toBe(0o600);
    expect(await site.on('node-2', 'stat --format %a /etc/rancher/rke2/*')).toBe('600\n'.repeat(4));
    expect(first.output).not.toContain(token);
    expect(first.output).not.toContain('client-key-data');
  });

  it('gives every node the login of a registry, and keeps it out of every result', async () => {
    for (const node of ['node-1', 'node-4'] as const) {
      const { mirrors, configs } = parse(
        await site.on(node, 'cat /etc/rancher/rke2/registries.yaml'),
      ) as Record<string, unknown>;
      expect(mirrors).toEqual(
        Object.fromEntries(REGISTRIES.map(({ name, endpoints }) => [name, { endpoint: endpoints }])),
      );
      const auth = { username: 'puller', password: PULL_PASSWORD };
      expect(configs).toEqual({ [REGISTRY]: { auth }, '198.19.40.9': {} });
    }
    expect(first.output).not.toContain(PULL_PASSWORD);
  });

  it('changes nothing the second time', async () => {
    const before = await times('node-1');
    const second = await site.play('rke2.yml');
    expect(second, second.output).toMatchObject({ code: 0, failed: [], changed: [] });
    expect(await times('node-1')).toEqual(before);
  });
});

describe('the stage workloads', () => {
  it('applies applications in order and waits for each', async () => {
    application(
      '10-base/settings.yaml',
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'settings', namespace: 'hall' },
        data: { a: 'b' },
      },
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'hall' } },
    );
    await writeChart(join(site.folder, 'repository/workloads/15-gauge'));
    application('20-viewer.yaml', deploymentOf('viewer', 'docker.io/rancher/rke2-runtime:stand-in'));
    const played = await site.play('workloads.yml');
    expect(played, played.output).toMatchObject({ code: 0, failed: [] });
    const steps = played.results.map(({ task }) => task).filter((task) => /: (Apply|Wait for) \d/.test(task));
    expect(steps).toEqual(
      ['10-base', '15-gauge', '20-viewer.yaml'].flatMap((name) => [
        `workloads : Apply ${name}`,
        `workloads : Wait for ${name}`,
      ]),
    );
    expect(said(played, 'workloads : Apply 10-base')).toBe(
      'Namespace hall created, ConfigMap hall/settings created',
    );
    expect(said(played, 'workloads : Wait for 20-viewer.yaml')).toBe(
      'all 1 objects of 20-viewer.yaml are ready',
    );
    expect(said(played, 'workloads : Apply 15-gauge')).toBe(
      'chart gauge 1.0.0 as release gauge in gauge created',
    );
    // The stand-in renders no template, so nothing of the chart runs.
    expect(said(played, 'workloads : Wait for 15-gauge')).toBe(
      '15-gauge is installed, its release has no workloads to wait for',
    );
  });
});

describe('a Helm chart, given to the helm-controller of RKE2', () => {
  chartTests(() => site);
});

describe('a server without power, and a configuration that changed', () => {
  it('restarts the other servers one by one, leaves the agent alone, and isolates what is gone', async () => {
    const agent = await times('node-4', 'rke2-agent');
    await site.powerOff('node-3');
    const played = await site.play('rke2.yml', parameters({ tls_san: ['cluster.rke2.example'] }));
    expect(played.failed.map(({ host }) => host)).toEqual(['node-3']);
    // Who is gone is told by the nearest router, or by nobody: it depends on what is still remembered of its address.
    expect(['ssh.no_route', 'ssh.timeout']).toContain(causeOf(played.failed[0] ?? {}));
    expect(played.changed.filter((line) => line.includes(START))).toEqual([
      `node-1: ${START}`,
      `node-2: ${START}`,
    ]);
    const [one, two] = [await times('node-1'), await times('node-2')];
    expect(two.begun).toBeGreaterThan(one.up);
    expect(await times('node-4', 'rke2-agent')).toEqual(agent);
    expect(said(played, CLUSTER)).toContain('2 of them vote in etcd');
  });

  it('finds the applications as they were, and says why a new one does not run', async () => {
    application('30-broken.yaml', deploymentOf('broken', 'quay.io/elsewhere/app:1'));
    const played = await site.play('workloads.yml', { workloads_ready_attempts: 1 });
    expect(played.changed).toEqual(['deploy: workloads : Apply 30-broken.yaml']);
    expect(played.failed).toMatchObject([{ task: 'workloads : Wait for 30-broken.yaml' }]);
    const [failed] = played.failed;
    expect(failed?.msg).toContain('0 of 2 pods are ready');
    expect(failed?.msg).toContain('lookup quay.io: no such host');
    expect(causeOf(failed ?? {})).toBe('workload.image');
  });

  it('tells, when it is tried alone, what the cluster has otherwise', async () => {
    application('20-viewer.yaml', deploymentOf('viewer', 'docker.io/rancher/rke2-runtime:newer'));
    const played = await site.play('workloads.yml', {}, '--tags', 'acceptance');
    expect(played.changed).toEqual([]);
    const items = played.failed[0]?.['results'] as ModuleResult[];
    const [drifted = {}] = items.filter(({ failed }) => failed === true);
    expect(drifted.msg).toContain('Deployment hall/viewer changed');
    expect(causeOf(drifted)).toBe('workload.drift');
  });
});

describe('what the stage rke2 refuses', () => {
  it.each([
    ['an even number of servers', { servers: 2 }, 'rke2.servers_even'],
    ['artifacts that are not there', parameters({ artifacts: 'elsewhere' }), 'rke2.artifacts'],
  ])('%s, before a server is touched', async (_, vars, cause) => {
    const played = await site.play('rke2.yml', vars);
    expect(played.failed).toMatchObject([{ host: 'deploy' }]);
    expect(causeOf(played.failed[0] ?? {})).toBe(cause);
    expect(played.changed).toEqual([]);
  });

  it('a file with another hash, on the deployment VM and on a server', async () => {
    const folder = join(site.folder, 'repository/rke2');
    const { files } = await callModule('bringup_rke2_artifacts', { folder, cni: 'cilium' });
    const image = join(folder, 'rke2-images-cilium.linux-amd64.tar.zst');
    const whole = readFileSync(image);
    writeFileSync(image, 'cut off');
    const control = await callModule('bringup_rke2_artifacts', { folder, cni: 'cilium' });
    const target = await callModule('bringup_rke2_install', { kind: 'agent', files, folder, images: folder });
    for (const refused of [control, target]) {
      expect(refused).toMatchObject({ failed: true, code: 'RKE2_HASH' });
      expect(refused.msg).toContain('rke2-images-cilium');
      expect(causeOf(refused)).toBe('rke2.artifact_hash');
    }
    writeFileSync(image, whole);
    expect(await callModule('bringup_rke2_artifacts', { folder, cni: 'cilium' })).toMatchObject({ files });
  });

  it('a clock that is an hour off', async () => {
    const refused = await preflight({ control_time: Date.now() / 1000 - 3600 });
    expect(refused.msg).toMatch(/is 3[56]\d\d s ahead of that of the deployment VM/);
    expect(causeOf(refused)).toBe('rke2.clock');
    expect((await preflight({})).code).not.toBe('RKE2_CLOCK');
  });

  it('a port that another program holds, named with its holder', async () => {
    const holder = createServer().listen(0);
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;
    const refused = await preflight({ tcp_ports: [port] });
    holder.close();
    expect(refused.msg).toMatch(`TCP port ${port}, which rke2-agent.service needs, is held on`);
    expect(refused.msg).toContain(`(process ${process.pid})`);
    expect(causeOf(refused)).toBe('rke2.port_taken');
  });

  it('a token that the cluster does not take, by what the log of the node says', async () => {
    // With artifacts from a folder of the deployment VM, which are copied, where the first run fetched them.
    await site.on('node-4', 'rm -r /var/lib/bringup/rke2 /usr/local/bin/rke2');
    const vars = {
      ...parameters({ artifacts: join(site.folder, 'repository/rke2') }),
      rke2_node_token: 'another-token-than-theirs',
    };
    const played = await site.play('rke2.yml', vars, '--limit', 'node-4');
    expect(played.changed).toContain('node-4: rke2 : Copy the artifacts');
    const [failed = {}] = played.failed;
    expect(failed).toMatchObject({ host: 'node-4', task: START });
    expect(causeOf(failed)).toBe('k8s.join_token_invalid');
    expect(played.output).not.toContain(vars.rke2_node_token);
  });
});
