import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkCabling, type PlannedHost, type SeenMachine } from '../../src/hardware/cabling/index.ts';
import { machine, port } from './hardware-machine.ts';

interface Cable {
  readonly host: string;
  readonly nic: string;
  readonly mac: string;
  readonly end: { readonly leaf: number; readonly port: number };
}

/** Sites of up to 12 hosts with up to 4 ports each, in up to 4 switches. */
const site = fc
  .record({
    hosts: fc.integer({ min: 1, max: 12 }),
    nics: fc.integer({ min: 1, max: 4 }),
    leaves: fc.integer({ min: 1, max: 4 }),
  })
  .map(({ hosts, nics, leaves }) =>
    Array.from({ length: hosts * nics }, (_, index): Cable => {
      const [host, nic] = [Math.floor(index / nics), index % nics];
      return {
        host: `node-${host + 1}`,
        nic: `nic${nic + 1}`,
        mac: `00:00:5e:00:${host.toString(16).padStart(2, '0')}:${nic.toString(16).padStart(2, '0')}`,
        end: { leaf: (index % leaves) + 1, port: Math.floor(index / leaves) + 1 },
      };
    }),
  );

/** A site, and for each cable the number of the cable in whose place it was plugged. */
const plugged = site.chain((cables) =>
  fc.tuple(
    fc.constant(cables),
    fc.shuffledSubarray(
      cables.map((_, index) => index),
      { minLength: cables.length },
    ),
  ),
);

const SPELLINGS = [
  (at: Cable['end']) => ({ switch: `leaf${at.leaf}`, port: `Ethernet${at.port}` }),
  (at: Cable['end']) => ({ switch: `LEAF${at.leaf}.plant7.example`, port: `Eth${at.port}` }),
  (at: Cable['end']) => ({ switch: `leaf${at.leaf}`, port: `swp${at.port}` }),
];

const planOf = (cables: readonly Cable[]): PlannedHost[] =>
  [...new Set(cables.map((cable) => cable.host))].map((name) => ({
    name,
    interfaces: cables
      .filter((cable) => cable.host === name)
      .map((cable) => ({
        name: cable.nic,
        mac: cable.mac,
        switch_port: `leaf${cable.end.leaf}:Ethernet${cable.end.port}`,
      })),
  }));

const seenOf = (cables: readonly Cable[], places: readonly number[], spelling: number): SeenMachine[] =>
  [...new Set(cables.map((cable) => cable.host))].map((host) => ({
    host,
    snapshot: machine({
      nics: cables.flatMap((cable, index) =>
        cable.host === host
          ? [port(cable.nic, { mac: cable.mac, lldp: SPELLINGS[spelling]!(cables[places[index]!]!.end) })]
          : [],
      ),
    }),
  }));

describe('any site whose cables are plugged in any order', () => {
  it('has every misplaced cable told exactly once, and no other', () => {
    fc.assert(
      fc.property(plugged, fc.nat(SPELLINGS.length - 1), ([cables, places], spelling) => {
        const findings = checkCabling(planOf(cables), seenOf(cables, places, spelling));
        const told = findings.flatMap((finding) =>
          [...finding.repair!.title.matchAll(/leaf\d+:Ethernet\d+/g)].map(([end]) => end),
        );
        const misplaced = cables.filter((_, index) => places[index] !== index);
        expect(told.sort()).toEqual(misplaced.map(({ end }) => `leaf${end.leaf}:Ethernet${end.port}`).sort());
        // Two cables in each other's place are one finding.
        const pairs = cables.filter((_, index) => places[index]! > index && places[places[index]!] === index);
        expect(findings.filter((finding) => finding.code === 'cable.swapped')).toHaveLength(pairs.length);
      }),
      { numRuns: 300 },
    );
  });

  it('has nothing to tell when each is in its place', () => {
    fc.assert(
      fc.property(site, fc.nat(SPELLINGS.length - 1), (cables, spelling) => {
        expect(
          checkCabling(
            planOf(cables),
            seenOf(
              cables,
              cables.map((_, index) => index),
              spelling,
            ),
          ),
        ).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
