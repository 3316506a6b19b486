import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BringupError } from '../../src/contract/errors.ts';
import { certificatePin, makeCertificate } from './bmc/index.ts';
import type { LabContext } from './context.ts';
import { LAB } from './layout.ts';
import { namespacePath } from './network.ts';
import { killProcesses, processMark } from './processes.ts';
import { simulatorCommand, startProgram } from './programs.ts';
import { tryTool } from './run-tool.ts';
import type { LabCredential } from './types.ts';
import { writeAtomically } from './write-atomically.ts';

/** Starts the simulated OpenManage Enterprise in the background, after ending one that was left. */
export async function startOme(lab: LabContext, login: LabCredential): Promise<void> {
  await killProcesses(lab, ['ome']);
  await ensureOmeCertificate(lab);
  const file = (name: string): string => path.join(omeFolder(lab), name);
  writeAtomically(file('password'), `${login.password}\n`, 0o600);
  // A restarted simulator is well again, whatever was switched on before.
  writeAtomically(file('faults.json'), '[]\n');
  const options = {
    ...{ listen: `${LAB.ome.address}:443`, user: login.username, 'password-file': file('password') },
    ...{ cert: file('ome.crt'), key: file('ome.key'), state: file('state'), faults: file('faults.json') },
    tag: processMark(lab, 'ome'),
  };
  const words = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  const command = [...simulatorCommand('ome-simulator'), 'serve', ...words];
  await startProgram(lab, 'ome', { command, logFile: file('log') });
}

/** Whether it answers by the certificate of the site file, when asked from the KVM host's network. */
export async function isOmeUp(lab: LabContext): Promise<boolean> {
  const probe = [...simulatorCommand('ome-simulator'), 'probe'];
  const pair = `${LAB.ome.address}=${await ensureOmeCertificate(lab)}`;
  return (await tryTool('nsenter', [`--net=${namespacePath(lab, 'kvm-host')}`, '--', ...probe, pair])).ok;
}

/** Waits until it answers; LAB_OME_NOT_UP after a minute. */
export async function waitForOme(lab: LabContext): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await isOmeUp(lab))) {
    if (Date.now() > deadline) {
      throw new BringupError({
        code: 'LAB_OME_NOT_UP',
        message: 'The simulated OpenManage Enterprise of the lab does not answer.',
        hint: `Its own words are in ${path.join(omeFolder(lab), 'log')}.`,
      });
    }
    await sleep(200);
  }
}

/** Fingerprint of its certificate, as site files pin it; the certificate is made the first time. */
export async function ensureOmeCertificate(lab: LabContext): Promise<string> {
  const folder = omeFolder(lab);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = path.join(folder, 'ome.crt');
  if (!existsSync(file)) {
    const made = await makeCertificate([LAB.ome.address, 'simulated-ome']);
    writeAtomically(path.join(folder, 'ome.key'), made.key, 0o600);
    // The certificate comes last: where it is, its key is.
    writeAtomically(file, made.cert);
  }
  return certificatePin(await readFile(file, 'utf8'));
}

function omeFolder(lab: LabContext): string {
  return path.join(lab.stateDir, 'ome');
}
