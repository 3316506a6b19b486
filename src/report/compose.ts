import type { RunDocument } from '../contract/api.ts';
import type { DiscoverResult } from '../contract/hardware.ts';
import { findLeftOut } from './left-out.ts';
import { matrixSections } from './matrix-section.ts';
import type { Report, ReportSection } from './report.ts';

/** What a report is made from. `version` made it now; `runVersion` carried the run out. */
export interface ReportInput {
  readonly run: RunDocument;
  readonly runVersion: string;
  readonly version: string;
  readonly made: string;
  readonly hardware?: DiscoverResult;
}

type StageDocument = RunDocument['stages'][number];

/** What was proven at a site and when, for the customer: stages, checks, hosts, machines, and what failed. */
export function composeReport(input: ReportInput): Report {
  const { run, hardware, version, runVersion, made } = input;
  return {
    title:
      run.choices?.rehearsal === undefined
        ? `Site ${run.site}: what was set up and proven`
        : `${run.site}: a run against simulated machines, which proves nothing of the site`,
    verdict: run.interrupted ?? run.text ?? `The run is ${run.status}.`,
    facts: [
      ['Run', run.run],
      ['Status', run.status],
      ['Stack', run.stack],
      ['Started', moment(run.started)],
      ['Ended', run.finished === undefined ? 'not yet' : moment(run.finished)],
      ['Took', spanOf(run.started, run.finished)],
      ['Carried out by', `Bringup ${runVersion}`],
      ...rehearsal(run),
      ...(run.notice === undefined ? [] : [['Note', run.notice] as const]),
    ],
    sections: [
      ...[stages(run), checks(run), hosts(run), ...matrixSections(run)],
      ...[...profiles(run), ...machines(hardware), failures(run)],
    ],
    footer: `Made by Bringup ${version} on ${moment(made)} from the run's journal.`,
  };
}

function rehearsal({ choices }: RunDocument): [string, string][] {
  if (choices?.rehearsal === undefined) return [];
  const { faults } = choices.rehearsal;
  const put = faults.length === 0 ? 'No fault was put in.' : `Faults put in: ${faults.join(', ')}.`;
  return [['Rehearsal', `Every machine of the site was simulated; none was touched. ${put}`]];
}

function stages(run: RunDocument): ReportSection {
  return {
    title: 'Stages',
    columns: ['Stage', 'Carried out on', 'Status', 'Took', 'Result'],
    rows: run.stages.map((stage) => [
      stage.title,
      stage.runs_on,
      stage.status,
      spanOf(stage.started, stage.finished),
      stage.text ?? '',
    ]),
  };
}

function checks(run: RunDocument): ReportSection {
  const rows = run.stages.flatMap((stage) =>
    stage.tasks.flatMap((task) =>
      Object.entries(task.hosts).flatMap(([host, { check }]) =>
        check === undefined ? [] : [[host, check.title, check.status, check.seen, check.wanted]],
      ),
    ),
  );
  return { title: 'Checks', columns: ['Host', 'Check', 'Status', 'Seen', 'Wanted'], rows, ...empty(rows) };
}

/** How the tasks of each stage went on each host; what was only passed over is not counted, nor the look at who is left out. */
function hosts(run: RunDocument): ReportSection {
  const rows = run.stages.flatMap((stage) => {
    const leftOut = findLeftOut(stage);
    return [...countByHost(stage)].map(([host, counts]) => {
      const why = leftOut.get(host);
      const tasks = [...counts].map(([status, count]) => `${count} ${status}`).join(', ');
      return [host, stage.title, why === undefined ? tasks : `not tried yet: ${why}`];
    });
  });
  return { title: 'Hosts', columns: ['Host', 'Stage', 'Tasks'], rows, ...empty(rows) };
}

function countByHost(stage: StageDocument): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const found = new Map<string, Map<string, number>>();
  for (const { hosts: answers } of stage.tasks) {
    for (const [host, { status }] of Object.entries(answers)) {
      if (status === 'skipped') continue;
      const counts = found.get(host) ?? new Map<string, number>();
      found.set(host, counts.set(status, (counts.get(status) ?? 0) + 1));
    }
  }
  return found;
}

/** Profiles that a person chose over the one discovery would have chosen. */
function profiles({ choices }: RunDocument): ReportSection[] {
  const rows = (choices?.profiles ?? []).map(({ host, profile, reason }) => [
    host,
    profile,
    reason ?? 'none given',
  ]);
  if (rows.length === 0) return [];
  const text = 'Chosen in the site file, in place of the profile that the discovered hardware would get.';
  return [{ title: 'Profiles chosen by hand', columns: ['Host', 'Profile', 'Reason'], rows, text }];
}

function machines(hardware: DiscoverResult | undefined): ReportSection[] {
  if (hardware === undefined) return [];
  const rows = hardware.machines.map(({ host, bmc, snapshot, error }) => {
    if (snapshot === undefined) return [host ?? '', bmc, '', '', '', error?.message ?? 'not read'];
    const { manufacturer = '', model = '', serial = '', bios, health } = snapshot;
    return [host ?? '', bmc, `${manufacturer} ${model}`.trim(), serial, bios.version ?? '', health];
  });
  const text = `As discovered on ${moment(hardware.at)}.`;
  return [{ title: 'Machines', columns: ['Host', 'BMC', 'Model', 'Serial', 'BIOS', 'Health'], rows, text }];
}

function failures(run: RunDocument): ReportSection {
  const rows = run.stages.flatMap((stage) =>
    stage.failures.map(({ reference, what, why, owner, fixes }) => [
      reference,
      stage.title,
      what,
      why.summary,
      owner ?? 'not known',
      fixes.map(({ title }) => title).join(' '),
    ]),
  );
  return {
    title: 'Failures',
    columns: ['Reference', 'Stage', 'What', 'Why', 'Whose', 'Remedy'],
    rows,
    ...empty(rows),
  };
}

function empty(rows: readonly unknown[]): { text?: string } {
  return rows.length === 0 ? { text: 'None.' } : {};
}

/** `2026-11-21 02:04:05 UTC` */
function moment(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}

function spanOf(from: string | undefined, to: string | undefined): string {
  if (from === undefined || to === undefined) return '';
  const seconds = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  return [hours > 0 ? `${hours} h` : '', minutes > 0 ? `${minutes} min` : '', `${seconds % 60} s`]
    .filter(Boolean)
    .join(' ');
}
