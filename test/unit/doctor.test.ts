import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkMachine, judgeSpace, nodeCheck } from '../../main/adapters/machine-checks.ts';
import { doctor } from '../../src/app/doctor.ts';
import { BringupError } from '../../src/contract/errors.ts';
import type { RunEvent } from '../../src/contract/events.ts';
import { encodeEvent } from '../../src/runs/index.ts';
import { journalPath } from '../../main/adapters/journal-files.ts';
import { laptopPorts } from '../edge/laptop-ports.ts';
import { failedRun, runningRun } from '../fixtures/journals/samples.ts';
import { mkdirSync, writeFileSync } from 'node:fs';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'bringup-doctor-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

function leave(run: string, events: readonly RunEvent[], more = ''): void {
  const file = journalPath(home, run);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, events.map((event) => `${encodeEvent(event)}\n`).join('') + more);
}

const found = async (id: string, more: Parameters<typeof laptopPorts>[2] = {}) =>
  (await doctor(laptopPorts(home, {}, more))).checks.find((check) => check.id === id);

describe('what the machine has', () => {
  it('an older Node.js than is needed has failed', () => {
    expect(nodeCheck('20.20.2').status).toBe('ok');
    expect(nodeCheck('22.1.0').status).toBe('ok');
    expect(nodeCheck('20.18.3')).toMatchObject({ status: 'failed', remedy: /20\.19/ });
    expect(nodeCheck('18.20.0').status).toBe('failed');
  });

  it('little disk space is warned of, hardly any has failed', () => {
    expect(judgeSpace(5e9).status).toBe('ok');
    expect(judgeSpace(5e8)).toMatchObject({ status: 'warning', seen: '0.5 GiB free' });
    expect(judgeSpace(5e7).status).toBe('failed');
  });

  it('a folder that cannot be written has failed, and says how to choose another', async () => {
    const file = path.join(home, 'a-file');
    await writeFile(file, '');
    const checks = await checkMachine({ home: path.join(file, 'below'), root: home });
    expect(checks.find(({ id }) => id === 'home')).toMatchObject({
      status: 'failed',
      remedy: expect.stringContaining('BRINGUP_HOME') as string,
    });
    expect(checks.some(({ id }) => id === 'space')).toBe(false);
  });

  it('a folder of its own leaves nothing behind', async () => {
    const own = path.join(home, 'own');
    const checks = await checkMachine({ home: own, root: home });
    expect(checks.filter(({ id }) => id === 'home' || id === 'ssh').map(({ status }) => status)).toEqual([
      'ok',
      'ok',
    ]);
    await rm(own, { recursive: true });
  });
});

describe('what Bringup itself has here', () => {
  it('credentials that cannot be reached are told with the way out', async () => {
    const error = new BringupError({
      code: 'CREDENTIALS_LOCKED',
      message: 'It is locked.',
      hint: 'Unlock it.',
    });
    const refuse = async (): Promise<never> => Promise.reject(error);
    const credentials = { get: refuse, set: refuse, list: refuse, delete: refuse };
    expect(await found('credentials', { credentials })).toMatchObject({
      ...{ status: 'failed', code: 'CREDENTIALS_LOCKED', seen: 'It is locked.', remedy: 'Unlock it.' },
    });
    expect((await doctor(laptopPorts(home, {}, { credentials }))).ok).toBe(false);
  });

  it('no passphrase is asked for to say that the file is closed', async () => {
    const refuse = async (): Promise<never> => Promise.reject(new Error('the file was opened'));
    const file = { path: '/home/credentials.sealed', state: 'closed' } as const;
    const credentials = {
      ...{ get: refuse, set: refuse, list: refuse, delete: refuse },
      choice: { state: async () => ({ store: 'file', file }) as const, use: refuse },
    };
    expect(await found('credentials', { credentials })).toMatchObject({ status: 'ok' });
  });

  it('a journal that cannot be read has failed and is named; others are counted', async () => {
    leave(failedRun[0]!.run, failedRun);
    expect(await found('journals')).toMatchObject({ status: 'ok', seen: '1 run' });
    leave('20261121-000000-broken-0000', [], 'no journal at all\n{"half": ');
    expect(await found('journals')).toMatchObject({
      status: 'failed',
      seen: expect.stringContaining('20261121-000000-broken-0000') as string,
    });
  });

  it('a run without an end, or from the future, is worth a look', async () => {
    leave(runningRun[0]!.run, runningRun);
    expect(await found('journals')).toMatchObject({
      status: 'warning',
      remedy: `Go on with it: bringup resume ${runningRun[0]!.run}`,
    });
    const clock = { now: () => new Date('2026-01-01T00:00:00Z') };
    expect(await found('journals', { clock })).toMatchObject({
      status: 'warning',
      remedy: expect.stringContaining('clock') as string,
    });
  });
});
