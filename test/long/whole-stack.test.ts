import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apply, bringup, stageStatuses } from '../e2e/support/cli.ts';
import { openLab, type Lab } from '../e2e/support/lab.ts';
import { watchOutside, type OutsideWatch } from '../e2e/support/outside.ts';

/** Every stage of the stack that the lab's whole site has, in the order in which its proof matters. */
const STAGES = [
  ...['kvm-host-preflight', 'upload', 'deployment-vm', 'network-services', 'network-tests', 'repository'],
  ...['logging', 'logging-kvm-host', 'ome', 'ome-discovery', 'firmware', 'bios', 'os', 'server-checks'],
  ...['rke2', 'workloads', 'health'],
];

let home: string;
let lab: Lab;
let outside: OutsideWatch;

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'bringup-whole-'));
  lab = await openLab(home);
  // Another test may have left a deployment VM.
  expect((await apply(['apply', lab.siteFile, '--destroy'], home)).code).toBe(0);
  expect((await bringup(['discover', lab.wholeSiteFile], home)).code).toBe(0);
  outside = await watchOutside();
});

afterAll(async () => {
  await outside?.stop();
  await rm(home, { recursive: true, force: true });
});

describe('the whole stack, from bare machines to the health of the cluster', () => {
  it('comes to its end', async () => {
    const applied = await apply(['apply', lab.wholeSiteFile], home);
    expect(applied.failures).toEqual([]);
    const statuses = stageStatuses(applied);
    expect(Object.keys(statuses).toSorted()).toEqual(STAGES.toSorted());
    expect(Object.values(statuses).filter((status) => status !== 'ok' && status !== 'changed')).toEqual([]);
    expect(applied.code).toBe(0);
  });

  it('changes nothing the second time', async () => {
    const again = await apply(['apply', lab.wholeSiteFile], home);
    expect(again.failures).toEqual([]);
    expect(Object.entries(stageStatuses(again)).filter(([, status]) => status !== 'ok')).toEqual([]);
    expect(again.code).toBe(0);
  });

  it('has asked for no name and no address outside the site', async () => {
    expect(await outside.stop()).toEqual([]);
  });
});
