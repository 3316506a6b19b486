import type { DiscoverResult, HardwareFinding } from '../contract/hardware.ts';
import type { PlanDocument, PlanHost, PlanStage, SkippedStage } from '../contract/plan.ts';
import type { CompatResult, HostCompat, HostMatch, MatchResult } from '../contract/profile.ts';
import type { NormalisedHost, NormalisedSite } from '../site/index.ts';
import { findBlockers } from './blockers.ts';
import { longestChain } from './chain.ts';
import {
  holds,
  matchesWhen,
  planStages,
  PREFLIGHT_STAGE,
  UPLOAD_STAGE,
  valueAt,
  withDefaults,
  wordWanted,
} from './plan.ts';
import type { Stack, StackStage } from './schema.ts';

/** What is known of the hardware; each part may be missing, and the plan then says so instead of guessing. */
export interface PlanKnowledge {
  readonly match?: Pick<MatchResult, 'hosts'>;
  readonly compat?: CompatResult;
  readonly discover?: DiscoverResult;
  /** Findings beside those of the discovery: profiles, the site file. */
  readonly findings?: readonly HardwareFinding[];
}

/** Stages of Bringup's own change nothing at the site but these. */
const OWN_CHANGES: Readonly<Record<string, readonly string[]>> = {
  [PREFLIGHT_STAGE]: [],
  [UPLOAD_STAGE]: ['Copies the playbooks and the base image to the KVM host, where they are not there yet.'],
};

/** Resolves site, hardware and stack into what `apply` would do, for whom, why and how long. Nothing is executed. */
export function resolvePlan(stack: Stack, site: NormalisedSite, knowledge: PlanKnowledge = {}): PlanDocument {
  const stages = resolveStages(stack, site);
  const whole = withDefaults(stack, site);
  const findings = [...(knowledge.discover?.findings ?? []), ...(knowledge.findings ?? [])];
  const names = new Set(site.hosts.map((host) => host.name));
  const hosts = site.hosts.map((host) => resolveHost(host, knowledge, findings));
  const others = findings.filter(({ host }) => host === undefined || !names.has(host));
  const blockers = findBlockers(hosts, others);
  const chain = longestChain(stages);
  const at = knowledge.discover?.at;
  return {
    schema: 1,
    site: site.site.name,
    stack: stack.stack,
    stack_version: stack.version,
    ...(at === undefined ? {} : { hardware_at: at }),
    stages,
    skipped: stack.stages.filter((stage) => !matchesWhen(stage, whole)).map((stage) => skip(stage, whole)),
    hosts,
    findings: others,
    totals: {
      hosts: hosts.length,
      stages: stages.length,
      destructive_stages: stages.filter((stage) => stage.destructive !== undefined).length,
      expect_seconds: chain.seconds,
      expect_seconds_in_turn: stages.reduce((sum, stage) => sum + (stage.expect_seconds ?? 0), 0),
      without_expectation: stages.filter((stage) => stage.expect_seconds === undefined).map(({ id }) => id),
      longest_chain: chain.ids,
    },
    blockers,
    ready: blockers.length === 0,
  };
}

function resolveStages(stack: Stack, site: NormalisedSite): PlanStage[] {
  const names = { deploymentVm: site.deployment_vm.name, targets: site.hosts.map((host) => host.name) };
  return planStages(stack, site, names).map((planned) => {
    const stage = stack.stages.find(({ id }) => id === planned.id);
    const changes = stage?.changes ?? OWN_CHANGES[planned.id] ?? [];
    const destructive = stage?.destructive;
    const reason = planned.reason ?? 'always comes first';
    return { ...planned, reason, changes, ...(destructive === undefined ? {} : { destructive }) };
  });
}

function skip(stage: StackStage, site: unknown): SkippedStage {
  const missed = Object.entries(stage.when ?? {}).filter(
    ([path, wanted]) => !holds(wanted, valueAt(site, path)),
  );
  const reason = missed
    .map(([path, wanted]) => `${path} is ${worded(valueAt(site, path))}, not ${wordWanted(wanted)}`)
    .join(' and ');
  return { id: stage.id, title: stage.title, reason };
}

function worded(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined ? 'not set' : JSON.stringify(value);
}

function resolveHost(
  host: NormalisedHost,
  { match, compat, discover }: PlanKnowledge,
  findings: readonly HardwareFinding[],
): PlanHost {
  const { name, serial, roles } = host;
  const matched = match?.hosts.find((one) => one.host === name);
  const held = compat?.hosts.find((one) => one.host === name);
  const seen =
    discover === undefined
      ? held?.status !== 'unknown'
      : discover.machines.some((machine) => machine.host === name && machine.snapshot !== undefined);
  return {
    name,
    ...(serial === undefined ? {} : { serial }),
    roles,
    ...profileOf(matched, seen, host),
    compat: held?.status ?? 'unknown',
    compat_checks: missed(held),
    findings: findings.filter((finding) => finding.host === name),
  };
}

function profileOf(
  match: HostMatch | undefined,
  seen: boolean,
  host: NormalisedHost,
): Pick<PlanHost, 'match' | 'profile' | 'why' | 'overridden'> {
  const overridden = host.profile !== 'auto';
  if (match === undefined) {
    const why =
      host.bmc === undefined
        ? 'The site file names no BMC for it, so nothing is known of its hardware.'
        : 'Its hardware was not discovered yet.';
    if (!overridden) return { match: 'unknown', why, overridden };
    const reason = host.profile_reason === undefined ? '' : ` Chosen because: ${host.profile_reason}`;
    return { match: 'unknown', profile: host.profile, why: `${why}${reason}`, overridden };
  }
  const { status, profile, reason } = match;
  const known = status === 'none' && !seen && !overridden ? 'unknown' : status;
  return { match: known, ...(profile === undefined ? {} : { profile }), why: reason, overridden };
}

function missed(compat: HostCompat | undefined): HostCompat['checks'] {
  return (compat?.checks ?? []).filter((check) => check.status !== 'pass');
}
