import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeCertificate } from '../../main/lab/bmc/index.ts';
import { callModule, type ModuleResult } from './playbooks-ansible.ts';
import { causeOf } from './service-cause.ts';

const NODES = ['node-1', 'node-2', 'node-3', 'node-4'];
let folder: string;
let api: https.Server;

/** A node as the API of a cluster tells it. */
const node = (name: string, conditions: Readonly<Record<string, string>>, spec = {}) => {
  const told = Object.entries(conditions).map(([type, status]) => ({
    type,
    status,
    message: `${type} was told`,
  }));
  return { metadata: { name }, spec, status: { conditions: told } };
};

/** Stands in for the API of a cluster; the real one is RKE2's. */
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bringup-health-nodes-'));
  const pair = await makeCertificate(['127.0.0.1']);
  const items = [
    node('node-1', { Ready: 'True' }),
    node('node-2', { Ready: 'Unknown' }),
    node('node-3', { Ready: 'True', DiskPressure: 'True' }),
  ];
  api = https.createServer({ ...pair }, (request, response) => {
    response.writeHead(request.url === '/api/v1/nodes' ? 200 : 404).end(JSON.stringify({ items }));
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', () => resolve()));
  const { port } = api.address() as AddressInfo;
  const text = (value: string) => Buffer.from(value).toString('base64');
  const config = {
    clusters: [
      { cluster: { server: `https://127.0.0.1:${port}`, 'certificate-authority-data': text(pair.cert) } },
    ],
    users: [{ user: { 'client-certificate-data': text(pair.cert), 'client-key-data': text(pair.key) } }],
  };
  await writeFile(path.join(folder, 'kubeconfig'), JSON.stringify(config), { mode: 0o600 });
});
afterAll(async () => {
  api.close();
  await rm(folder, { recursive: true, force: true });
});

/** What each host came to. */
async function look(name = 'kubeconfig'): Promise<Record<string, ModuleResult>> {
  const kubeconfig = path.join(folder, name);
  const { checks } = await callModule('bringup_health_nodes', {
    kubeconfig,
    nodes: NODES,
    control: 'deploy',
  });
  return checks as Record<string, ModuleResult>;
}

it('holds every server of the cluster against what the cluster says of it', async () => {
  const found = await look();
  expect(found).toMatchObject({
    deploy: { verdict: 'ok', seen: 'its API answers and knows 3 nodes' },
    'node-1': { verdict: 'ok' },
    'node-2': {
      verdict: 'failed',
      msg: 'The cluster of node-2: Ready is Unknown: Ready was told; wanted a node that is Ready.',
    },
    'node-3': { verdict: 'warn', seen: 'Ready, with DiskPressure' },
    'node-4': { verdict: 'failed', seen: 'the cluster does not know it' },
  });
  for (const name of ['node-2', 'node-4']) expect(causeOf(found[name] ?? {}), name).toMatch(/^rke2\./);
});

it('skips the servers, with the reason, where there is no cluster yet', async () => {
  const found = await look('none');
  expect(Object.values(found).map(({ verdict }) => verdict)).toEqual(Array(5).fill('skipped'));
  expect(found['node-1']).toMatchObject({ seen: expect.stringContaining('there is no cluster yet') });
});

it('tells an API that is away at the deployment VM, and calls no node well', async () => {
  await new Promise((resolve) => api.close(resolve));
  const found = await look();
  expect(found['deploy']).toMatchObject({ verdict: 'failed', code: 'KUBE_UNREACHABLE' });
  expect(NODES.map((name) => found[name]?.['verdict'])).toEqual(NODES.map(() => 'skipped'));
});
