import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BringupError } from '../../src/contract/errors.ts';
import { readSnapshot } from '../../src/hardware/snapshot/index.ts';
import { fixture, type Tree, treeReader } from './hardware-tree.ts';

const CONTEXT = { address: 'https://10.20.1.11', now: () => new Date('2026-01-10T08:00:00Z') };
const ROOT = '/redfish/v1';
const ref = (uri: string) => ({ '@odata.id': uri });

describe('a BMC that answers badly', () => {
  it('still gives a snapshot when there is no more than a system', async () => {
    const snapshot = await readSnapshot(
      treeReader({
        [ROOT]: { Systems: ref(`${ROOT}/Systems`) },
        [`${ROOT}/Systems`]: { Members: [ref(`${ROOT}/Systems/1`)] },
        [`${ROOT}/Systems/1`]: { ...ref(`${ROOT}/Systems/1`), Id: '1' },
      }),
      CONTEXT,
    );
    expect(snapshot).toEqual({
      schema: 1,
      captured_at: '2026-01-10T08:00:00.000Z',
      uri: '/redfish/v1/Systems/1',
      power_state: 'Unknown',
      health: 'Unknown',
      health_problems: [],
      bmc: { address: 'https://10.20.1.11' },
      bios: { attributes: {}, pending: {} },
      cpu: { count: 0, cores: 0, threads: 0, processors: [] },
      nics: [],
      accelerators: [],
      memory: { total_gib: 0, dimms: [] },
      disks: [],
      controllers: [],
      power_supplies: [],
      firmware: [],
      boot: { order: [], override: { enabled: 'Disabled', target: 'None' } },
      virtual_media: [],
      jobs: [],
      gaps: [],
    });
  });

  it('is refused only for want of a system, with what to check', async () => {
    await expect(readSnapshot(treeReader({ [ROOT]: {} }), CONTEXT)).rejects.toMatchObject({
      code: 'REDFISH_NO_SYSTEM',
      hint: expect.stringContaining('switch'),
    });
  });

  it('passes on why the service root or the systems cannot be read', async () => {
    await expect(readSnapshot(treeReader({}), CONTEXT)).rejects.toMatchObject({ code: 'REDFISH_NOT_FOUND' });
    const tree = { [ROOT]: { Systems: ref(`${ROOT}/Systems`) } };
    await expect(readSnapshot(treeReader(tree), CONTEXT)).rejects.toMatchObject({
      code: 'REDFISH_NOT_FOUND',
    });
  });

  it('gives what was read and a gap for each part that failed', async () => {
    const tree: Record<string, unknown> = { ...fixture('lenovo') };
    delete tree[`${ROOT}/Systems/1/Memory`];
    delete tree[`${ROOT}/Systems/1/Storage/M.2/Drives/Drive.M.2_Bay_1`];
    tree[`${ROOT}/Chassis/1/Power`] = 'Internal Server Error';
    const { gaps, memory, disks, cpu } = await readSnapshot(treeReader(tree), CONTEXT);
    expect(gaps.map(({ what, uri }) => `${what} ${uri}`).sort()).toEqual([
      `disks ${ROOT}/Systems/1/Storage/M.2/Drives/Drive.M.2_Bay_1`,
      `memory ${ROOT}/Systems/1/Memory`,
      `power supplies ${ROOT}/Chassis/1/Power`,
    ]);
    expect([memory.total_gib, disks.length, cpu.count]).toEqual([128, 2, 2]);
  });

  it('lists no part of which only the link is left, nor the BMC’s own USB drives', async () => {
    const bay = (index: number) => `${ROOT}/Systems/1/Storage/M.2/Drives/Drive.M.2_Bay_${index}`;
    const usb = { ...ref(bay(1)), Id: 'usb', Name: 'Virtual CDROM', Protocol: 'USB', CapacityBytes: 0 };
    const { disks, gaps } = await readSnapshot(
      treeReader({ ...fixture('lenovo'), [bay(0)]: ref(bay(0)), [bay(1)]: usb }),
      CONTEXT,
    );
    expect(disks.map((disk) => disk.id)).toEqual(['Drive.Bay_4']);
    expect(gaps).toEqual([{ what: 'disks', uri: bay(0), reason: 'It is there, but says nothing.' }]);
  });

  it('is not asked for the class of each of a hundred cards without a name', async () => {
    const cards = Array.from({ length: 100 }, (_, index) => `${ROOT}/Chassis/1/PCIeDevices/00_00_${index}`);
    const tree: Record<string, unknown> = { ...fixture('lenovo') };
    tree[`${ROOT}/Chassis/1/PCIeDevices`] = { Members: cards.map(ref) };
    for (const uri of cards)
      tree[uri] = { ...ref(uri), Name: uri.split('/').pop(), PCIeFunctions: ref(`${uri}/PCIeFunctions`) };
    const reader = treeReader(tree);
    const { gaps } = await readSnapshot(reader, CONTEXT);
    expect(reader.requests()).toBeLessThan(80);
    expect(gaps).toMatchObject([{ reason: '100 cards have no name; the class of 32 was read.' }]);
  });

  it('never throws for content, whatever stands in the place of a value', async () => {
    const makers = ['lenovo', 'supermicro', 'openbmc-hgx', 'hp-ilo4'];
    const junk = fc.oneof(
      fc.constantFrom(
        null,
        '',
        'N/A',
        -1,
        1e308,
        true,
        [],
        {},
        [null],
        [[1]],
        { '@odata.id': 7 },
        { Members: 'x' },
      ),
      fc.jsonValue({ maxDepth: 2 }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...makers),
        fc.array(fc.tuple(fc.nat(), fc.nat(), junk), { minLength: 1, maxLength: 40 }),
        async (maker, changes) => {
          const reader = treeReader(mutate(fixture(maker), changes));
          try {
            const snapshot = await readSnapshot(reader, CONTEXT);
            expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
          } catch (error) {
            // Without a service root or a system there is nothing to describe.
            expect(error).toBeInstanceOf(BringupError);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

/** Puts junk in place of properties anywhere in the tree, and of whole resources now and then. */
function mutate(tree: Tree, changes: readonly (readonly [number, number, unknown])[]): Tree {
  const copy = structuredClone(tree) as Record<string, unknown>;
  const uris = Object.keys(copy).filter((uri) => uri !== ROOT);
  for (const [where, which, junk] of changes) {
    const value = structuredClone(junk);
    const uri = uris[where % uris.length]!;
    const places: (() => void)[] = [() => (copy[uri] = value)];
    const visit = (node: unknown) => {
      if (typeof node !== 'object' || node === null) return;
      for (const [key, child] of Object.entries(node)) {
        places.push(() => ((node as Record<string, unknown>)[key] = value));
        visit(child);
      }
    };
    visit(copy[uri]);
    places[which % places.length]!();
  }
  return copy;
}
