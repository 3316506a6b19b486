import type { DiscoveredMachine, DiscoverResult, HardwareFinding } from '../contract/hardware.ts';
import type { PlanHost } from '../contract/plan.ts';
import type { StageEvent, StageExecutor } from '../contract/ports.ts';
import { runDiscovery } from '../hardware/index.ts';
import { planLoaded } from './hardware.ts';
import { cablingOf, readinessOf } from './hardware-checks.ts';
import type { BringupPorts } from './ports.ts';
import { startBmcs } from './rehearsal-bmcs.ts';
import type { PlacedFault } from './rehearsal-faults.ts';
import type { RehearsalPort } from './rehearsal-port.ts';
import type { Tempo } from './rehearsal-tempo.ts';
import type { LoadedSite } from './site.ts';

type Emit = (event: StageEvent) => void;

export interface RehearsedDiscoveryOptions {
  readonly ports: BringupPorts;
  readonly rehearsal: RehearsalPort;
  readonly loaded: LoadedSite;
  readonly run: string;
  readonly faults: readonly PlacedFault[];
  readonly tempo: Tempo;
  readonly signal: AbortSignal;
}

/** Seconds that reading a machine is shown to take; a simulated one answers at once. */
const READING = 6;

/** Stage "Discovery" of a rehearsal: the real discovery, of simulated BMCs, and what follows of it for each host. */
export function createRehearsedDiscovery(options: RehearsedDiscoveryOptions): StageExecutor {
  return {
    async execute(_stage, emit) {
      emit({ kind: 'task.started', task: 'read', title: 'Read every machine by its simulated BMC' });
      await options.tempo.wait(READING);
      const result = await discover(options, emit);
      const { ports, loaded, run } = options;
      await ports.journals.keep(run, 'hardware.json', JSON.stringify(result, null, 2));
      const failed = result.machines.filter(({ ok }) => !ok);
      if (failed.length > 0)
        return {
          status: 'failed',
          text: `${failed.length} of ${result.machines.length} machines could not be read`,
        };
      const wrong = result.findings.filter(({ severity }) => severity === 'error');
      tellFindings(result, emit);
      const plan = await planLoaded(ports, loaded);
      await ports.journals.keep(run, 'plan.json', JSON.stringify(plan, null, 2));
      const unfit = plan.hosts.filter((host) => !isFit(host));
      emit({ kind: 'task.started', task: 'match', title: 'Choose a profile and check what the stack needs' });
      for (const host of plan.hosts)
        emit({ kind: 'host.result', task: 'match', host: host.name, ...matchOf(host) });
      for (const host of unfit) emit({ kind: 'failure', input: unfitInput(host) });
      const bad = wrong.length + unfit.length;
      return bad === 0
        ? { status: 'ok', text: `${result.machines.length} machines, every cable and profile as wanted` }
        : {
            status: 'failed',
            text: `${bad} ${bad === 1 ? 'thing is' : 'things are'} not as the site file says`,
          };
    },
  };
}

async function discover(options: RehearsedDiscoveryOptions, emit: Emit): Promise<DiscoverResult> {
  const { ports, rehearsal, loaded, faults, signal } = options;
  const { site } = loaded;
  const bmcs = await startBmcs(rehearsal, site, faults);
  const record = await ports.hardware.begin(site.site.name, ports.clock.now());
  const hostOf = new Map(bmcs.targets.map(({ base, host }) => [base, host ?? base]));
  try {
    const result = await runDiscovery({
      targets: bmcs.targets,
      planned: site.hosts,
      site: site.site.name,
      dial: bmcs.dial,
      clock: ports.clock,
      signal,
      // What is broken is broken on purpose: nothing gets better by waiting for it.
      limits: { backoffSeconds: 0.05, longestPauseSeconds: 0.1 },
      checks: [readinessOf, cablingOf(site.hosts)],
      onRaw: (bmc, raw) => record.keepRaw(bmc, Object.fromEntries(raw)),
      onResult: (machine) =>
        tellMachine(machine, machine.host ?? hostOf.get(machine.bmc) ?? machine.bmc, emit),
    });
    await record.finish(result);
    return result;
  } catch (thrown) {
    await record.discard();
    throw thrown;
  } finally {
    await bmcs.close();
  }
}

function tellMachine({ ok, snapshot, error, bmc }: DiscoveredMachine, host: string, emit: Emit): void {
  const seen = [snapshot?.manufacturer, snapshot?.model, snapshot?.serial].filter(Boolean).join(' ');
  emit({
    ...{ kind: 'host.result', task: 'read', host, status: ok ? 'ok' : 'unreachable' },
    text: ok
      ? `${seen}, ${snapshot?.power_state === 'Off' ? 'switched off' : 'switched on'}`
      : (error?.message ?? 'not read'),
  });
  if (ok) return;
  emit({
    kind: 'failure',
    input: {
      what: `The machine ${host} could not be read by its BMC.`,
      where: { stage: 'discovery', task: 'Read every machine', host: `BMC of ${host}`, runs_on: 'laptop' },
      message: error?.message ?? 'It gave no reason.',
      ...(error?.code === undefined ? {} : { code: error.code }),
      ...(error?.hint === undefined ? {} : { hint: error.hint }),
      evidence: [{ source: 'dialled', text: bmc }, ...(error?.evidence ?? [])],
    },
  });
}

function tellFindings({ machines, findings }: DiscoverResult, emit: Emit): void {
  emit({ kind: 'task.started', task: 'cables', title: 'Compare cables and readiness with the site file' });
  for (const { host } of machines) {
    if (host === undefined) continue;
    const own = findings.filter((finding) => finding.host === host && finding.severity !== 'note');
    const wrong = own.filter(({ severity }) => severity === 'error');
    const text = own.length === 0 ? 'as the site file says' : own.map(({ message }) => message).join(' ');
    emit({ kind: 'host.result', task: 'cables', host, status: wrong.length > 0 ? 'failed' : 'ok', text });
  }
  for (const finding of findings) {
    if (finding.severity === 'error') emit({ kind: 'failure', input: findingInput(finding) });
  }
}

function findingInput({ code, host, message, seen, wanted }: HardwareFinding) {
  const compared = [
    seen === undefined ? '' : `Seen: ${seen}.`,
    wanted === undefined ? '' : `Wanted: ${wanted}.`,
  ];
  return {
    what: message,
    where: {
      ...{ stage: 'discovery', task: 'Compare cables and readiness', runs_on: 'laptop' },
      ...(host === undefined ? {} : { host }),
    },
    message: compared.filter(Boolean).join(' ') || message,
    evidence: [{ source: 'finding', text: code }],
  };
}

function matchOf({ match, profile, why, compat, compat_checks: checks }: PlanHost): {
  readonly status: 'ok' | 'failed';
  readonly text: string;
} {
  const lacking = checks.map(({ field, seen, wanted }) => `${field} ${seen}, wanted ${wanted}`);
  const good = isFit({ match, compat });
  return {
    status: good ? 'ok' : 'failed',
    text: [profile === undefined ? why : `profile ${profile}`, ...lacking].join('; '),
  };
}

function isFit({ match, compat }: Pick<PlanHost, 'match' | 'compat'>): boolean {
  return match !== 'none' && match !== 'ambiguous' && compat !== 'fail';
}

function unfitInput(host: PlanHost) {
  return {
    what: `${host.name} does not fit what the site file and the stack want.`,
    where: { stage: 'discovery', task: 'Choose a profile', host: host.name, runs_on: 'laptop' },
    message: matchOf(host).text,
    evidence: [{ source: 'profile', text: host.why }],
  };
}
