import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { BARE_MACHINE, isInstalled, startBareMachine } from './bare-node.ts';
import { ensureBaseImage } from './base-image.ts';
import { areBmcsUp, ensureBmcCertificates, startBmcs, waitForBmcs } from './bmcs.ts';
import { ensureLabBundle } from './bundle.ts';
import { removeUnfinishedBuilds } from './cache.ts';
import { requireFreeAddresses, requireLinuxRoot, requireTools } from './checks.ts';
import { type LabContext, createLabContext } from './context.ts';
import { ensureCredentials } from './credentials.ts';
import { removeLab } from './down.ts';
import { LAB, SERVERS } from './layout.ts';
import { withLabLock } from './lock.ts';
import { MACHINE_SCRIPT } from './machine-script.ts';
import { MACHINES, type LabMachine, hostKeyFingerprint, startMachine } from './machines.ts';
import { createNetwork, isNetworkUp, removeNetwork } from './network.ts';
import { ensureOmeCertificate, isOmeUp, startOme, waitForOme } from './ome.ts';
import { initOf, isRunning, killProcesses } from './processes.ts';
import { proveLibvirt, waitForMachine } from './readiness.ts';
import { createReporter } from './reporter.ts';
import { type LabRoots, ensureRoots } from './roots.ts';
import { labSiteFile, labWholeSiteFile } from './site-file.ts';
import { inspectLab } from './status.ts';
import type { LabCredential, LabOptions, LabStatus, OnLabProgress } from './types.ts';
import { writeAtomically } from './write-atomically.ts';

/**
 * Makes the lab, or what of it is missing; a lab that is up stays as it is. One that was left half made, or made by
 * another version of Bringup, is removed first.
 */
export async function labUp(options: LabOptions = {}, onProgress?: OnLabProgress): Promise<LabStatus> {
  requireLinuxRoot();
  requireTools();
  const lab = createLabContext(options);
  return withLabLock(async () => {
    await bringUp(lab, createReporter(onProgress));
    return inspectLab(lab);
  });
}

async function bringUp(lab: LabContext, step: (text: string) => void): Promise<void> {
  await requireFreeAddresses(lab);
  await removeUnfinishedBuilds(lab);
  // The base image takes longest and needs nothing of the lab, so it is built beside everything else.
  const giveUp = new AbortController();
  const image = ensureBaseImage(lab, step, giveUp.signal);
  const made = makeLab(lab, step, giveUp.signal);
  try {
    await Promise.all([image, made]);
  } catch (error) {
    giveUp.abort();
    await Promise.allSettled([image, made]);
    throw error;
  }
  await writeSiteFiles(lab, await image);
  writeAtomically(lab.stampFile, `${JSON.stringify({ fingerprint: await made })}\n`);
}

/** Everything but the base image; answers the fingerprint of what was made. */
async function makeLab(lab: LabContext, step: (text: string) => void, signal: AbortSignal): Promise<string> {
  const roots = await ensureRoots(lab, step, signal);
  const wanted = fingerprint(roots);
  await removeUnlessMadeBy(wanted, lab, step);
  await startParts(lab, roots, step);
  return wanted;
}

async function removeUnlessMadeBy(
  wanted: string,
  lab: LabContext,
  step: (text: string) => void,
): Promise<void> {
  const stamp = await readFile(lab.stampFile, 'utf8').catch(() => '{}');
  if ((JSON.parse(stamp) as { fingerprint?: string }).fingerprint === wanted) return;
  if (!existsSync(lab.stateDir) && !isNetworkUp(lab)) return;
  await removeLab(lab, () => undefined);
  step('Removed a lab that was half made or made by another version.');
}

async function startParts(lab: LabContext, roots: LabRoots, step: (text: string) => void): Promise<void> {
  await mkdir(lab.stateDir, { recursive: true, mode: 0o700 });
  const credentials = await ensureCredentials(lab);
  if (!isNetworkUp(lab)) {
    await killProcesses(lab);
    await removeNetwork(lab);
    await createNetwork(lab);
    step(`Made the networks ${LAB.mgmt.cidr} and ${LAB.oob.cidr}.`);
  }
  await Promise.all([
    startMissingBmcs(lab, roots, step),
    startMissingOme(lab, credentials['lab/ome'], step),
    ...MACHINES.map((machine) => startMissing(machine)),
    // It stays without a system until a run installs one.
    ...(isInstalled(lab) ? [startMissing(BARE_MACHINE)] : []),
  ]);

  /** A machine that runs is only waited for, however slow it is: starting it again would end its guests. */
  async function startMissing(machine: LabMachine): Promise<void> {
    const isThere = (await initOf(lab, machine.name)) !== undefined;
    if (!isThere && machine === BARE_MACHINE) await startBareMachine(lab, roots, credentials);
    else if (!isThere) await startMachine(lab, machine, roots, credentials);
    await waitForMachine(lab, machine);
    if (!isThere) step(await describe(lab, machine));
  }
}

async function startMissingBmcs(
  lab: LabContext,
  roots: LabRoots,
  step: (text: string) => void,
): Promise<void> {
  const isThere = (await isRunning(lab, 'bmc')) && (await areBmcsUp(lab));
  if (!isThere) await startBmcs(lab, roots);
  await waitForBmcs(lab);
  if (!isThere) step(`${SERVERS.length} BMCs answer Redfish.`);
}

async function startMissingOme(
  lab: LabContext,
  login: LabCredential,
  step: (text: string) => void,
): Promise<void> {
  const isThere = (await isRunning(lab, 'ome')) && (await isOmeUp(lab));
  if (!isThere) await startOme(lab, login);
  await waitForOme(lab);
  if (!isThere) step('The simulated OpenManage Enterprise answers.');
}

async function describe(lab: LabContext, machine: LabMachine): Promise<string> {
  if (machine.kind === 'target-server')
    return `${machine.name} booted and answers SSH on ${machine.address}.`;
  return `${machine.name} booted, answers SSH on ${machine.address}, and libvirt on it runs ${await proveLibvirt(lab, machine)}.`;
}

async function writeSiteFiles(
  lab: LabContext,
  image: Awaited<ReturnType<typeof ensureBaseImage>>,
): Promise<void> {
  const keys = await Promise.all(
    MACHINES.map(async (machine) => [machine.name, await hostKeyFingerprint(lab, machine.name)] as const),
  );
  const certificates = { ...(await ensureBmcCertificates(lab)), ome: await ensureOmeCertificate(lab) };
  const site = { image, hostKeys: Object.fromEntries(keys), certificates };
  await keep(lab.siteFile, labSiteFile(site));
  await keep(lab.wholeSiteFile, labWholeSiteFile(site, await ensureLabBundle(lab)));
}

/** A file that is as wanted keeps its time. */
async function keep(file: string, text: string): Promise<void> {
  const isSame = (await readFile(file, 'utf8').catch(() => '')) === text;
  if (!isSame) writeAtomically(file, text);
}

/** What a lab is made from; a lab with another fingerprint cannot be repaired part by part. */
function fingerprint(roots: LabRoots): string {
  return createHash('sha256')
    .update(JSON.stringify([roots, LAB, SERVERS, MACHINE_SCRIPT]))
    .digest('hex');
}
