import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createBmcSimulator, type BmcSimulator } from '../../main/lab/bmc/index.ts';
import { createBringup, type Bringup } from '../../src/bringup.ts';
import type { Credential } from '../../src/contract/ports.ts';
import { laptopPorts } from './laptop-ports.ts';
import { startSshd, type TestSshd } from './remote-sshd.ts';

const WRONG = 'not-the-password-1';

let sshd: TestSshd;
let bmcs: BmcSimulator;
let closedPort: number;
let refusedBefore: readonly number[];
let folder: string;
let stored: Map<string, Credential>;
let bringup: Bringup | undefined;

beforeAll(async () => {
  sshd = await startSshd();
  closedPort = await unusedPort();
  bmcs = await createBmcSimulator({
    machines: ['node-1', 'node-2', 'node-3'].map((name, index) => ({
      identity: { name, serial: `SER000${index}` },
      tls: 'own',
    })),
  });
});
afterAll(async () => {
  await sshd.stop();
  await bmcs.close();
});

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bringup-credentials-'));
  stored = new Map();
  refusedBefore = bmcs.machines.map((bmc) => bmc.stats().failedLogins);
});
afterEach(async () => {
  await bringup?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A port at which nobody listens. */
async function unusedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The application service of one laptop; what it stores is in `stored`. */
function openBringup(): Bringup {
  bringup = createBringup(
    laptopPorts(
      path.join(folder, 'home'),
      {},
      {
        credentials: {
          get: async (name) => stored.get(name) ?? null,
          set: async (name, credential) => void stored.set(name, credential),
          list: async () => [...stored.keys()].sort(),
          delete: async (name) => stored.delete(name),
        },
      },
    ),
  );
  return bringup;
}

/** A site file in the making: it has no deployment VM yet, so nothing but its credentials can be tried. */
function writeSite(bmcPorts = bmcs.machines.map(({ url }) => new URL(url).port)): string {
  const file = path.join(folder, 'site.yaml');
  const host = (index: number, ssh: number): string =>
    `  - name: node-${index + 1}
    bmc: {address: 127.0.0.1, port: ${bmcPorts[index]!}, credential: idrac}
    ssh: {user: ${sshd.user}, port: ${ssh}, credential: node}
    interfaces: [{name: nic1, address: 127.0.0.1}]
`;
  writeFileSync(
    file,
    `apiVersion: bringup/v1
site: {name: bench, domain: bench.example}
stack: dell-rke2
kvm_host: {address: 127.0.0.1, port: ${sshd.port}, user: ${sshd.user}, credential: kvm-host}
discovery: {via: laptop}
hosts:
${host(0, sshd.port)}${host(1, closedPort)}${host(2, sshd.port)}`,
  );
  return file;
}

const certificates = (): string[] => bmcs.machines.map(({ certificate }) => certificate!.sha256);
const failedLogins = (): number[] =>
  bmcs.machines.map((bmc, index) => bmc.stats().failedLogins - refusedBefore[index]!);

describe('a credential tried by SSH', () => {
  it('is let in once the host key was compared, which is pinned then', async () => {
    const service = openBringup();
    const file = writeSite();
    stored.set('kvm-host', { password: sshd.password });
    const first = await service.call('credentials.test', { name: 'kvm-host', file });
    expect(first.ok).toBe(false);
    const [kvm] = first.targets;
    expect(kvm).toMatchObject({ target: 'kvm-host', refused: false, key: 'ssh.host_key_unknown' });
    expect([await sshd.fingerprint('ed25519'), await sshd.fingerprint('rsa')]).toContain(kvm?.fingerprint);

    const accept = [kvm!.fingerprint!];
    expect((await service.call('credentials.test', { name: 'kvm-host', file, accept })).ok).toBe(true);
    const third = await service.call('credentials.test', { name: 'kvm-host', file });
    expect(third.targets).toEqual([
      {
        ...{ target: 'kvm-host', address: `127.0.0.1:${sshd.port}`, ok: true, refused: false },
        text: `It lets ${sshd.user} in.`,
      },
    ]);
  });

  it('is tried at every server that answers; one that does not answer is told as such', async () => {
    const service = openBringup();
    const file = writeSite();
    stored.set('node', { privateKey: sshd.privateKey });
    const accept = [await sshd.fingerprint('ed25519'), await sshd.fingerprint('rsa')];
    const { targets } = await service.call('credentials.test', { name: 'node', file, accept });
    // node-3 is the same machine at the same port as node-1, so it is not tried a second time.
    expect(targets.map(({ host, ok, key }) => [host, ok, key])).toEqual([
      ['node-1', true, undefined],
      ['node-2', false, 'ssh.connection_refused'],
    ]);
  });

  it('that is refused is told with the command that mends it, and without the password', async () => {
    const service = openBringup();
    const file = writeSite();
    stored.set('node', { password: WRONG });
    const accept = [await sshd.fingerprint('ed25519'), await sshd.fingerprint('rsa')];
    const { targets } = await service.call('credentials.test', { name: 'node', file, accept });
    expect(targets[0]).toMatchObject({ ok: false, refused: true, key: 'ssh.auth_failed' });
    expect(targets[0]?.hint).toContain('bringup credentials set node');
    expect(JSON.stringify(targets)).not.toContain(WRONG);
  });
});

describe('a credential tried at BMCs', () => {
  it('is not sent to a BMC whose certificate nobody has confirmed', async () => {
    const service = openBringup();
    stored.set('idrac', { username: 'root', password: WRONG });
    const { targets } = await service.call('credentials.test', { name: 'idrac', file: writeSite() });
    expect(targets.map(({ key }) => key)).toEqual(Array(3).fill('redfish.tls_untrusted'));
    expect(targets.map(({ fingerprint }) => fingerprint)).toEqual(certificates());
    expect(failedLogins()).toEqual([0, 0, 0]);
  });

  it('opens a session at each, ends it, and pins the certificates that were accepted', async () => {
    const service = openBringup();
    const file = writeSite();
    stored.set('idrac', bmcs.machines[0]!.login);
    const input = { name: 'idrac', file, accept: certificates() };
    expect((await service.call('credentials.test', input)).ok).toBe(true);
    expect((await service.call('credentials.test', { name: 'idrac', file })).ok).toBe(true);
    expect(bmcs.machines.map((bmc) => bmc.stats().openSessions)).toEqual([0, 0, 0]);
  });

  it('that one refuses is not tried at the others, so that no account gets locked', async () => {
    const service = openBringup();
    stored.set('idrac', { username: 'root', password: WRONG });
    const input = { name: 'idrac', file: writeSite(), accept: certificates() };
    const { targets } = await service.call('credentials.test', input);
    expect(failedLogins()).toEqual([1, 0, 0]);
    expect(targets.map(({ refused }) => refused)).toEqual([true, false, false]);
    expect(targets[1]?.text).toContain('node-2 was not tried: BMC of node-1 refused');
  });

  it('without a user name says what is missing', async () => {
    const service = openBringup();
    stored.set('idrac', { password: WRONG });
    const input = { name: 'idrac', file: writeSite(), accept: certificates() };
    const { targets } = await service.call('credentials.test', input);
    expect(targets[0]?.text).toMatch(/no user name/);
    expect(failedLogins()).toEqual([0, 0, 0]);
  });
});

describe('a new value that has to prove itself', () => {
  it('replaces the old one when the machines take it, and keeps the user name', async () => {
    const service = openBringup();
    const { username, password } = bmcs.machines[0]!.login;
    stored.set('idrac', { username, password: WRONG });
    const prove = { file: writeSite(), accept: certificates() };
    const set = await service.call('credentials.set', { name: 'idrac', credential: { password }, prove });
    expect(set).toMatchObject({ stored: true, targets: [{ ok: true }, { ok: true }, { ok: true }] });
    expect(stored.get('idrac')).toEqual({ username, password });
  });

  it('leaves the old one where a machine refuses it, and where none can be reached', async () => {
    const service = openBringup();
    const old = { username: 'root', password: 'the-old-password' };
    stored.set('idrac', old);
    const file = writeSite();
    const credential = { password: WRONG };
    const refused = { name: 'idrac', credential, prove: { file, accept: certificates() } };
    expect((await service.call('credentials.set', refused)).stored).toBe(false);
    const nobody = writeSite(bmcs.machines.map(() => String(closedPort)));
    const unreachable = { name: 'idrac', credential, prove: { file: nobody } };
    expect((await service.call('credentials.set', unreachable)).stored).toBe(false);
    expect(stored.get('idrac')).toEqual(old);
  });
});

describe('what a site file wants', () => {
  it('is told by name, use and kind, also of a file in the making; never a value', async () => {
    const service = openBringup();
    stored.set('idrac', { privateKey: sshd.privateKey });
    stored.set('kvm-host', { username: 'installer', password: WRONG });
    const list = await service.call('credentials.list', { file: writeSite() });
    expect(list.wanted?.map(({ name, stored: kept, problem }) => [name, kept?.kind, problem])).toEqual([
      ['kvm-host', 'password', undefined],
      ['idrac', 'key', 'A BMC takes a password; this is a key.'],
      ['node', undefined, undefined],
    ]);
    expect(list.wanted?.[2]?.uses[1]).toEqual({
      ...{ target: 'server', host: 'node-2', path: '$.hosts[1].ssh.credential' },
    });
    expect(JSON.stringify(list)).not.toContain(WRONG);
    expect(JSON.stringify(list)).not.toContain(readFileSync(sshd.keyFile, 'utf8').split('\n')[2]);
  });

  it('names it where another name is meant', async () => {
    const service = openBringup();
    const input = { name: 'idrak', file: writeSite() };
    await expect(service.call('credentials.test', input)).rejects.toMatchObject({
      ...{ code: 'CREDENTIALS_UNUSED', exit: 2, hint: 'Did you mean idrac?' },
    });
  });
});
