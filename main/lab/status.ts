import { existsSync } from 'node:fs';
import { BARE_MACHINE, isInstalled, readInstallerNews } from './bare-node.ts';
import { findBaseImage } from './base-image.ts';
import { areBmcsUp } from './bmcs.ts';
import { requireLinuxRoot } from './checks.ts';
import { type LabContext, NAMESPACES, createLabContext } from './context.ts';
import { LAB, SERVERS } from './layout.ts';
import { MACHINES, type LabMachine } from './machines.ts';
import { isNetworkUp, presentNamespaces } from './network.ts';
import { isOmeUp } from './ome.ts';
import { isMachineUp } from './readiness.ts';
import type { LabOptions, LabPart, LabStatus } from './types.ts';

/** Looks at every part of a lab as it is now; changes nothing. */
export async function labStatus(options: LabOptions = {}): Promise<LabStatus> {
  requireLinuxRoot();
  return inspectLab(createLabContext(options));
}

/** The status of a lab by its context; `down` only when nothing of it is left, `up` only when every part answers. */
export async function inspectLab(lab: LabContext): Promise<LabStatus> {
  const isWired = isNetworkUp(lab);
  const machines = await Promise.all(MACHINES.map((machine) => machinePart(lab, machine)));
  const [bmcsUp, omeUp] = isWired ? await Promise.all([areBmcsUp(lab), isOmeUp(lab)]) : [false, false];
  const network: LabPart = {
    name: 'network',
    kind: 'network',
    state: isWired ? 'up' : 'down',
    detail: `${LAB.mgmt.cidr} and ${LAB.oob.cidr}, ${presentNamespaces(lab).length} of ${NAMESPACES.length} namespaces`,
  };
  const bmcs = SERVERS.map((node): LabPart => {
    const state = bmcsUp ? 'up' : 'down';
    return { name: `${node.name}-bmc`, kind: 'bmc', state, detail: `https://${node.bmcAddress}/redfish/v1` };
  });
  const ome: LabPart = {
    name: 'ome',
    kind: 'ome',
    state: omeUp ? 'up' : 'down',
    detail: `https://${LAB.ome.address}, a simulated OpenManage Enterprise`,
  };
  const parts = [network, ...machines, await barePart(lab, isWired), ...bmcs, ome, await imagePart(lab)];
  return {
    name: lab.name,
    state: overall(lab, parts),
    siteFile: lab.siteFile,
    wholeSiteFile: lab.wholeSiteFile,
    parts,
  };
}

async function machinePart(lab: LabContext, machine: LabMachine): Promise<LabPart> {
  const state = (await isMachineUp(lab, machine)) ? 'up' : 'down';
  return { name: machine.name, kind: machine.kind, state, detail: `ssh ${machine.address}` };
}

/** A server without an operating system has nothing that could be down but its cables. */
async function barePart(lab: LabContext, isWired: boolean): Promise<LabPart> {
  if (isInstalled(lab)) return machinePart(lab, BARE_MACHINE);
  const news = readInstallerNews(lab);
  const detail = `bare; ${news === undefined ? 'no operating system yet' : `the simulated installer ${news.text}`}`;
  return { name: BARE_MACHINE.name, kind: BARE_MACHINE.kind, state: isWired ? 'up' : 'down', detail };
}

async function imagePart(lab: LabContext): Promise<LabPart> {
  const image = await findBaseImage(lab);
  const detail = image?.path ?? 'not built, or by an older recipe';
  return { name: 'base image', kind: 'base-image', state: image === undefined ? 'down' : 'up', detail };
}

/** The base image outlives a lab, so it says nothing about whether something of the lab is left. */
function overall(lab: LabContext, parts: readonly LabPart[]): LabStatus['state'] {
  if (existsSync(lab.stampFile) && parts.every((part) => part.state === 'up')) return 'up';
  const isAnythingLeft = existsSync(lab.stateDir) || presentNamespaces(lab).length > 0;
  return isAnythingLeft ? 'partial' : 'down';
}
