import type { CredentialList } from '../../../src/contract/api.ts';
import type { DiscoverResult } from '../../../src/contract/hardware.ts';
import type { PlanDocument } from '../../../src/contract/plan.ts';
import type { CompatResult, MatchResult } from '../../../src/contract/profile.ts';
import type { SiteModel, StepId } from '../types.ts';
import { countByStatus } from '../hardware/compat-count.ts';
import { wizardText as text } from '../../text/wizard.ts';

/** How a step stands, with one line for the stepper. */
export interface StepNote {
  readonly status: 'ok' | 'warning' | 'error' | 'pending';
  readonly line: string;
}

export type Notes = Partial<Record<StepId, StepNote>>;

/** What the site file alone says of the steps that fill it. */
export function fileNotes(document: SiteModel['document']): Notes {
  const size = (name: string): number => {
    const value = document?.[name];
    return Array.isArray(value) ? value.length : 0;
  };
  if (document === null) return {};
  return {
    site: { status: 'ok', line: text.noProblem },
    networks:
      size('networks') === 0
        ? { status: 'pending', line: text.noNetworks }
        : { status: 'ok', line: text.networkCount(size('networks')) },
    hosts:
      size('hosts') === 0
        ? { status: 'pending', line: text.noHosts }
        : { status: 'ok', line: text.hostCount(size('hosts')) },
    parameters: { status: 'ok', line: text.noProblem },
    machines: { status: 'ok', line: text.noProblem },
  };
}

/** Which of the names that the file wants have a value. */
export function credentialNote({ wanted = [] }: CredentialList): StepNote {
  if (wanted.length === 0) return { status: 'pending', line: text.noneWanted };
  const missing = wanted.filter(
    ({ stored, problem }) => stored === undefined || problem !== undefined,
  ).length;
  return missing === 0
    ? { status: 'ok', line: text.allStored(wanted.length) }
    : { status: 'warning', line: text.missing(missing, wanted.length) };
}

/** How many of the site file's hosts answered when they were last read; machines it does not name do not count. */
export function discoveryNote(result: DiscoverResult | null, document: SiteModel['document']): StepNote {
  if (result === null) return { status: 'pending', line: text.notDiscovered };
  const names = namesOf(document);
  const found = names.filter((name) => result.machines.some(({ host, ok }) => ok && host === name)).length;
  const line = text.found(found, names.length);
  return { status: found < names.length ? 'warning' : 'ok', line };
}

function namesOf(document: SiteModel['document']): unknown[] {
  const hosts = document?.['hosts'];
  return Array.isArray(hosts) ? hosts.map((host: { name?: unknown } | null) => host?.name) : [];
}

/** Cables that are not where the site file has them; what is merely not known does not count. */
export function cablingNote({ findings }: DiscoverResult): StepNote {
  const wrong = findings.filter(
    ({ code, severity }) => code.startsWith('cable.') && severity !== 'note',
  ).length;
  return wrong === 0
    ? { status: 'ok', line: text.noneWrong }
    : { status: 'warning', line: text.cablesWrong(wrong) };
}

/** Hosts that lack what the stack and its applications need, or of which nothing is known. */
export function compatNote({ hosts }: CompatResult): StepNote {
  const { fail, unknown } = countByStatus(hosts);
  if (fail > 0) return { status: 'error', line: text.lacking(fail, hosts.length) };
  return unknown > 0
    ? { status: 'warning', line: text.notKnown(unknown, hosts.length) }
    : { status: 'ok', line: text.noneLacks };
}

/** What keeps the plan from being carried out. */
export function planNote({ blockers }: PlanDocument): StepNote {
  return blockers.length === 0
    ? { status: 'ok', line: text.planReady }
    : { status: 'warning', line: text.inTheWay(blockers.length) };
}

/** The steps that look at what was discovered have nothing to show before. */
export function waiting(result: DiscoverResult | null): Notes {
  if (result !== null) return {};
  const note: StepNote = { status: 'pending', line: text.waitsForDiscovery };
  return { cabling: note, profiles: note, compatibility: note };
}

/** Ties and hosts that no profile fits are the engineer's to decide. */
export function matchNote({ hosts }: MatchResult): StepNote {
  const open = hosts.filter(({ status }) => status !== 'matched').length;
  return open === 0
    ? { status: 'ok', line: text.matched(hosts.length) }
    : { status: 'warning', line: text.toDecide(open) };
}
