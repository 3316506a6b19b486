import { pc } from './colors.ts';
import type {
  CompatResult,
  HostCompat,
  HostMatch,
  MatchResult,
  RuleResult,
} from '../../src/contract/profile.ts';
import { paragraph } from './paragraph.ts';

/** Near misses shown for each host; the rest is in --json. */
const NEAR_SHOWN = 2;
const COMPAT = {
  pass: pc.green('✔'),
  warn: pc.yellow('!'),
  fail: pc.red('✖'),
  unknown: pc.yellow('?'),
} as const;

/** The profile of every host and why, rule by rule; then the profiles that nearly fitted and what they lack. */
export function matchText(result: MatchResult, width: number): string {
  if (result.hosts.length === 0) return 'The site file names no hosts.';
  const open = result.hosts.filter((host) => host.status !== 'matched').length;
  const end =
    open === 0
      ? `Every host has a profile (${result.hosts.length}).`
      : `${open} of ${result.hosts.length} hosts need a decision.`;
  return [...result.hosts.map((host) => hostText(host, width)), end].join('\n\n');
}

function hostText(host: HostMatch, width: number): string {
  const title =
    host.profile ?? (host.status === 'ambiguous' ? `tie: ${host.tied?.join(', ') ?? ''}` : 'no profile');
  const mark = host.status === 'matched' ? pc.green('✔') : pc.red('✖');
  const override = host.override;
  const lines = [
    `${pc.bold(host.host)}  ${title}${override === undefined ? '' : pc.yellow('  chosen in the site file')}`,
    host.reason,
    ...(override?.reason === undefined ? [] : [pc.dim(`reason given: ${override.reason}`)]),
    ...host.rules.map(ruleLine),
    ...host.near
      .slice(0, NEAR_SHOWN)
      .flatMap((near) => [
        pc.dim(`near: ${near.profile}, ${near.matched} of ${near.total} rules. ${near.reason}`),
        ...near.lacks.map(ruleLine),
      ]),
  ];
  return paragraph(mark, lines, width);
}

function ruleLine(rule: RuleResult): string {
  const mark = rule.matched ? pc.green('✔') : pc.red('✖');
  return `  ${mark} ${rule.field} ${rule.wanted}: ${pc.dim(rule.seen)}`;
}

/** Whether the applications of the stack fit each host: what did not pass in full, what passed as a count. */
export function compatText(result: CompatResult, width: number): string {
  if (result.hosts.length === 0) return 'The site file names no hosts.';
  return result.hosts.map((host) => compatHost(host, width)).join('\n');
}

function compatHost(host: HostCompat, width: number): string {
  const open = host.checks.filter((check) => check.status !== 'pass');
  const passed = host.checks.length - open.length;
  const lines = [
    `${pc.bold(host.host)}  ${host.reason}`,
    ...open.map(
      (check) =>
        `  ${COMPAT[check.status]} ${check.application}: ${check.field} ${check.wanted}, seen ${check.seen}${check.why === undefined ? '' : `  ${pc.dim(check.why)}`}`,
    ),
    ...(passed === 0 ? [] : [pc.dim(`  ${passed} of ${host.checks.length} requirements pass`)]),
  ];
  return paragraph(COMPAT[host.status], lines, width);
}
