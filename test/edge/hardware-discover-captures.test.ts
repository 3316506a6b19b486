import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import {
  builtinCapture,
  createBmcSimulator,
  createCapture,
  type BmcSimulator,
  type Capture,
} from '../../main/lab/bmc/index.ts';
import type { HardwareSnapshot } from '../../src/contract/hardware.ts';
import { runDiscovery, type RedfishReader, type Resource } from '../../src/hardware/index.ts';
import { readSnapshot } from '../../src/hardware/snapshot/index.ts';
import { createRegistryClaims } from '../../src/hardware/snapshot/registry.ts';

const FOLDER = fileURLToPath(new URL('../../../shared/redfish/', import.meta.url));
let simulator: BmcSimulator | undefined;

afterEach(async () => {
  await simulator?.close();
  simulator = undefined;
});

/** Reads a simulated machine over https; gives the snapshot and everything that was read for it. */
async function discoverOne(
  capture: Capture,
): Promise<{ snapshot: HardwareSnapshot; raw: ReadonlyMap<string, Resource> }> {
  simulator = await createBmcSimulator({ machines: [{ capture, tls: 'own' }] });
  const [bmc] = simulator.machines;
  let raw: ReadonlyMap<string, Resource> = new Map();
  const result = await runDiscovery({
    targets: [{ base: bmc!.url, credential: bmc!.login, trust: { pin: bmc!.certificate!.sha256 } }],
    onRaw: (_, resources) => void (raw = resources),
  });
  expect(bmc!.stats()).toMatchObject({ failedLogins: 0, openSessions: 0 });
  const [machine] = result.machines;
  if (machine?.snapshot === undefined) throw new Error(`not read: ${machine?.error?.message}`);
  return { snapshot: machine.snapshot, raw };
}

/** Reads kept resources again, as a simulator or a later version of Bringup would. */
function readerOf(raw: ReadonlyMap<string, Resource>): RedfishReader {
  const byName = new Map([...raw].map(([uri, resource]) => [uri.toLowerCase(), resource]));
  const get = async (uri: string): Promise<Resource> => {
    const found = byName.get(uri.replace(/\/$/, '').toLowerCase());
    if (found === undefined) throw new Error(`${uri} was not kept`);
    return found;
  };
  return {
    get,
    members: async (uri) => {
      const links = (await get(uri))['Members'] as readonly { '@odata.id': string }[] | undefined;
      return Promise.all((links ?? []).map((link) => get(link['@odata.id'])));
    },
  };
}

async function expectKeptWhole(capture: Capture): Promise<HardwareSnapshot> {
  const { snapshot, raw } = await discoverOne(capture);
  const { address, certificate } = snapshot.bmc;
  const again = await readSnapshot(readerOf(raw), {
    address,
    now: () => new Date(snapshot.captured_at),
    registries: createRegistryClaims(),
    ...(certificate === undefined ? {} : { certificate }),
  });
  const still = ({ bmc, gaps: _, ...rest }: HardwareSnapshot): unknown => ({
    ...rest,
    bmc: { ...bmc, clock_offset_seconds: 0 },
  });
  expect(still(again)).toEqual(still(snapshot));
  return snapshot;
}

describe('what was read of a machine gives the same snapshot again', () => {
  it('for the built-in tree of the simulator', async () => {
    const snapshot = await expectKeptWhole(builtinCapture());
    expect(snapshot.gaps).toEqual([]);
    expect(snapshot.nics.length).toBeGreaterThan(0);
  });

  for (const name of ['dell-poweredge-r750', 'hpe-dl385-gen10plus-v2']) {
    const file = `${FOLDER}${name}.json`;
    const title = existsSync(file)
      ? `for ${name}`
      : `for ${name} (skipped: ${name}.json is not beside the repository)`;
    it.skipIf(!existsSync(file))(title, async () => {
      const map = JSON.parse(await readFile(file, 'utf8')) as Record<string, Resource>;
      const snapshot = await expectKeptWhole(createCapture(map));
      expect(snapshot.memory.dimms.length).toBeGreaterThan(0);
      expect(snapshot.disks.length).toBeGreaterThan(0);
    });
  }
});
