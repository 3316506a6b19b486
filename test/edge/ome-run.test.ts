import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificate } from '../../main/lab/bmc/index.ts';
import { runOmeSimulator } from '../../main/lab/ome/index.ts';
import { omeClient } from './ome-client.ts';

let folder: string;
const file = (name: string) => path.join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bringup-ome-run-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('serves with the certificate, the login, the state and the faults that files hold', async () => {
  const { key, cert } = await makeCertificate(['127.0.0.1']);
  await Promise.all([
    writeFile(file('key'), key),
    writeFile(file('cert'), cert),
    writeFile(file('password'), 'from-a-file-only\n'),
    writeFile(file('faults'), '[{"kind": "unavailable", "path": "/api/GroupService"}]'),
  ]);
  const ome = await runOmeSimulator({
    ...{ cert: file('cert'), key: file('key'), passwordFile: file('password'), user: 'operator' },
    ...{ state: file('state'), faults: file('faults'), jobSeconds: 0 },
  });
  try {
    expect(ome.login).toEqual({ username: 'operator', password: 'from-a-file-only' });
    expect(ome.certificate.pem).toBe(cert);
    const { ask } = omeClient(ome);
    expect(await ask('GET', 'ApplicationService/Info')).toMatchObject({ status: 200 });
    expect(await ask('GET', 'GroupService/Groups')).toMatchObject({ status: 503 });
    await rm(file('faults'));
    expect(await ask('GET', 'GroupService/Groups')).toMatchObject({ status: 200 });
    const GroupModel = { Name: 'kept', ParentId: 1021 };
    await ask('POST', 'GroupService/Actions/GroupService.CreateGroup', { GroupModel });
  } finally {
    await ome.close();
  }
  expect(await readFile(file('state/ome.json'), 'utf8')).toContain('"kept"');
});

it('makes up a password and a certificate where none is given', async () => {
  const ome = await runOmeSimulator();
  try {
    expect(ome.login.password.length).toBeGreaterThan(12);
    expect(await omeClient(ome).ask('GET', 'JobService/Jobs')).toMatchObject({ status: 200 });
  } finally {
    await ome.close();
  }
});

describe('says what is wrong with', () => {
  it.each([
    [{ listen: 'nowhere' }, 'OME_LISTEN_INVALID'],
    [{ cert: 'only-a-certificate' }, 'OME_OPTION_INVALID'],
    [{ passwordFile: '/does/not/exist' }, 'OME_OPTION_INVALID'],
    [{ jobSeconds: NaN }, 'OME_OPTION_INVALID'],
    [{ faults: '/dev/null' }, 'OME_OPTION_INVALID'],
  ])('%o', async (options, code) => {
    await expect(runOmeSimulator(options)).rejects.toMatchObject({
      code,
      hint: expect.any(String) as string,
    });
  });
});
