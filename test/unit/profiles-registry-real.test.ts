import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkBios, findRegistries, loadProfiles } from '../../src/profiles/index.ts';

const CAPTURES = new URL('../../../shared/redfish/', import.meta.url);

describe.skipIf(!existsSync(CAPTURES))(
  'registries of real machines (captures are not part of the repository)',
  () => {
    const shipped = new URL('../../playbooks/profiles/', import.meta.url);
    const { profiles } = loadProfiles(
      readdirSync(shipped).map((file) => ({ file, text: readFileSync(new URL(file, shipped), 'utf8') })),
    );

    it.each([
      ['dell-poweredge-r750.json', 682],
      ['hpe-dl385-gen10plus-v2.json', 402],
    ])('%s: the shipped profiles can be set', (file, count) => {
      const [registry] = findRegistries(JSON.parse(readFileSync(new URL(file, CAPTURES), 'utf8')));
      if (registry === undefined) throw new Error('no registry in the capture');
      expect(registry.attributes.size).toBe(count);
      expect(profiles.flatMap((profile) => checkBios(profile, { registry, from: file }))).toEqual([]);
    });
  },
);
