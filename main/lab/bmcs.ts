import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BringupError } from '../../src/contract/errors.ts';
import { LAB_OF_BMCS, type LabOfBmcs } from './bare-node-installer.ts';
import { certificatePin, makeCertificate } from './bmc/index.ts';
import type { LabContext } from './context.ts';
import { SERVERS } from './layout.ts';
import { namespacePath } from './network.ts';
import { killProcesses, processMark } from './processes.ts';
import { simulatorCommand, startProgram } from './programs.ts';
import type { LabRoots } from './roots.ts';
import { tryTool } from './run-tool.ts';
import { writeAtomically } from './write-atomically.ts';

/**
 * Starts the simulator of all BMCs in the background, after ending one that was left. The simulated installer is part of it;
 * `roots` are what it installs from.
 */
export async function startBmcs(lab: LabContext, roots: LabRoots): Promise<void> {
  await killProcesses(lab, ['bmc']);
  const folder = path.join(lab.stateDir, 'bmc');
  await ensureBmcCertificates(lab);
  writeAtomically(path.join(folder, LAB_OF_BMCS), JSON.stringify({ lab, roots } satisfies LabOfBmcs));
  const command = [...simulatorCommand('bmc-simulator'), 'serve', folder, processMark(lab, 'bmc')];
  await startProgram(lab, 'bmc', { command, logFile: path.join(folder, 'log') });
}

/** Whether all BMCs answer Redfish, by the certificates of the site file, when asked from the KVM host's network. */
export async function areBmcsUp(lab: LabContext): Promise<boolean> {
  const pins = await ensureBmcCertificates(lab);
  const pairs = SERVERS.map((node) => `${node.bmcAddress}=${pins[node.name] ?? ''}`);
  const probe = [...simulatorCommand('bmc-simulator'), 'probe', ...pairs];
  return (await tryTool('nsenter', [`--net=${namespacePath(lab, 'kvm-host')}`, '--', ...probe])).ok;
}

/** Waits until all BMCs answer; LAB_BMC_NOT_UP after a minute. */
export async function waitForBmcs(lab: LabContext): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await areBmcsUp(lab))) {
    if (Date.now() > deadline) {
      throw new BringupError({
        code: 'LAB_BMC_NOT_UP',
        message: 'The BMC simulator of the lab does not answer.',
        hint: `Its own words are in ${path.join(lab.stateDir, 'bmc', 'log')}.`,
      });
    }
    await sleep(200);
  }
}

/** Fingerprints of the BMCs' certificates by node, as site files pin them; the certificates are made the first time. */
export async function ensureBmcCertificates(lab: LabContext): Promise<Readonly<Record<string, string>>> {
  const folder = path.join(lab.stateDir, 'bmc');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const pins = SERVERS.map(async (node) => {
    const file = path.join(folder, `${node.name}.crt`);
    if (!existsSync(file)) {
      const made = await makeCertificate([node.bmcAddress, `${node.name}-bmc`]);
      writeAtomically(path.join(folder, `${node.name}.key`), made.key, 0o600);
      // The certificate comes last: where it is, its key is.
      writeAtomically(file, made.cert);
    }
    return [node.name, certificatePin(await readFile(file, 'utf8'))] as const;
  });
  return Object.fromEntries(await Promise.all(pins));
}
