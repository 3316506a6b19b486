import type { DiscoverOptions, DiscoverProgress } from '../contract/api.ts';
import { BringupError, EXIT } from '../contract/errors.ts';
import type { DiscoveredMachine, DiscoverResult } from '../contract/hardware.ts';
import type { HardwareRecord } from '../contract/ports.ts';
import { runDiscovery, type RunDiscoveryOptions } from '../hardware/index.ts';
import { readCaptures } from './captures.ts';
import { directTargets, keepCertificates, prepareTargets, type Targets } from './discovery-targets.ts';
import { cablingOf, readinessOf } from './hardware-checks.ts';
import { mergeDiscovery } from './discovery-merge.ts';
import type { BringupPorts } from './ports.ts';
import { loadSite, type LoadedSite } from './site.ts';

/** The discovery of this process: one at a time. */
export interface Discovery {
  discover(options: DiscoverOptions): Promise<DiscoverResult>;
  progress(): DiscoverProgress;
  cancel(): boolean;
}

const UNKNOWN_CERTIFICATE = 'REDFISH_CERTIFICATE_UNKNOWN';
const IDLE: DiscoverProgress = { running: false, done: 0, total: 0, ended: [] };

export function createDiscovery(ports: BringupPorts): Discovery {
  let progress = IDLE;
  let controller: AbortController | undefined;

  const note = (machine: DiscoveredMachine, host: string | undefined): void => {
    const { bmc, ok, snapshot, error } = machine;
    const text = ok
      ? [snapshot?.manufacturer, snapshot?.model, snapshot?.serial].filter(Boolean).join(' ')
      : (error?.message ?? 'not read');
    const ended = [...progress.ended, { bmc, ok, text, ...(host === undefined ? {} : { host }) }];
    progress = { ...progress, ended };
  };

  const run = async (options: DiscoverOptions, signal: AbortSignal): Promise<DiscoverResult> => {
    const loaded = options.file === undefined ? undefined : await loadSite(options.file, ports.playbooks);
    if (options.captures !== undefined) return readCaptures(options.captures, loaded, ports.clock);
    if (options.bmc !== undefined) return ask(await directTargets(options.bmc), undefined, undefined, signal);
    const site = required(loaded);
    const record = await ports.hardware.begin(site.site.site.name, ports.clock.now());
    let targets = await prepareTargets(ports, site, options, signal);
    try {
      let result = await ask(targets, site, record, signal);
      const unknown = result.machines.filter(({ error }) => error?.code === UNKNOWN_CERTIFICATE);
      const only = options.acceptNewCertificates === true ? undefined : (options.acceptCertificates ?? []);
      if (unknown.length > 0 && only?.length !== 0) {
        const bases = unknown.map(({ bmc }) => bmc);
        await keepCertificates(ports, bases, { dial: targets.dial, only, signal });
        targets.dispose();
        targets = await prepareTargets(ports, site, options, signal);
        progress = { ...progress, done: 0, total: 0, ended: [] };
        result = await ask(targets, site, record, signal);
      }
      // Part of a site is no picture of the site, but it brings the picture that there is up to date.
      const whole = options.hosts === undefined ? result : await brought(site, result);
      if (whole === null) await record.discard();
      else await record.finish(whole);
      return result;
    } catch (thrown) {
      await record.discard();
      throw thrown;
    } finally {
      targets.dispose();
    }
  };

  const brought = async ({ site }: LoadedSite, part: DiscoverResult): Promise<DiscoverResult | null> => {
    const last = await ports.hardware.last(site.site.name);
    return last === null ? null : mergeDiscovery(last, part, site.hosts, ports.clock.now());
  };

  const ask = async (
    targets: Targets,
    loaded: LoadedSite | undefined,
    record: HardwareRecord | undefined,
    signal: AbortSignal,
  ): Promise<DiscoverResult> => {
    const hostOf = new Map(targets.targets.map(({ base, host }) => [base, host]));
    return runDiscovery({
      ...discoveryOptions(targets, loaded, record),
      signal,
      clock: ports.clock,
      onResult: (machine) => {
        note(machine, hostOf.get(machine.bmc));
      },
      onProgress: ({ done, machines }) => {
        progress = { ...progress, done, total: machines };
      },
    });
  };

  return {
    async discover(options) {
      if (controller !== undefined) throw alreadyRunning();
      controller = new AbortController();
      const started = ports.clock.now().toISOString();
      progress = {
        ...{ ...IDLE, running: true, started },
        ...(options.file === undefined ? {} : { file: options.file }),
      };
      try {
        return await run(options, controller.signal);
      } finally {
        controller = undefined;
        progress = { ...progress, running: false };
      }
    },
    progress: () => progress,
    cancel() {
      controller?.abort();
      return controller !== undefined;
    },
  };
}

function discoveryOptions(
  { targets, scan, dial, planned }: Targets,
  loaded: LoadedSite | undefined,
  record: HardwareRecord | undefined,
): RunDiscoveryOptions {
  return {
    targets,
    scan,
    ...(dial === undefined ? {} : { dial }),
    ...(loaded === undefined || planned === undefined ? {} : { site: loaded.site.site.name, planned }),
    checks: [readinessOf, ...(planned === undefined ? [] : [cablingOf(planned)])],
    ...(record === undefined ? {} : { onRaw: (bmc, raw) => record.keepRaw(bmc, Object.fromEntries(raw)) }),
  };
}

function required(loaded: LoadedSite | undefined): LoadedSite {
  if (loaded !== undefined) return loaded;
  throw new BringupError({
    code: 'DISCOVERY_NOTHING',
    exit: EXIT.invalid,
    message: 'Neither a site file nor a BMC was named.',
    hint: 'Name a site file, or one BMC with its user and password.',
  });
}

function alreadyRunning(): BringupError {
  return new BringupError({
    code: 'DISCOVERY_RUNNING',
    exit: EXIT.invalid,
    message: 'A discovery is already running in this window.',
    hint: 'Wait for it to end, or cancel it.',
  });
}
