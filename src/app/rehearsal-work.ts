import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { START_TASK } from '../contract/events.ts';
import type { PlannedStage, RehearsalChoice } from '../contract/events.ts';
import type { StageAttempt, StageExecutor } from '../contract/ports.ts';
import { createPlaybookExecutor } from '../ansible/index.ts';
import type { RemoteConnection } from '../remote/index.ts';
import { renderInventory } from '../site/index.ts';
import { PREFLIGHT_STAGE, UPLOAD_STAGE } from '../stacks/index.ts';
import { hostFacts } from './hardware.ts';
import { createInputs } from './inputs.ts';
import type { PackedProject } from './pack.ts';
import { goOnWithout } from './playbook-stage.ts';
import type { BringupPorts } from './ports.ts';
import { createPreflightExecutor } from './preflight-stage.ts';
import { composeStage, type PlayedStage } from './rehearsal-compose.ts';
import { createRehearsedDiscovery } from './rehearsal-discovery.ts';
import { placeFaults, readFaults, stageOfFault, type PlacedFault } from './rehearsal-faults.ts';
import { connectionError, createSimulatedMachine } from './rehearsal-machine.ts';
import { readRecording, recordedStages } from './rehearsal-recording.ts';
import { DISCOVERY_STAGE, requireRehearsal } from './rehearsal-site.ts';
import { createTempo } from './rehearsal-tempo.ts';
import { fill, wordsOf, wordsOfTarget } from './rehearsal-words.ts';
import type { LoadedSite } from './site.ts';
import { packStack } from './stacks-pack.ts';
import { createUploadExecutor } from './upload-stage.ts';
import { preflightInput, wantedFiles, type Work, type WorkOptions } from './work.ts';

/** What is told in place of a recording that there is none of. */
const NOT_RECORDED = 'not rehearsed: there is no recording of this stage yet';

/**
 * Who carries out the stages of a rehearsal. The code of a real run does, on machines that are not there: nothing in here
 * can open a connection but to the simulated BMCs on loopback.
 */
export function createRehearsalWork(
  ports: BringupPorts,
  loaded: LoadedSite,
  options: WorkOptions & { readonly choice: RehearsalChoice; readonly stages: readonly PlannedStage[] },
): Work {
  const { site, stack } = loaded;
  const { run, choices, choice, cancel } = options;
  const rehearsal = requireRehearsal(ports);
  const tempo = createTempo(rehearsal, choice.pace, cancel);
  const goesOn = options.known !== undefined;
  /** By the time a run goes on what was wrong is mended, unless it is to stay. */
  const isMended = goesOn && (choice.keep_fault ?? false) === false;
  let placed: Promise<readonly PlacedFault[]> | undefined;
  let packed: Promise<PackedProject> | undefined;
  const project = (): Promise<PackedProject> => (packed ??= packStack(ports.playbooks, stack.stack));

  const faultsOf = async (stage: PlannedStage): Promise<readonly PlacedFault[]> => {
    if (isMended) return [];
    placed ??= findFaults();
    return (await placed).filter((fault) => stageOfFault(fault, loaded) === stage.id);
  };
  /** Whether a stage that leaves servers without an operating system out is carried out again after they got one. */
  const isInstalledBefore = ({ id }: PlannedStage): boolean => {
    const installs = stack.stages.find(({ when }) => when?.['parameters.os.mode'] !== undefined)?.id ?? '';
    const status = options.known?.stages.get(installs)?.status ?? 'pending';
    const leavesOut = stack.stages.find((stage) => stage.id === id)?.leaves_out !== undefined;
    return leavesOut && ['ok', 'changed'].includes(status);
  };
  const findFaults = async (): Promise<readonly PlacedFault[]> =>
    placeFaults(
      choice.faults,
      await readFaults(rehearsal),
      await recordedStages(rehearsal),
      site,
      options.stages,
    );

  const machine = async (faults: readonly PlacedFault[], stage?: PlayedStage): Promise<RemoteConnection> => {
    const refusal = faults.find(({ entry }) => entry.connection !== undefined)?.entry.connection;
    if (refusal !== undefined) throw connectionError(fill(refusal, wordsOf(site)));
    const ahead = faults.find(({ entry }) => entry.clock_seconds !== undefined)?.entry.clock_seconds;
    return createSimulatedMachine({
      label: stage === undefined ? 'KVM host' : 'simulated machine',
      user: site.kvm_host.user,
      clock: ports.clock,
      hasFiles: goesOn,
      tempo,
      ...(ahead === undefined ? {} : { clockAhead: ahead }),
      ...(stage === undefined ? { facts: await readFacts(faults) } : { stage }),
    });
  };
  const readFacts = async (faults: readonly PlacedFault[]): Promise<string> => {
    const text = await readFile(path.join(rehearsal.assets, 'kvm-host.yaml'), 'utf8');
    const changed = faults.map(({ entry }) => Object.entries(entry.facts ?? {}));
    const facts = new Map([...Object.entries(parse(text) as Record<string, string>), ...changed.flat()]);
    const lines = [...facts].map(([key, value]) => fill(`${key}=${value}`, wordsOf(site)));
    return `${lines.join('\n')}\ncomplete=yes\n`;
  };

  const preflight: StageExecutor = {
    async execute(stage, emit, signal) {
      const faults = await faultsOf(stage);
      await tempo.wait(4);
      const executor = createPreflightExecutor({
        kvmHost: () => machine(faults),
        input: preflightInput(loaded, choices, ports, cancel),
        onPassed: () => undefined,
      });
      return executor.execute(stage, emit, signal);
    },
  };
  const upload: StageExecutor = {
    async execute(stage, emit, signal) {
      const faults = await faultsOf(stage);
      const { baseImage, vmPackages, stageFiles: files } = wantedFiles(loaded);
      const isDamaged = faults.some(({ entry }) => entry.image !== undefined);
      const image = isDamaged ? { path: path.join(rehearsal.assets, 'images', 'damaged.img') } : {};
      const executor = createUploadExecutor({
        ...{ kvmHost: () => machine(faults), project, signal: cancel },
        baseImage: { ...baseImage, ...image },
        ...(vmPackages === undefined ? {} : { packages: vmPackages }),
        files,
      });
      return executor.execute(stage, emit, signal);
    },
  };

  const playbook = (attempt: StageAttempt): StageExecutor => ({
    async execute(stage, emit, signal) {
      const plays = await readRecording(rehearsal, stage.id);
      if (plays === null) return { status: 'skipped', text: NOT_RECORDED };
      const faults = await faultsOf(stage);
      const targets = site.hosts.map(({ name }) => name).filter((name) => takesPart(name, stage, attempt));
      const played = composeStage(plays, {
        ...{ site, targets, faults, installed: isInstalledBefore(stage), leftOut: attempt.leftOut },
        ...(attempt.fromTask === undefined ? {} : { fromTask: attempt.fromTask }),
      });
      const executor = createPlaybookExecutor({
        connect: () => machine(faults, played),
        ...{ run, attempt, clock: ports.clock, site: site.site.name },
        project: wordsOfTarget(site, '').get('project') ?? '',
        playbook: `stacks/${stack.stack}/${stage.playbook ?? ''}`,
        inventory: renderInventory(site, await hostFacts(ports, loaded)),
        extraVars: {},
        secrets: async () => ({}),
        ...(stage.on_host_failure === 'continue' ? { goOnWithout: goOnWithout(loaded, stage, attempt) } : {}),
      });
      return executor.execute(
        stage,
        (event) => {
          const isStart = event.kind === 'host.result' && event.task === START_TASK;
          emit(isStart ? { ...event, text: 'rehearsal: the recording of a real run is played' } : event);
        },
        signal,
      );
    },
  });

  return {
    executorFor(stage, attempt) {
      if (stage.id === PREFLIGHT_STAGE) return preflight;
      if (stage.id === UPLOAD_STAGE) return upload;
      if (stage.id !== DISCOVERY_STAGE) return playbook(attempt);
      return {
        execute: async (planned, emit, signal) =>
          createRehearsedDiscovery({
            ...{ ports, rehearsal, loaded, run, tempo, signal: cancel },
            faults: await allBmcFaults(),
          }).execute(planned, emit, signal),
      };
    },
    inputsOf: createInputs(ports, loaded, project),
    // Who reaches whom cannot be found out where nobody is there.
    probe: async () => null,
    async dispose() {
      await (await packed)?.dispose();
    },
  };

  /** Discovery meets every fault of a BMC, also where a later stage is the one that fails of it. */
  async function allBmcFaults(): Promise<readonly PlacedFault[]> {
    if (isMended) return [];
    placed ??= findFaults();
    return (await placed).filter(({ entry }) => entry.bmc !== undefined);
  }
}

function takesPart(host: string, stage: PlannedStage, { onlyHosts, leftOut }: StageAttempt): boolean {
  if (leftOut.includes(host)) return false;
  return stage.hosts.includes(host) && (onlyHosts?.includes(host) ?? true);
}
