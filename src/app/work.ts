import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { PlannedStage, RunChoices, StageInputs } from '../contract/events.ts';
import type { StageAttempt, StageExecutor } from '../contract/ports.ts';
import type { ProbeResult } from '../contract/vantage.ts';
import type { PackageArchive, PreflightInput } from '../preflight/index.ts';
import type { RemoteConnection } from '../remote/index.ts';
import type { RunState } from '../runs/index.ts';
import { PREFLIGHT_STAGE, stageFiles, UPLOAD_STAGE } from '../stacks/index.ts';
import type { Destination } from '../vantage/index.ts';
import { useBundle, type BundleUse } from './bundle-use.ts';
import { checkFile, type WantedFile } from './checked-file.ts';
import { createGround } from './ground.ts';
import { createInputs } from './inputs.ts';
import type { PackedProject } from './pack.ts';
import { createPlaybookStage } from './playbook-stage.ts';
import type { BringupPorts } from './ports.ts';
import { probeInRun } from './probe.ts';
import { createPreflightExecutor } from './preflight-stage.ts';
import { createSession } from './session.ts';
import { besideSiteFile, type LoadedSite } from './site.ts';
import { packStack } from './stacks-pack.ts';
import { shippedTree } from './stacks-places.ts';
import { unlessCancelled } from './unless-cancelled.ts';
import { createUploadExecutor } from './upload-stage.ts';

/** Who carries out each stage of one run, and what they share: connections, the packed playbooks, what preflight proved. */
export interface Work {
  executorFor(stage: PlannedStage, attempt: StageAttempt): StageExecutor;
  /** What a stage depends on, as it is now. */
  inputsOf(stage: PlannedStage): Promise<StageInputs>;
  /** Who reaches a destination, asked over the connections of the run; null where that came to nothing. */
  probe(destination: Destination, signal: AbortSignal): Promise<ProbeResult | null>;
  dispose(): Promise<void>;
}

export interface WorkOptions {
  readonly run: string;
  readonly choices: RunChoices;
  readonly acceptHostKey?: string;
  /** The run so far, where it goes on. */
  readonly known?: RunState;
  /** Fires when the run is cancelled: what is done on the laptop ends at once. */
  readonly cancel: AbortSignal;
}

export function createWork(ports: BringupPorts, loaded: LoadedSite, options: WorkOptions): Work {
  const { site } = loaded;
  const { run, choices, cancel } = options;
  // A cancelled stage is still followed to its end, so a cancel does not close the way to it.
  const session = createSession({
    ...{ site, credentials: ports.credentials, hostKeys: ports.hostKeys },
    signal: new AbortController().signal,
    ...(options.acceptHostKey === undefined ? {} : { acceptHostKey: options.acceptHostKey }),
  });
  let packed: Promise<PackedProject> | undefined;
  const project = (): Promise<PackedProject> => (packed ??= packStack(ports.playbooks, loaded.stack.stack));
  const { baseImage, vmPackages, hostPackages, stageFiles: files } = wantedFiles(loaded);
  const bundle = useBundle(loaded);
  const whole = choices.destroy !== true;
  const kvmHost = (): Promise<RemoteConnection> => unlessCancelled(session.kvmHost(), cancel);

  const upload = (): StageExecutor =>
    createUploadExecutor({
      ...{ kvmHost, project, signal: cancel },
      ...(whole ? { baseImage, files } : {}),
      ...(whole && vmPackages !== undefined ? { packages: vmPackages } : {}),
      ...(whole && bundle !== undefined ? { bundle } : {}),
    });
  const preflight = (): StageExecutor =>
    createPreflightExecutor({
      kvmHost,
      input: {
        ...preflightInput(loaded, choices, ports, cancel),
        ...(hostPackages === undefined
          ? {}
          : { packages: openArchive(hostPackages, shippedTree(ports.playbooks), bundle) }),
      },
      onPassed: ({ virtualization }) => {
        ground.prove(virtualization);
      },
    });
  const ground = createGround({
    ...{ session, project, preflight, upload, cancel, known: options.known },
    uploads: choices.verify !== true,
    files: whole ? [baseImage, ...(vmPackages === undefined ? [] : [vmPackages]), ...files] : [],
  });
  return {
    executorFor(stage, attempt) {
      if (stage.id === UPLOAD_STAGE) return upload();
      if (stage.id === PREFLIGHT_STAGE) return preflight();
      const given = { ports, loaded, run, choices, session, ground, cancel, baseImage, files, project };
      return createPlaybookStage(
        {
          ...given,
          ...(vmPackages === undefined ? {} : { packages: vmPackages }),
          ...(bundle === undefined ? {} : { bundle }),
        },
        attempt,
      );
    },
    inputsOf: createInputs(ports, loaded, project),
    probe: (destination, signal) => probeInRun(destination, session, loaded, ports, signal),
    async dispose() {
      session.close();
      await (await packed)?.dispose();
    },
  };
}

/** The files that a site file names, by what they are for. */
export interface WantedFiles {
  readonly baseImage: WantedFile;
  readonly vmPackages: WantedFile | undefined;
  readonly hostPackages: WantedFile | undefined;
  /** What stages of the stack need on the KVM host beside these. */
  readonly stageFiles: readonly WantedFile[];
}

export function wantedFiles({ site, file, stack }: LoadedSite): WantedFiles {
  const wanted = (field: string, named: { path: string; sha256: string }): WantedFile => ({
    ...{ path: besideSiteFile(file, named.path), sha256: named.sha256, field },
  });
  const { deployment_vm: vm, kvm_host: host } = site;
  return {
    baseImage: wanted('deployment_vm.base_image', vm.base_image),
    vmPackages: vm.packages && wanted('deployment_vm.packages', vm.packages),
    hostPackages: host.packages && wanted('kvm_host.packages', host.packages),
    stageFiles: stageFiles(stack, site).map((named) => wanted(named.field, named)),
  };
}

/** The archive is read, and compared with the site file, only when something has to be installed from it. */
function openArchive(
  wanted: WantedFile,
  playbooks: string,
  bundle: BundleUse | undefined,
): () => Promise<PackageArchive> {
  return async () => ({
    ...(await checkFile('package archive', wanted, bundle)),
    script: await readFile(path.join(playbooks, 'images', 'install-packages.sh'), 'utf8'),
  });
}

/** What the preflight of a site asks of its KVM host. */
export function preflightInput(
  { site }: LoadedSite,
  choices: RunChoices,
  ports: BringupPorts,
  signal: AbortSignal,
): PreflightInput {
  return {
    bridge: site.kvm_host.bridge,
    storage: site.kvm_host.storage,
    virtualization: site.kvm_host.virtualization,
    memoryMib: site.deployment_vm.memory_mib,
    diskGib: site.deployment_vm.disk_gib,
    cpus: site.deployment_vm.cpus,
    domain: `${site.site.name}-${site.deployment_vm.name}`,
    installMissing: choices.install_missing === true,
    signal,
    now: () => ports.clock.now(),
  };
}
