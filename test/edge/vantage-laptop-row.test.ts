import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { withLaptopRow } from '../../src/app/laptop-row.ts';
import type { PlannedStage } from '../../src/contract/events.ts';
import type { StageAttempt, StageEvent, StageOutcome } from '../../src/contract/ports.ts';
import type { NormalisedSite } from '../../src/site/index.ts';
import { readEchoes } from '../../src/vantage/laptop-answers.ts';
import { askNames, askTime, sendEchoes, tryConnect, trySizes } from '../../src/vantage/laptop-collect.ts';
import { siteOf } from '../unit/site-example.ts';

// Below the ports that a system gives to clients.
const DNS_PORT = 10_000 + (process.pid % 10_000);
const NTP_PORT = DNS_PORT + 10_000;
const NAME = 'deploy.plant7.acme.example';
const ready = { timeout: 20_000, interval: 100 };
const never = new AbortController().signal;

let folder: string;
let sshd: Server;
const daemons: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'laptop-row-'));
  sshd = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.5');
  await once(sshd, 'listening');
  const zone = [
    `--host-record=${NAME},127.0.0.10`,
    '--local=/plant7.acme.example/',
    '--no-resolv',
    '--no-hosts',
  ];
  daemons.push(
    spawn('dnsmasq', [
      ...['--keep-in-foreground', '--conf-file=/dev/null', `--port=${DNS_PORT}`, `--pid-file=${folder}/dns`],
      ...['--listen-address=127.0.0.1', '--bind-interfaces', ...zone],
    ]),
  );
  const chrony = [
    ...['local stratum 5', 'allow 127.0.0.1', `port ${NTP_PORT}`, 'bindaddress 127.0.0.1', 'cmdport 0'],
    ...['bindcmdaddress /', `pidfile ${folder}/chrony`],
  ];
  await writeFile(join(folder, 'chrony.conf'), `${chrony.join('\n')}\n`);
  // Without -x it would set the clock of this machine.
  daemons.push(spawn('chronyd', ['-n', '-x', '-f', join(folder, 'chrony.conf')]));
});

afterAll(async () => {
  sshd.close();
  for (const daemon of daemons) {
    if (daemon.exitCode !== null) continue;
    daemon.kill();
    await once(daemon, 'exit');
  }
  await rm(folder, { recursive: true });
});

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('the laptop asks', () => {
  it('a name server, and tells its answer from its silence', async () => {
    const server = `127.0.0.1:${DNS_PORT}`;
    const ask = () => askNames(server, [{ name: NAME, address: '127.0.0.10' }, { name: `x.${NAME}` }], never);
    await vi.waitFor(async () => expect((await ask())[0]?.addresses).toBeDefined(), ready);
    expect(await ask()).toEqual([
      { name: NAME, wanted: '127.0.0.10', addresses: ['127.0.0.10'] },
      { name: `x.${NAME}`, error: 'ENOTFOUND' },
    ]);
    expect(await askNames('127.0.0.1:9', [{ name: NAME }], never)).toEqual([
      { name: NAME, error: 'ECONNREFUSED' },
    ]);
  });

  it('a time server for its clock, which is ours here', async () => {
    const ask = () => askTime('127.0.0.1', never, NTP_PORT);
    await vi.waitFor(async () => expect(await ask()).toHaveProperty('offset'), ready);
    const answer = await ask();
    expect(answer).toMatchObject({ synchronised: true, stratum: 5 });
    expect('offset' in answer && Math.abs(answer.offset)).toBeLessThan(5);
    expect(await askTime('127.0.0.1', never, 9)).toHaveProperty('error');
  });

  it('a machine by a connection, by echoes and by packets of full size', async () => {
    expect(await tryConnect('127.0.0.5', portOf(sshd), never)).toHaveProperty('ms');
    expect(await tryConnect('127.0.0.5', 9, never)).toEqual({ error: 'ECONNREFUSED' });
    const echoes = await sendEchoes('127.0.0.5', 3, never);
    expect(readEchoes(echoes, 3)).toMatchObject({ sent: 3, answered: 3 });
    const sizes = await trySizes('127.0.0.5', 1500, never);
    expect(sizes.map(({ size }) => size)).toEqual([1472]);
    // The loopback's own limit: what is wider is refused at home, and narrower packets are tried.
    const wide = await trySizes('127.0.0.5', 65_600, never);
    expect(wide.map(({ size }) => size)).toEqual([65_572, 1464, 1422, 1372, 1252]);
  });

  it('nobody any longer once it is stopped', async () => {
    const halt = new AbortController();
    const asked = [
      askTime('127.0.0.1', halt.signal, 9),
      sendEchoes('127.0.0.5', 600, halt.signal),
      askNames('192.0.2.1', [{ name: NAME }], halt.signal),
      tryConnect('192.0.2.1', 22, halt.signal),
    ];
    halt.abort();
    await Promise.all(asked);
  });
});

describe('a stage that tests the network', () => {
  /** The site of the example with all its machines on the loopback: BMC and name server refuse, the KVM host answers. */
  function loopback(): NormalisedSite {
    const site = siteOf();
    site.kvm_host = { ...site.kvm_host, address: '127.0.0.5', port: portOf(sshd) };
    site.deployment_vm = { ...site.deployment_vm, address: '127.0.0.10' };
    site.hosts = site.hosts.slice(0, 1).map((host) => ({
      ...host,
      bmc: { ...host.bmc!, address: '127.0.0.11', port: 9 },
      interfaces: host.interfaces.slice(0, 1).map((entry) => ({ ...entry, address: '127.0.0.12' })),
    }));
    site.services = { ...site.services, ntp: { ...site.services.ntp, servers: ['127.0.0.13'] } };
    return site;
  }
  const attempt: StageAttempt = { attempt: 1, leftOut: [], kill: never, knows: () => false };
  const stageOf = (playbook: string): PlannedStage => ({
    ...{ id: 'network-tests', title: 'Network tests', runs_on: 'deployment-vm' },
    ...{ playbook, after: [], hosts: ['deploy', 'node-1'] },
  });
  const good: StageOutcome = { status: 'ok' };
  /** Carries out a stage; tells what the laptop added to its events. */
  async function rowOf(playbook: string, more: object, carryOut: () => Promise<StageOutcome>) {
    const events: StageEvent[] = [];
    const row = { site: loopback(), attempt, emit: (event: StageEvent) => events.push(event), signal: never };
    const outcome = await withLaptopRow(stageOf(playbook), { ...row, ...more }, carryOut);
    return { outcome, events };
  }

  it('has a row of the laptop after the tasks of the playbook, a play of its own', async () => {
    const { outcome, events } = await rowOf(
      'network-tests.yml',
      {},
      // Longer than the echoes to the KVM host take: the laptop tests meanwhile.
      async () => sleep(6000, good),
    );
    expect(outcome).toBe(good);
    expect(events[0]).toMatchObject({ kind: 'task.started', play: 'Test from the laptop' });
    const [, result] = events;
    if (result?.kind !== 'host.result') throw new Error('no row');
    expect(result).toMatchObject({ host: 'laptop', status: 'ok' });
    expect(result.text).toMatch(/^\d+ tests: \d+ ok, \d+ not tried$/);
    const seen = (probe: string, to?: string) =>
      result.cells?.find((cell) => cell.probe === probe && cell.to === to);
    expect(seen('latency', 'kvm-host')?.seen).toMatch(/^\d+\.\d+ ms$/);
    expect(seen('mtu', 'kvm-host')).toMatchObject({ status: 'ok', seen: '1500 bytes' });
    expect(seen('reach', 'deploy')?.seen).toBe('logged in, through the KVM host');
    expect(seen('reach', 'node-1')?.status).toBe('ok');
    expect(seen('bmcs')?.seen).toBe('not needed from here: refused on TCP port 9');
    expect(events).toHaveLength(2);
  });

  it('keeps its end, however bad, and has the row all the same', async () => {
    const lost = expect(
      rowOf('network-tests.yml', {}, () => Promise.reject(new Error('lost'))),
    ).rejects.toThrow('lost');
    const { outcome, events } = await rowOf('network-tests.yml', {}, () =>
      Promise.resolve({ status: 'failed', text: 'no' }),
    );
    expect(outcome).toEqual({ status: 'failed', text: 'no' });
    expect(events).toHaveLength(2);
    await lost;
  });

  it('has no row where it is another stage, was cancelled, or has one already', async () => {
    const halt = new AbortController();
    halt.abort();
    const none = [
      rowOf('network-services.yml', {}, () => Promise.resolve(good)),
      rowOf('network-tests.yml', { signal: halt.signal }, () => Promise.resolve({ status: 'cancelled' })),
      rowOf('network-tests.yml', { attempt: { ...attempt, knows: () => true } }, () => Promise.resolve(good)),
    ];
    for (const { events } of await Promise.all(none)) expect(events).toEqual([]);
  });
});
