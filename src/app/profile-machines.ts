import type { Problem } from '../contract/api.ts';
import type { HardwareStore } from '../contract/ports.ts';
import type { CheckedRegistry } from '../contract/profile-check.ts';
import { checkBios, titleOf, type RegistrySource } from '../profiles/index.ts';
import type { SiteProfiles } from './profiles-site.ts';
import { kindOf, sourceOf, toldRegistries } from './registry-files.ts';

/** What the BIOS of discovered machines says to their profiles. */
export interface MachineProblems {
  readonly problems: readonly Problem[];
  readonly registries: readonly CheckedRegistry[];
  readonly unchecked: readonly string[];
}

/** Names of hosts that a sentence can bear. */
const MAX_HOSTS = 3;

/** Holds each machine's profile against the registry of its BIOS, as the newest discovery has it. */
export async function machineProblems(
  { hardware }: { readonly hardware: Pick<HardwareStore, 'raw'> },
  {
    loaded,
    discovered,
    checked,
    machinesOf,
  }: Pick<SiteProfiles, 'loaded' | 'discovered' | 'checked' | 'machinesOf'>,
): Promise<MachineProblems> {
  const told = await toldRegistries(hardware, loaded.site.site.name, discovered);
  const said = new Map<string, { problem: Problem; hosts: string[] }>();
  const used = new Map<string, { source: RegistrySource; profiles: Set<string> }>();
  const without: string[] = [];
  for (const profile of checked) {
    if ((profile.bios ?? []).length === 0) continue;
    for (const { host, snapshot } of machinesOf(profile)) {
      const found = snapshot === undefined ? undefined : told.get(kindOf(snapshot));
      if (snapshot === undefined || found === undefined) {
        without.push(host);
        continue;
      }
      const source = sourceOf(found, snapshot);
      const known = used.get(kindOf(snapshot));
      if (known === undefined) used.set(kindOf(snapshot), { source, profiles: new Set([profile.name]) });
      else known.profiles.add(profile.name);
      for (const problem of checkBios(profile, source)) note(said, problem, host);
    }
  }
  return {
    problems: [...said.values()].map(({ problem, hosts }) => withHosts(problem, hosts)),
    registries: [...used.values()].map(({ source, profiles }) => ({
      title: titleOf(source),
      from: `BMC of ${source.from}`,
      attributes: source.registry.attributes.size,
      profiles: [...profiles],
    })),
    unchecked:
      without.length === 0
        ? []
        : [
            `BIOS attributes of ${some(without)}: no registry is known. Discover them (again), or name one with --registry FILE.`,
          ],
  };
}

function note(
  said: Map<string, { problem: Problem; hosts: string[] }>,
  problem: Problem,
  host: string,
): void {
  const key = [problem.file, problem.path, problem.message].join('\0');
  const known = said.get(key);
  if (known === undefined) said.set(key, { problem, hosts: [host] });
  else known.hosts.push(host);
}

/** A warning hangs on how machines are set, so it says which. */
function withHosts(problem: Problem, hosts: readonly string[]): Problem {
  if (problem.severity === 'error') return problem;
  return { ...problem, message: problem.message.replace(/\.$/, ` (${some(hosts)}).`) };
}

function some(hosts: readonly string[]): string {
  const more = hosts.length - MAX_HOSTS;
  return more > 0 ? `${hosts.slice(0, MAX_HOSTS).join(', ')} and ${more} more` : hosts.join(', ');
}
