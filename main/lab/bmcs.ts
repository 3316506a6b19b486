import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BringupError } from '../../src/contract/errors.ts';
import { type LabContext, projectFile } from './context.ts';
import { NODES } from './layout.ts';
import { namespacePath } from './network.ts';
import { killProcesses, processMark } from './processes.ts';
import { TOOL_ENV, runTool, tryTool } from './run-tool.ts';

/** Starts the simulator of both BMCs in the background, after ending one that was left. */
export async function startBmcs(lab: LabContext): Promise<void> {
  await killProcesses(lab, ['bmc']);
  const folder = path.join(lab.stateDir, 'bmc');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await ensureCertificate(folder);
  const log = openSync(path.join(folder, 'log'), 'w', 0o600);
  const command = [process.execPath, simulatorProgram(), 'serve', folder, processMark(lab, 'bmc')];
  const child = spawn('nsenter', [`--net=${namespacePath(lab, 'bmc')}`, '--', ...command], {
    detached: true,
    stdio: ['ignore', log, log],
    env: TOOL_ENV,
  });
  closeSync(log);
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', resolve);
  });
  child.unref();
}

/** Whether both BMCs answer Redfish when asked from the KVM host's network. */
export async function areBmcsUp(lab: LabContext): Promise<boolean> {
  const probe = [process.execPath, simulatorProgram(), 'probe', ...NODES.map((node) => node.bmcAddress)];
  return (await tryTool('nsenter', [`--net=${namespacePath(lab, 'kvm-host')}`, '--', ...probe])).ok;
}

/** Waits until both BMCs answer; LAB_BMC_NOT_UP after a minute. */
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

async function ensureCertificate(folder: string): Promise<void> {
  if (existsSync(path.join(folder, 'tls.crt'))) return;
  const names = NODES.map((node) => `IP:${node.bmcAddress},DNS:${node.name}-bmc`).join(',');
  await runTool('openssl', [
    ...[
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-noenc',
      '-days',
      '365',
    ],
    ...['-subj', '/O=Bringup lab/CN=BMC simulator', '-addext', `subjectAltName=${names}`],
    ...['-keyout', path.join(folder, 'tls.key'), '-out', path.join(folder, 'tls.crt')],
  ]);
}

/** The simulator runs by plain Node, so from the built files even when this module is run from its source. */
function simulatorProgram(): string {
  const file = projectFile('dist', 'main', 'lab', 'bmc-simulator.js');
  if (existsSync(file)) return file;
  throw new BringupError({
    code: 'LAB_NOT_BUILT',
    message: 'The BMC simulator has not been built.',
    hint: 'npm run build',
  });
}
