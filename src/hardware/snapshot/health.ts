import type { HardwareSnapshot, Health } from '../../contract/hardware.ts';
import type { Entry } from './entry.ts';
import { grade, healthOf, worst } from './terms.ts';
import { at, isBag } from './values.ts';

type Parts = Pick<
  HardwareSnapshot,
  'cpu' | 'memory' | 'disks' | 'controllers' | 'nics' | 'accelerators' | 'power_supplies'
>;

interface Problem {
  readonly health: Health;
  readonly words: string;
}

/** The worst of the system's own roll-up and its parts, and the parts that are not OK, in words. */
export function rollUp(entry: Entry, parts: Parts): Pick<HardwareSnapshot, 'health' | 'health_problems'> {
  const own = healthOf(entry.system, true);
  const known = partProblems(parts);
  const grades = new Set(known.map((problem) => problem.health));
  // A subsystem repeats what its parts say; it counts where no part explains that grade.
  const subsystems = subsystemProblems(entry).filter((problem) => !grades.has(problem.health));
  const problems = [...known, ...subsystems];
  if (problems.length === 0 && bad(own)) problems.push({ health: own, words: `system: ${own}` });
  return {
    health: worst([own, ...problems.map((problem) => problem.health)]),
    health_problems: problems.map((problem) => problem.words),
  };
}

function partProblems(parts: Parts): Problem[] {
  const problems: Problem[] = [];
  const add = (what: string, health: Health, words?: string) => {
    if (bad(health)) problems.push({ health, words: `${what}: ${words ?? health}` });
  };
  for (const one of parts.cpu.processors) add(`processor ${one.id}`, one.health);
  for (const one of parts.memory.dimms) add(`memory ${one.slot}`, one.health);
  for (const one of parts.controllers) {
    add(`storage controller ${one.id}`, one.health);
    for (const volume of one.volumes) add(`volume ${volume.name}`, volume.health);
  }
  for (const one of parts.disks) {
    const predicted = one.failure_predicted === true;
    const health = predicted ? worst([one.health, 'Warning']) : one.health;
    add(`disk ${one.id}`, health, predicted ? `${health}, failure predicted` : undefined);
  }
  // A port without a cable is graded Warning by some BMCs; that is a matter of cabling.
  for (const one of parts.nics) if (one.link !== 'down') add(`network port ${one.id}`, one.health);
  for (const one of parts.accelerators) add(`accelerator ${one.id}`, one.health);
  for (const one of parts.power_supplies) if (one.present) add(`power supply ${one.id}`, one.health);
  return problems;
}

function subsystemProblems(entry: Entry): Problem[] {
  const table = entry.vendor.subsystems;
  const found = table === undefined ? undefined : at(entry.system, ...table.path);
  if (table === undefined || !isBag(found)) return [];
  return Object.entries(found).flatMap(([key, value]) => {
    const name = table.name.exec(key)?.[1];
    const health = isBag(value) ? healthOf(value) : grade(value);
    return name === undefined || !bad(health) ? [] : [{ health, words: `${words(name)}: ${health}` }];
  });
}

function bad(health: Health): boolean {
  return health === 'Warning' || health === 'Critical';
}

/** `PowerSupplies` as `power supplies`; abbreviations stay. */
function words(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/[A-Z][a-z]+/g, (word) => word.toLowerCase());
}
