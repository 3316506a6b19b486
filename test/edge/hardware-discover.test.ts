import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { DiscoveredMachine } from '../../src/contract/hardware.ts';
import { runDiscovery, type RunDiscoveryOptions } from '../../src/hardware/index.ts';
import {
  fail,
  LOGIN,
  ownCertificate,
  reply,
  type Script,
  SESSIONS,
  smallTree,
  startBmc,
  type TestBmc,
} from './hardware-bmc.ts';
import { closeAfterEach, QUICK, SYSTEM } from './hardware-rig.ts';
import { freePort, refusal } from './remote-sshd.ts';

const opened = closeAfterEach();
const LIMITS = { ...QUICK, longestPauseSeconds: 0.02, connectSeconds: 3, requestSeconds: 2 };

async function bmc(serial: string, script?: Script): Promise<TestBmc> {
  const tree = smallTree({
    [SYSTEM]: {
      Id: '1',
      SerialNumber: serial,
      PowerState: 'On',
      Memory: { '@odata.id': `${SYSTEM}/Memory` },
    },
  });
  return opened(await startBmc({ tree, ...(script === undefined ? {} : { script }) }));
}

async function run(bmcs: readonly { base: string }[], more: Partial<RunDiscoveryOptions> = {}) {
  const { sha256 } = await ownCertificate();
  return runDiscovery({
    targets: bmcs.map(({ base }) => ({ base, credential: LOGIN, trust: { pin: sha256 } })),
    limits: LIMITS,
    ...more,
  });
}

const outcome = ({ ok, snapshot, error }: DiscoveredMachine): string | undefined =>
  ok ? snapshot?.serial : error?.code;

describe('a discovery', () => {
  it('reads every machine, gives names, and tells of each as soon as it is there', async () => {
    const [one, two] = [await bmc('AAA1111'), await bmc('BBB2222')];
    const told: string[] = [];
    const raw = new Map<string, readonly string[]>();
    const result = await run([one, two], {
      site: 'plant-7',
      planned: [
        { name: 'node-1', serial: 'AAA1111', bmc: { address: '127.0.0.1', port: one.port } },
        { name: 'node-2', serial: 'CCC3333', bmc: { address: '127.0.0.1', port: two.port } },
      ],
      checks: [() => [{ severity: 'note', code: 'hw.note', message: 'A check of the caller.' }]],
      onResult: (machine) => told.push(machine.bmc),
      onRaw: (address, resources) => void raw.set(address, [...resources.keys()]),
    });
    expect(result).toMatchObject({
      site: 'plant-7',
      machines: [
        { host: 'node-1', ok: true },
        { host: 'node-2', ok: true },
      ],
    });
    expect(result.machines[0]?.snapshot).toMatchObject({ serial: 'AAA1111', power_state: 'On' });
    expect(result.machines[0]?.snapshot?.bmc.certificate?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(result.findings.map(({ code }) => code)).toEqual(['host.serial_differs', 'hw.note']);
    expect(told.sort()).toEqual([one.base, two.base].sort());
    expect(raw.get(one.base)).toEqual(expect.arrayContaining(['/redfish/v1', '/redfish/v1/Systems', SYSTEM]));
    expect([one, two].map(({ sessions }) => sessions.size)).toEqual([0, 0]);
  });

  it('gives every bad BMC its own reason and spoils no other', async () => {
    const system =
      (answer: Script): Script =>
      (seen, ...rest) =>
        seen.url === SYSTEM && answer(seen, ...rest);
    const atLogin =
      (answer: Script): Script =>
      (seen, ...rest) =>
        seen.method === 'POST' && answer(seen, ...rest);
    const web = createServer((_, response) => void response.end('<html>A switch</html>'));
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    opened({
      close: () => new Promise((resolve) => void web.close(() => resolve()).closeAllConnections()),
    });
    const bad: [string, { base: string }][] = [
      [
        'REDFISH_LOGIN_LOCKED',
        await bmc(
          'X1',
          atLogin((_, response) => fail(response, 403, 'x', 'Account is locked.')),
        ),
      ],
      [
        'REDFISH_BUSY',
        await bmc(
          'X2',
          atLogin((_, response) => fail(response, 503, 'x', 'Busy.')),
        ),
      ],
      ['REDFISH_NOT_REDFISH', await bmc('X3', (_, response) => reply(response, 200, '<html>'))],
      ['REDFISH_NOT_REDFISH', { base: `https://127.0.0.1:${(web.address() as { port: number }).port}` }],
      ['REDFISH_REFUSED', { base: `https://127.0.0.1:${await freePort()}` }],
      ['REDFISH_TIMEOUT', await bmc('X4', () => true)],
      ['REDFISH_CLOSED', await bmc('X5', (_, response) => response.destroy() !== undefined)],
      ['REDFISH_ADDRESS', { base: 'https://not an address' }],
      [
        'REDFISH_MALFORMED',
        await bmc('X6', ({ url }, response) => url === '/redfish/v1/Systems' && reply(response, 200, '{')),
      ],
    ];
    const odd = await bmc(
      'ODD0001',
      system((_, response, times) => times === 1 && reply(response, 200, '{"Id')),
    );
    const good = await bmc('GOOD001');
    const result = await run([...bad.map(([, one]) => one), odd, good]);
    expect(result.machines.map(outcome)).toEqual([...bad.map(([code]) => code), 'ODD0001', 'GOOD001']);
    for (const { error } of result.machines.slice(0, bad.length)) {
      expect(error?.message).toMatch(/\.$/);
      expect(error?.hint).toBeTruthy();
    }
  });

  it('turns a fault of its own into the result of that machine', async () => {
    const [one, two] = [await bmc('A'), await bmc('B')];
    const read: RunDiscoveryOptions['read'] = async (reader, { address }) => {
      if (address === one.base) throw new TypeError('cannot read properties');
      return { serial: (await reader.get(SYSTEM))['SerialNumber'], nics: [] } as never;
    };
    expect((await run([one, two], { read })).machines.map(outcome)).toEqual(['INTERNAL', 'B']);
    expect(one.sessions.size).toBe(0);
  });

  it('does not call a machine read whose BMC went away in the middle', async () => {
    const gone = await bmc('A', ({ url }, response) => {
      if (!url.startsWith(`${SYSTEM}/`)) return false;
      response.destroy();
      return true;
    });
    const read: RunDiscoveryOptions['read'] = async (reader) => {
      const { SerialNumber: serial } = await reader.get(SYSTEM);
      const parts = ['Memory', 'Processors', 'Storage', 'Bios'].map((part) =>
        reader.get(`${SYSTEM}/${part}`),
      );
      await Promise.allSettled(parts);
      return { serial, nics: [] } as never;
    };
    const [machine] = (await run([gone], { read })).machines;
    expect(machine).toMatchObject({ ok: false, error: { code: 'REDFISH_CLOSED' } });
    expect(machine).not.toHaveProperty('snapshot');
    // One part that breaks the link is a gap of that machine, and no more.
    const odd = await bmc(
      'ODD0001',
      ({ url }, response) => url === `${SYSTEM}/Memory` && response.destroy() !== undefined,
    );
    const [other] = (await run([odd])).machines;
    expect(other?.ok).toBe(true);
    expect(other?.snapshot?.gaps.map(({ uri }) => uri)).toContain(`${SYSTEM}/Memory`);
  });

  it('gives up one machine that takes for ever, and not the others', async () => {
    const slow = await bmc('A', ({ url }) => url === SYSTEM);
    const good = await bmc('GOOD001');
    const result = await run([slow, good], { machineSeconds: 1, limits: { ...LIMITS, requestSeconds: 60 } });
    expect(result.machines.map(outcome)).toEqual(['REDFISH_TIMEOUT', 'GOOD001']);
    expect(result.machines[0]?.error?.message).toContain('still being read after 1 s');
    expect(slow.sessions.size).toBe(0);
  });

  it('holds a wrong credential back after three refusals, whatever the number of machines', async () => {
    const bmcs = await Promise.all(Array.from({ length: 10 }, (_, index) => bmc(`S${index}`)));
    const { sha256 } = await ownCertificate();
    const credential = { ...LOGIN, password: 'wrong-bmc-password' };
    const result = await run([], {
      targets: bmcs.map(({ base }) => ({ base, credential, trust: { pin: sha256 } })),
    });
    const codes = result.machines.map(outcome);
    expect(codes.filter((code) => code === 'REDFISH_LOGIN_REFUSED')).toHaveLength(3);
    expect(codes.filter((code) => code === 'REDFISH_LOGIN_HELD_BACK')).toHaveLength(7);
    const tries = bmcs.flatMap(({ seen }) => seen.filter(({ url }) => url === SESSIONS));
    expect(tries).toHaveLength(3);
    expect(JSON.stringify(result)).not.toContain('wrong-bmc-password');
  });

  it('ends all sessions when it is cancelled', async () => {
    const controller = new AbortController();
    const bmcs = await Promise.all(
      [1, 2, 3].map((index) =>
        bmc(`S${index}`, ({ url }) => {
          if (url === SYSTEM) setImmediate(() => controller.abort());
          return url === SYSTEM;
        }),
      ),
    );
    const error = await refusal(run(bmcs, { signal: controller.signal }));
    expect(error).toMatchObject({ code: 'CANCELLED', exit: 4 });
    expect(bmcs.map(({ sessions }) => sessions.size)).toEqual([0, 0, 0]);
  });
});

describe('a search of a range', () => {
  it('looks without a password first, and logs in only where a BMC answers', async () => {
    const { sha256 } = await ownCertificate();
    const [listed, other] = [await bmc('LISTED1'), await bmc('OTHER01')];
    const web = await bmc('WEB', (_, response) => reply(response, 200, '{"hello": "world"}'));
    const address = ({ port }: { port: number }): string => `127.0.0.1:${port}`;
    const progress: number[] = [];
    const result = await run([listed], {
      planned: [{ name: 'node-1', serial: 'LISTED1' }],
      scan: [
        {
          addresses: [address(listed), address(other), address(web), address({ port: await freePort() })],
          credential: LOGIN,
          trust: () => ({ pin: sha256 }),
        },
      ],
      onProgress: ({ searched }) => progress.push(searched),
    });
    expect(result.machines.map(outcome)).toEqual(['LISTED1', 'OTHER01']);
    expect(result.findings).toMatchObject([{ code: 'host.stranger', seen: 'OTHER01' }]);
    expect(web.seen.map(({ method, url }) => `${method} ${url}`)).toEqual(['GET /redfish/v1/']);
    expect(other.seen[0]).toMatchObject({ method: 'GET', url: '/redfish/v1/' });
    expect(Math.max(...progress)).toBe(3);
  });

  it('shows the certificate of a BMC it found and may not trust yet', async () => {
    const found = await bmc('OTHER01');
    const result = await run([], { scan: [{ addresses: [`127.0.0.1:${found.port}`], credential: LOGIN }] });
    expect(result.machines).toMatchObject([{ ok: false, error: { code: 'REDFISH_CERTIFICATE_UNKNOWN' } }]);
    expect(found.seen.every(({ url }) => url === '/redfish/v1/')).toBe(true);
  });

  it('has one result for a machine with two addresses', async () => {
    const [one, same] = [await bmc('SAME001'), await bmc('SAME001')];
    const { sha256 } = await ownCertificate();
    const addresses = [`127.0.0.1:${one.port}`, `127.0.0.1:${same.port}`];
    const result = await run([], {
      scan: [{ addresses, credential: LOGIN, trust: () => ({ pin: sha256 }) }],
    });
    expect(result.machines).toHaveLength(1);
  });
});
