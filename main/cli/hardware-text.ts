import { pc } from './colors.ts';
import type {
  DiscoveredMachine,
  DiscoverResult,
  HardwareFinding,
  HardwareSnapshot,
} from '../../src/contract/hardware.ts';
import { paragraph } from './paragraph.ts';

const MARKS = { error: pc.red('✖'), warning: pc.yellow('!'), note: pc.dim('·') } as const;

/** A discovery as the engineer reads it: each machine in three lines, then what to look at, errors first. */
export function discoverText(result: DiscoverResult, width: number): string {
  const machines = result.machines.map((machine) => machineText(machine, result.site !== undefined, width));
  const good = result.machines.filter((machine) => machine.ok).length;
  const total = `${good} of ${result.machines.length} ${result.machines.length === 1 ? 'machine' : 'machines'} read`;
  // That a machine could not be read, and why, stands with the machine already.
  const told = new Map(result.machines.map(({ host, error }) => [host, error?.message]));
  const more = result.findings.filter(({ host, message }) => {
    const known = host === undefined ? undefined : told.get(host);
    return known === undefined || !message.includes(known);
  });
  const findings = more.length === 0 ? [] : [findingsText(more, width), ''];
  const count = result.findings.length === 0 ? '' : `; ${findingCount(result.findings)}`;
  return [...machines, '', ...findings, `${total}${count}`].join('\n');
}

/** Findings, one paragraph each: what, seen and wanted where that says more, and the step that mends it. */
export function findingsText(findings: readonly HardwareFinding[], width: number): string {
  return findings.map((finding) => findingText(finding, width)).join('\n');
}

function findingText(finding: HardwareFinding, width: number): string {
  const lines = [`${named(finding.host, finding.message)}  ${pc.dim(finding.code)}`];
  if (finding.seen !== undefined && finding.wanted !== undefined)
    lines.push(pc.dim(`seen ${finding.seen}, wanted ${finding.wanted}`));
  if (finding.repair !== undefined) {
    const { title, request } = finding.repair;
    lines.push(`${pc.cyan('now')} ${title}`);
    if (request !== undefined)
      lines.push(
        pc.dim(
          `    ${request.method} ${request.uri}${request.body === undefined ? '' : ` ${JSON.stringify(request.body)}`}`,
        ),
      );
  }
  return paragraph(MARKS[finding.severity], lines, width);
}

function machineText(machine: DiscoveredMachine, ofSite: boolean, width: number): string {
  const address = machine.bmc.replace(/^https:\/\//, '');
  const name = machine.host ?? (ofSite ? 'not in the site file' : undefined);
  const head = name === undefined ? pc.bold(address) : `${pc.bold(name)}  ${pc.dim(address)}`;
  if (machine.snapshot === undefined) {
    const error = machine.error;
    return paragraph(
      MARKS.error,
      [
        `${head}  ${pc.dim(error?.code ?? '')}`,
        error?.message ?? 'not read',
        ...(error?.evidence ?? []).map((line) => pc.dim(`${line.source}: ${line.text}`)),
        ...(error?.hint === undefined ? [] : [`${pc.cyan('now')} ${error.hint}`]),
      ],
      width,
    );
  }
  return paragraph(pc.green('✔'), [head, identity(machine.snapshot), capacity(machine.snapshot)], width);
}

function identity(snapshot: HardwareSnapshot): string {
  const { bios, bmc } = snapshot;
  const maker = shortMaker(snapshot.manufacturer);
  const model = snapshot.model ?? 'unknown model';
  return [
    maker === '' || model.startsWith(maker) ? model : `${maker} ${model}`,
    `serial ${snapshot.serial ?? 'not told'}`,
    ...(bios.version === undefined ? [] : [`BIOS ${bios.version}`]),
    ...(bmc.version === undefined ? [] : [`BMC ${bmc.version}`]),
  ].join(', ');
}

function capacity(snapshot: HardwareSnapshot): string {
  const { cpu, memory, disks, nics, accelerators } = snapshot;
  const up = nics.filter((port) => port.link === 'up').length;
  return [
    `${cpu.count} CPU with ${cpu.cores} cores`,
    `${memory.total_gib} GiB`,
    disksText(disks),
    `${up} of ${nics.length} ports up`,
    ...(accelerators.length === 0 ? [] : [acceleratorsText(accelerators)]),
    `power ${snapshot.power_state}`,
    `health ${snapshot.health}`,
    ...(snapshot.gaps.length === 0
      ? []
      : [pc.yellow(`not read: ${snapshot.gaps.map((gap) => gap.what).join(', ')}`)]),
  ].join(', ');
}

function disksText(disks: HardwareSnapshot['disks']): string {
  if (disks.length === 0) return 'no disks';
  const terabytes = disks.reduce((sum, disk) => sum + disk.size_gb, 0) / 1000;
  return `${disks.length} ${disks.length === 1 ? 'disk' : 'disks'} (${terabytes.toFixed(1)} TB)`;
}

function acceleratorsText(accelerators: HardwareSnapshot['accelerators']): string {
  const kinds = ['gpu', 'dpu', 'fpga', 'other'] as const;
  const words = { gpu: 'GPU', dpu: 'DPU', fpga: 'FPGA', other: 'other accelerators' };
  return kinds
    .map((kind) => ({ kind, count: accelerators.filter((card) => card.kind === kind).length }))
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => `${count} ${words[kind]}`)
    .join(', ');
}

function shortMaker(maker: string | undefined): string {
  return (maker ?? '').replace(/,?\s*(Inc\.?|Corporation|Corp\.?|Ltd\.?)$/i, '');
}

function findingCount(findings: readonly HardwareFinding[]): string {
  const count = (severity: HardwareFinding['severity']): number =>
    findings.filter((finding) => finding.severity === severity).length;
  const errors = count('error');
  const warnings = count('warning');
  return `${errors} ${errors === 1 ? 'error' : 'errors'}, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`;
}

/** A sentence about a host, with the host's name in front where the sentence does not say it. */
export function named(host: string | undefined, message: string): string {
  return host === undefined || message.includes(host) ? message : `${host}: ${message}`;
}
