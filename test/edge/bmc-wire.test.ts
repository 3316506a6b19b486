import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import https from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type BmcFault,
  type BmcSimulator,
  type SimulatedBmc,
  type SimulatedMachineOptions,
  createBmcSimulator,
  runBmcSimulator,
} from '../../main/lab/bmc/index.ts';

const SYSTEM = '/redfish/v1/Systems/System.Embedded.1';

let scratch: string;
const running: BmcSimulator[] = [];

beforeEach(async () => void (scratch = await mkdtemp(path.join(tmpdir(), 'bringup-bmc-wire-'))));
afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()));
  await rm(scratch, { recursive: true, force: true });
});

async function start(...machines: SimulatedMachineOptions[]): Promise<readonly SimulatedBmc[]> {
  const simulator = await createBmcSimulator({ machines });
  running.push(simulator);
  return simulator.machines;
}

async function startOne(options: SimulatedMachineOptions = {}): Promise<SimulatedBmc> {
  const [bmc] = await start(options);
  return bmc!;
}

function ask(bmc: SimulatedBmc, uri: string, init: RequestInit = {}): Promise<Response> {
  const secret = Buffer.from(`${bmc.login.username}:${bmc.login.password}`).toString('base64');
  return fetch(`${bmc.url}${uri}`, {
    ...init,
    headers: { Authorization: `Basic ${secret}`, ...init.headers },
  });
}

const json = async (bmc: SimulatedBmc, uri: string): Promise<unknown> => (await ask(bmc, uri)).json();
const post = (bmc: SimulatedBmc, uri: string, body: unknown) =>
  ask(bmc, uri, { method: 'POST', body: JSON.stringify(body) });

describe('many machines in one process', () => {
  it('are each themselves, with a state of their own', async () => {
    const [first, second] = await start({}, { identity: { name: 'other', serial: 'OTHER01' } });
    await post(first!, `${SYSTEM}/Actions/ComputerSystem.Reset`, { ResetType: 'ForceOff' });
    expect(await json(first!, SYSTEM)).toMatchObject({ SerialNumber: 'SIM0001', PowerState: 'Off' });
    expect(await json(second!, SYSTEM)).toMatchObject({
      SerialNumber: 'OTHER01',
      PowerState: 'On',
      HostName: 'other',
    });
  });

  it('all close when one of them cannot listen', async () => {
    const taken = await startOne();
    const port = Number(new URL(taken.url).port);
    await expect(createBmcSimulator({ machines: [{}, { port }] })).rejects.toThrow('EADDRINUSE');
  });
});

describe('the state', () => {
  it('survives the simulator, sessions do not', async () => {
    const stateFile = path.join(scratch, 'state.json');
    const before = await startOne({ stateFile });
    await ask(before, SYSTEM, { method: 'PATCH', body: JSON.stringify({ AssetTag: 'rack 3, unit 12' }) });
    await post(before, `${SYSTEM}/VirtualMedia/1/Actions/VirtualMedia.InsertMedia`, {
      Image: 'http://192.0.2.1/a.iso',
    });
    const session = await post(before, '/redfish/v1/SessionService/Sessions', {
      UserName: before.login.username,
      Password: before.login.password,
    });
    expect(session.status).toBe(201);
    await running.pop()?.close();
    const after = await startOne({ stateFile });
    expect(await json(after, SYSTEM)).toMatchObject({ AssetTag: 'rack 3, unit 12' });
    expect(await json(after, `${SYSTEM}/VirtualMedia/1`)).toMatchObject({ Inserted: true });
    expect(after.stats().openSessions).toBe(0);
  });

  it('starts anew when its file is broken', async () => {
    const stateFile = path.join(scratch, 'state.json');
    await writeFile(stateFile, '{"power": "O');
    expect(await json(await startOne({ stateFile }), SYSTEM)).toMatchObject({ PowerState: 'On' });
  });
});

describe('faults on the wire', () => {
  const withFault = (fault: BmcFault) => startOne({ faults: [fault] });

  it('malformed, truncated and empty answers look like success at first', async () => {
    const malformed = await ask(await withFault({ kind: 'malformed' }), SYSTEM);
    expect(malformed.status).toBe(200);
    await expect(malformed.json()).rejects.toThrow(SyntaxError);
    const truncated = await ask(await withFault({ kind: 'truncated' }), SYSTEM);
    expect(truncated.status).toBe(200);
    await expect(truncated.text()).rejects.toThrow('terminated');
    expect(await (await ask(await withFault({ kind: 'empty' }), SYSTEM)).text()).toBe('');
  });

  it('503 tells when to come back, and ends after its times', async () => {
    const bmc = await withFault({ kind: 'unavailable', retryAfter: 7, times: 2 });
    const answers = [await ask(bmc, SYSTEM), await ask(bmc, SYSTEM), await ask(bmc, SYSTEM)];
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 200]);
    expect(answers[0]?.headers.get('retry-after')).toBe('7');
  });

  it('an error shows under its subtree only', async () => {
    const bmc = await withFault({ kind: 'error', path: `${SYSTEM}/Storage` });
    expect((await ask(bmc, `${SYSTEM}/Storage`)).status).toBe(500);
    expect((await ask(bmc, SYSTEM)).status).toBe(200);
  });

  it('a connection is reset, or never answered', async () => {
    await expect(ask(await withFault({ kind: 'reset' }), SYSTEM)).rejects.toThrow('fetch failed');
    const silent = await withFault({ kind: 'silent' });
    await expect(ask(silent, SYSTEM, { signal: AbortSignal.timeout(300) })).rejects.toThrow('timeout');
  });

  it('a huge answer is as large as it was asked to be; a slow one is whole in the end', async () => {
    const huge = await ask(await withFault({ kind: 'huge', mebibytes: 3 }), SYSTEM);
    expect((await huge.arrayBuffer()).byteLength).toBeGreaterThan(3 * 1024 * 1024);
    const drip = await ask(await withFault({ kind: 'drip', bytesPerSecond: 20_000 }), SYSTEM);
    expect(await drip.json()).toMatchObject({ Model: 'PowerEdge R750' });
  });

  it('are switched by the control resource, with a JSON content type only', async () => {
    const bmc = await startOne();
    const put = (type: string, faults: unknown) =>
      fetch(`${bmc.url}/simulator/faults`, {
        method: 'PUT',
        headers: { 'Content-Type': type },
        body: JSON.stringify(faults),
      });
    expect((await put('text/plain', [{ kind: 'unauthorized' }])).status).toBe(415);
    expect(await (await put('application/json', [{ kind: 'nonsense' }])).json()).toMatchObject({
      code: 'BMC_FAULT_INVALID',
    });
    expect((await put('application/json', [{ kind: 'unauthorized' }])).status).toBe(200);
    expect((await ask(bmc, SYSTEM)).status).toBe(401);
    await put('application/json', []);
    expect((await ask(bmc, SYSTEM)).status).toBe(200);
  });

  it('are switched by a file that may come and go', async () => {
    const faultsFile = path.join(scratch, 'faults.json');
    const bmc = await startOne({ faultsFile });
    expect((await ask(bmc, SYSTEM)).status).toBe(200);
    await writeFile(faultsFile, '[{"kind": "unavailable"}]');
    expect((await ask(bmc, SYSTEM)).status).toBe(503);
    await rm(faultsFile);
    expect((await ask(bmc, SYSTEM)).status).toBe(200);
  });
});

describe('https', () => {
  const dial = (bmc: SimulatedBmc, ca: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      https
        .get(`${bmc.url}/redfish/v1`, { ca, agent: false }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
        .on('error', reject);
    });

  it('has a certificate of its own that a client can verify, until it is made to expire', async () => {
    const bmc = await startOne({ tls: 'own' });
    const { pem, sha256 } = bmc.certificate!;
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(await dial(bmc, pem)).toBe(200);
    await bmc.setFaults([{ kind: 'certificate-expired' }]);
    await expect(dial(bmc, pem)).rejects.toMatchObject({ code: 'CERT_HAS_EXPIRED' });
    await bmc.setFaults([]);
    expect(await dial(bmc, pem)).toBe(200);
  });
});

describe('started by a person', () => {
  it('serves any capture from a file, counts machines up from a port, and keeps their state in a folder', async () => {
    const capture = path.join(scratch, 'capture.json');
    const root = {
      '@odata.id': '/redfish/v1',
      '@odata.type': '#ServiceRoot.v1_5_0.ServiceRoot',
      RedfishVersion: '1.6.0',
      Vendor: 'Acme',
    };
    await writeFile(capture, JSON.stringify({ '/redfish/v1': root }));
    const state = path.join(scratch, 'state');
    const simulator = await runBmcSimulator({ capture, count: 3, http: true, state });
    running.push(simulator);
    expect(simulator.machines.map(({ name }) => name)).toEqual(['machine-1', 'machine-2', 'machine-3']);
    expect(await json(simulator.machines[2]!, '/redfish/v1')).toMatchObject({ Vendor: 'Acme' });
  });

  it.each([
    [{ listen: 'nonsense' }, 'BMC_LISTEN_INVALID'],
    [{ listen: '0.0.0.0:8080', http: true }, 'BMC_LISTEN_INVALID'],
    [{ listen: '127.0.0.1:65000', count: 1000 }, 'BMC_LISTEN_INVALID'],
    [{ capture: '/no/such/file.json' }, 'BMC_CAPTURE_INVALID'],
    [{ faults: '/no/such/file.json' }, 'BMC_FAULT_INVALID'],
  ])('says what is wrong with %j', async (options, code) => {
    await expect(runBmcSimulator(options)).rejects.toMatchObject({ code });
  });

  it('keeps a state file only its owner can read', async () => {
    const simulator = await runBmcSimulator({ http: true, state: scratch });
    running.push(simulator);
    const bmc = simulator.machines[0]!;
    await post(bmc, `${SYSTEM}/Actions/ComputerSystem.Reset`, { ResetType: 'ForceOff' });
    expect(JSON.parse(await readFile(path.join(scratch, 'machine-1.json'), 'utf8'))).toMatchObject({
      power: 'Off',
    });
  });
});
