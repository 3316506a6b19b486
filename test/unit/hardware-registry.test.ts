import { expect, it } from 'vitest';
import { readSnapshot } from '../../src/hardware/snapshot/index.ts';
import { createRegistryClaims, type RegistryClaims } from '../../src/hardware/snapshot/registry.ts';
import { treeReader, type Tree } from './hardware-tree.ts';

const link = (uri: string) => ({ '@odata.id': uri });
const REGISTRY = '/redfish/v1/store/en/bios';

/** A server whose service lists its BIOS registry, in two languages, as an iLO 5 does. */
function tree(more: Tree = {}): Tree {
  return {
    '/redfish/v1': { Systems: link('/s'), Registries: link('/redfish/v1/Registries') },
    '/s': { Members: [link('/s/1')] },
    '/s/1': {
      ...link('/s/1'),
      Manufacturer: 'HPE',
      Model: 'DL385',
      BiosVersion: 'A42 v2.60',
      Bios: link('/s/1/bios'),
    },
    '/s/1/bios': {
      ...link('/s/1/bios'),
      AttributeRegistry: 'BiosAttributeRegistryA42.v1_2_60',
      Attributes: { BootMode: 'Uefi' },
    },
    '/redfish/v1/Registries': {
      Members: [
        link('/redfish/v1/Registries/Base'),
        link('/redfish/v1/Registries/BiosAttributeRegistryA42.v1_2_60/'),
      ],
    },
    '/redfish/v1/Registries/BiosAttributeRegistryA42.v1_2_60': {
      Location: [
        { Language: 'ja', Uri: { extref: '/redfish/v1/store/ja/bios' } },
        { Language: 'en', Uri: { extref: REGISTRY } },
      ],
    },
    [REGISTRY]: { Id: 'BiosAttributeRegistryA42.v1_2_60', RegistryEntries: { Attributes: [] } },
    ...more,
  };
}

const registryOf = async (claims?: RegistryClaims, given: Tree = tree()): Promise<string | undefined> =>
  (
    await readSnapshot(treeReader(given), {
      address: 'https://10.20.1.11',
      now: () => new Date(0),
      ...(claims === undefined ? {} : { registries: claims }),
    })
  ).bios.registry;

it('the BIOS registry is found where the service lists it, in English', async () => {
  expect(await registryOf(createRegistryClaims())).toBe(REGISTRY);
});

it('it is read of one machine of each kind alone, and not at all where nobody asks for it', async () => {
  const claims = createRegistryClaims();
  const newer = tree({ '/s/1': { ...(tree()['/s/1'] as object), BiosVersion: 'A42 v2.70' } });
  expect(await registryOf(claims)).toBe(REGISTRY);
  expect(await registryOf(claims)).toBeUndefined();
  expect(await registryOf(claims, newer)).toBe(REGISTRY);
  expect(await registryOf()).toBeUndefined();
});

it('where one machine does not tell it, the next of its kind is asked', async () => {
  const claims = createRegistryClaims();
  expect(await registryOf(claims, tree({ [REGISTRY]: 'busy' }))).toBeUndefined();
  expect(await registryOf(claims)).toBe(REGISTRY);
});
