import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { BringupError } from '../../src/contract/errors.ts';
import { type LabContext, createLabContext } from './context.ts';
import { LAB } from './layout.ts';
import type { LabCredentials, LabOptions } from './types.ts';
import { writeAtomically } from './write-atomically.ts';

/** The credentials of a lab that is up; LAB_NOT_UP when there is none. */
export async function readLabCredentials(options: LabOptions = {}): Promise<LabCredentials> {
  const lab = createLabContext(options);
  const text = await readFile(lab.credentialsFile, 'utf8').catch(() => undefined);
  if (text === undefined) {
    throw new BringupError({
      code: 'LAB_NOT_UP',
      message: `There is no lab "${lab.name}" on this machine, so it has no credentials.`,
      hint: 'bringup lab up makes one.',
    });
  }
  return JSON.parse(text) as LabCredentials;
}

/** Reads the lab's credentials, making random ones the first time; readable by root only. */
export async function ensureCredentials(lab: LabContext): Promise<LabCredentials> {
  if (existsSync(lab.credentialsFile)) {
    return JSON.parse(await readFile(lab.credentialsFile, 'utf8')) as LabCredentials;
  }
  const credentials: LabCredentials = {
    'lab/kvm-host': { username: LAB.kvmHost.user, password: randomPassword() },
    'lab/node': { username: LAB.nodeUser, password: randomPassword() },
    'lab/bmc': { username: 'root', password: randomPassword() },
    'lab/ome': { username: LAB.ome.user, password: randomPassword() },
  };
  await mkdir(lab.stateDir, { recursive: true, mode: 0o700 });
  writeAtomically(lab.credentialsFile, `${JSON.stringify(credentials, null, 2)}\n`, 0o600);
  return credentials;
}

function randomPassword(): string {
  return randomBytes(18).toString('base64url');
}
