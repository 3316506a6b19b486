import type { CredentialList } from '../../../src/contract/api.ts';
import type { DiscoverResult } from '../../../src/contract/hardware.ts';
import type { MatchResult } from '../../../src/contract/profile.ts';
import type { SiteModel, StepId } from '../types.ts';
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
    networks: { status: 'ok', line: text.networkCount(size('networks')) },
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
  const missing = wanted.filter(
    ({ stored, problem }) => stored === undefined || problem !== undefined,
  ).length;
  return missing === 0
    ? { status: 'ok', line: text.allStored(wanted.length) }
    : { status: 'warning', line: text.missing(missing, wanted.length) };
}

/** How many of the machines answered when they were last read. */
export function discoveryNote(result: DiscoverResult | null): StepNote {
  if (result === null) return { status: 'pending', line: text.notDiscovered };
  const found = result.machines.filter(({ ok }) => ok).length;
  const line = text.found(found, result.machines.length);
  return { status: found < result.machines.length ? 'warning' : 'ok', line };
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
