import { pc } from './colors.ts';
import type { LoginKind } from '../../src/contract/events.ts';
import type { PlanDocument, PlanHost, PlanStage } from '../../src/contract/plan.ts';
import { clock } from './format.ts';
import { findingsText, named } from './hardware-text.ts';
import { paragraph } from './paragraph.ts';

/** A plan as the engineer reads it before she says go: stages, hosts, what stands in the way. Nothing was executed. */
export function planText(plan: PlanDocument, width: number, file: string): string {
  const { totals } = plan;
  const discovered =
    plan.hardware_at === undefined
      ? 'hardware not discovered yet'
      : `hardware discovered ${plan.hardware_at.slice(0, 16).replace('T', ' ')} UTC`;
  const parts = [
    `${pc.bold(plan.site)}  ${plan.stack} ${plan.stack_version}, ${discovered}`,
    heading(`Stages: ${totals.stages}, about ${clock(totals.expect_seconds)}`),
    plan.stages.map((stage, index) => stageText(stage, index + 1, width)).join('\n'),
    ...(plan.skipped.length === 0
      ? []
      : [
          plan.skipped
            .map((stage) =>
              paragraph(pc.dim('-'), [`${stage.title}: not part of this plan, ${stage.reason}`], width),
            )
            .join('\n'),
        ]),
    heading(`Hosts: ${totals.hosts}`),
    plan.hosts.map((host) => hostText(host, width)).join('\n'),
    ...(plan.findings.length === 0 ? [] : [heading('To look at'), findingsText(plan.findings, width)]),
    ending(plan, width, file),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

/** Whose credentials stages are given. */
const LOGINS: Readonly<Record<LoginKind, string>> = {
  'kvm-host': 'the KVM host',
  bmc: 'each BMC',
  ome: 'OpenManage Enterprise',
  repository: 'the share of the repository',
  registry: 'each registry for which the site file names one',
  rke2: "the cluster's token, where the site file names one",
};

function heading(text: string): string {
  return `\n${pc.bold(text)}`;
}

function stageText(stage: PlanStage, number: number, width: number): string {
  const time = stage.expect_seconds === undefined ? '' : pc.dim(`  ${clock(stage.expect_seconds)}`);
  const where =
    stage.runs_on === 'laptop'
      ? 'from the laptop'
      : `on the ${stage.runs_on.replace('-', ' ').replace('kvm', 'KVM').replace('vm', 'VM')}`;
  return paragraph(
    String(number).padStart(2),
    [
      `${pc.bold(stage.title)}  ${pc.dim(where)}${time}`,
      pc.dim(stage.reason),
      ...stage.changes.map((change) => `  ${change}`),
      ...(stage.logs_in_to ?? []).map((kind) => `  Uses the credential of ${LOGINS[kind]}.`),
      ...(stage.destructive === undefined ? [] : [`  ${pc.red('destroys:')} ${stage.destructive}`]),
      ...(stage.stale === undefined ? [] : [pc.yellow(`  stale: ${stage.stale.why}`)]),
    ],
    width,
  );
}

function hostText(host: PlanHost, width: number): string {
  const wrong = host.findings.some((finding) => finding.severity === 'error');
  const good = host.match === 'matched' && host.compat !== 'fail' && !wrong;
  const mark = good ? pc.green('✔') : host.match === 'unknown' && !wrong ? pc.yellow('?') : pc.red('✖');
  const profile = host.profile ?? host.match;
  const compat = host.compat === 'pass' ? '' : `, requirements: ${host.compat}`;
  return (
    paragraph(
      mark,
      [
        `${pc.bold(host.name)}  ${host.roles.join(', ') || 'no role'}  ${profile}${host.overridden ? ' (chosen in the site file)' : ''}${compat}`,
        pc.dim(host.why),
        ...host.compat_checks.map(
          (check) =>
            `${check.status} ${check.application}: ${check.field} ${check.wanted}, seen ${check.seen}`,
        ),
      ],
      width,
    ) + findingLines(host, width)
  );
}

function findingLines({ findings }: PlanHost, width: number): string {
  if (findings.length === 0) return '';
  const text = findingsText(findings, width - 2);
  return `\n${text.replaceAll(/^/gm, '  ')}`;
}

function ending(plan: PlanDocument, width: number, file: string): string {
  if (plan.ready)
    return `\n${pc.green('✔')} Nothing stands in the way. Nothing was changed. Go with: bringup apply ${file}`;
  const lines = plan.blockers.map((blocker) =>
    paragraph(
      pc.red('✖'),
      [
        `${named(blocker.host, blocker.message)}  ${pc.dim(blocker.code)}`,
        `${pc.cyan('now')} ${blocker.remedy}`,
      ],
      width,
    ),
  );
  return [heading('What stands in the way'), ...lines].join('\n');
}
