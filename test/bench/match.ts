import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { matchProfiles, parseProfile, type Machine, type Profile } from '../../src/profiles/index.ts';
import { machine } from '../unit/hardware-machine.ts';
import { medianRow, secondsOf, type BenchRow } from './row.ts';

const PROFILES = 50;
const SIZES = [1_000, 5_000];
const ROUNDS = 5;

/**
 * 5,000 machines against 50 profiles, explained. Two rivals in the same run: the same rules as JSON Schemas compiled by
 * ajv, which only say yes or no; and every profile explained for every machine, as matching without a plan would do it.
 */
export async function benchMatch(): Promise<BenchRow[]> {
  const profiles = Array.from({ length: PROFILES }, (_, index) => profileOf(index));
  const schemas = Array.from({ length: PROFILES }, (_, index) => schemaOf(index));
  const rows: BenchRow[] = [];
  for (const size of SIZES) rows.push(...(await measure(size, profiles, schemas)));
  return rows;
}

async function measure(
  size: number,
  profiles: readonly Profile[],
  schemas: readonly ValidateFunction[],
): Promise<BenchRow[]> {
  const machines = Array.from({ length: size }, (_, index) => machineOf(index));
  const times = { ours: [] as number[], ajv: [] as number[], naive: [] as number[] };
  agree(machines, profiles, schemas);
  for (let round = 0; round < ROUNDS; round++) {
    times.ours.push(await secondsOf(() => matchProfiles(machines, profiles)));
    times.ajv.push(
      await secondsOf(() =>
        machines.forEach(({ snapshot }) => schemas.forEach((schema) => schema(snapshot))),
      ),
    );
    times.naive.push(
      await secondsOf(() => profiles.forEach((profile) => matchProfiles(machines, [profile]))),
    );
  }
  const name = `match ${size} machines, ${PROFILES} profiles`;
  const note = `median of ${ROUNDS}; ours explains winner and near misses`;
  return [
    medianRow(`${name}, against ajv`, times.ours, times.ajv, `${note}, ajv answers yes or no only`),
    medianRow(`${name}, against all explained`, times.ours, times.naive, note),
  ];
}

/** Both must find the same profiles, or the figures compare nothing. */
function agree(
  machines: readonly Machine[],
  profiles: readonly Profile[],
  schemas: readonly ValidateFunction[],
): void {
  const { hosts } = matchProfiles(machines, profiles);
  for (const [index, machine] of machines.entries()) {
    const fits = schemas.some((schema) => schema(machine.snapshot));
    if (fits !== (hosts[index]?.status !== 'none')) throw new Error(`ajv disagrees about ${machine.host}`);
  }
}

const limits = (index: number) => ({
  cores: 4 + (index % 10) * 8,
  gib: 32 * (1 + (index % 7)),
  disks: index % 12,
});

function profileOf(index: number): Profile {
  const { cores, gib, disks } = limits(index);
  const text = `name: profile-${index}
version: 1
title: Profile ${index}
match:
  - {field: manufacturer, is: ${index % 3 === 0 ? 'HPE' : 'Dell Inc.'}}
  - {field: cpu.cores, at_least: ${cores}}
  - {field: memory.total_gib, at_least: ${gib}}
  - {field: disks, where: {kind: nvme, size_gb: {at_least: ${500 + index}}}, count: {at_least: ${disks}}}
  - {field: model, like: "* R${index % 5}*"}
`;
  const { profile } = parseProfile(text, `profile-${index}.yaml`);
  if (profile === undefined) throw new Error('the profile is wrong');
  return profile;
}

function schemaOf(index: number): ValidateFunction {
  const { cores, gib, disks } = limits(index);
  const nvme = {
    properties: { kind: { const: 'nvme' }, size_gb: { minimum: 500 + index } },
    required: ['kind', 'size_gb'],
  };
  return new Ajv2020({ strict: false }).compile({
    type: 'object',
    required: ['manufacturer', 'model'],
    properties: {
      manufacturer: { const: index % 3 === 0 ? 'HPE' : 'Dell Inc.' },
      model: { pattern: `^.* R${index % 5}.*$` },
      cpu: { properties: { cores: { minimum: cores } } },
      memory: { properties: { total_gib: { minimum: gib } } },
      disks: { contains: nvme, minContains: disks },
    },
  });
}

function machineOf(index: number): Machine {
  const snapshot = machine({
    manufacturer: index % 4 === 0 ? 'HPE' : 'Dell Inc.',
    model: `PowerEdge R${index % 6}50`,
    cpu: { count: 2, cores: 8 + (index % 9) * 8, threads: 16, processors: [] },
    memory: { total_gib: 64 * (1 + (index % 5)), dimms: [] },
    disks: Array.from({ length: 2 + (index % 14) }, (_, disk) => ({
      id: `disk-${disk}`,
      name: `Disk ${disk}`,
      kind: disk < 2 ? ('ssd' as const) : ('nvme' as const),
      size_gb: disk < 2 ? 480 : 1920,
      health: 'OK' as const,
    })),
  });
  return { host: `node-${index}`, roles: [], profile: 'auto', snapshot };
}
