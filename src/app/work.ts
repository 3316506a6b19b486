import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ApplyOptions } from '../contract/api.ts';
import type { PlannedStage } from '../contract/events.ts';
import type { FailureRecord } from '../contract/failure.ts';
import type { Credential, StageExecutor } from '../contract/ports.ts';
import { createPlaybookExecutor } from '../ansible/index.ts';
import type { FailureInput } from '../failures/index.ts';
import {
  REMOTE_ROOT,
  uploadedPath,
  type PackageArchive,
  type PreflightInput,
  type PreflightResult,
} from '../preflight/index.ts';
import type { RemoteConnection } from '../remote/index.ts';
import { renderInventory, type NormalisedSite } from '../site/index.ts';
import { PREFLIGHT_STAGE, UPLOAD_STAGE } from '../stacks/index.ts';
import { checkFile, type WantedFile } from './checked-file.ts';
import { packProject, type LocalFile, type PackedProject } from './pack.ts';
import type { BringupPorts } from './ports.ts';
import { hostFacts } from './hardware.ts';
import { createPreflightExecutor } from './preflight-stage.ts';
import { createSession, type Session } from './session.ts';
import { besideSiteFile, type LoadedSite } from './site.ts';
import { createUploadExecutor, projectPath, sendProject } from './upload-stage.ts';

/** Who carries out each stage of one run, and what they share: connections, the packed playbooks, what preflight proved. */
export interface Work {
  executorFor(stage: PlannedStage, explain: (input: FailureInput) => FailureRecord): StageExecutor;
  dispose(): Promise<void>;
}

export function createWork(
  ports: BringupPorts,
  loaded: LoadedSite,
  options: ApplyOptions,
  run: string,
  signal: AbortSignal,
): Work {
  const { site, stack, file } = loaded;
  const session = createSession({
    site,
    credentials: ports.credentials,
    hostKeys: ports.hostKeys,
    signal,
    ...(options.acceptHostKey === undefined ? {} : { acceptHostKey: options.acceptHostKey }),
  });
  let packed: Promise<PackedProject> | undefined;
  let preflight: PreflightResult | undefined;
  const project = (): Promise<PackedProject> => (packed ??= packProject(ports.playbooks));
  const wantedFile = (
    field: string,
    { path: name, sha256 }: { path: string; sha256: string },
  ): WantedFile => ({
    path: besideSiteFile(file, name),
    sha256,
    field,
  });
  const baseImage = wantedFile('deployment_vm.base_image', site.deployment_vm.base_image);
  const archives = {
    ...(site.deployment_vm.packages && {
      vm: wantedFile('deployment_vm.packages', site.deployment_vm.packages),
    }),
    ...(site.kvm_host.packages && {
      kvmHost: wantedFile('kvm_host.packages', site.kvm_host.packages),
    }),
  };
  const playbookExecutor: Work['executorFor'] = (stage, explain) => ({
    async execute(planned, emit, cancel) {
      const local = await project();
      const onVm = stage.runs_on === 'deployment-vm';
      if (onVm) await prepareDeploymentVm(session, local, signal);
      const limits = stack.stages.find((entry) => entry.id === stage.id);
      const executor = createPlaybookExecutor({
        connect: reconnecting(session, onVm),
        run,
        site: site.site.name,
        project: projectPath(local),
        playbook: `stacks/${stack.stack}/${stage.playbook ?? ''}`,
        inventory: renderInventory(site, await hostFacts(ports, loaded)),
        extraVars: {
          bringup_run: {
            id: run,
            stage: stage.id,
            confirm: options.confirm === true,
            destroy: options.destroy === true,
          },
          bringup_remote: {
            root: REMOTE_ROOT,
            site_dir: session.siteDir(),
            base_image: uploadedPath(baseImage),
            ...(archives.vm === undefined ? {} : { packages: uploadedPath(archives.vm) }),
          },
          bringup_laptop: { time: ports.clock.now().toISOString() },
          bringup_virtualization: preflight?.virtualization ?? 'emulate',
        },
        secrets: () => credentialsFor(stage, session, site),
        explain,
        clock: ports.clock,
        ...(limits?.hard_timeout_seconds === undefined
          ? {}
          : { hardTimeoutSeconds: limits.hard_timeout_seconds }),
      });
      return executor.execute(planned, emit, cancel);
    },
  });
  return {
    executorFor(stage, explain) {
      if (stage.id === UPLOAD_STAGE)
        return createUploadExecutor({
          kvmHost: session.kvmHost,
          project,
          signal,
          ...(options.destroy === true ? {} : { baseImage }),
          ...(options.destroy === true || archives.vm === undefined ? {} : { packages: archives.vm }),
        });
      if (stage.id !== PREFLIGHT_STAGE) return playbookExecutor(stage, explain);
      return createPreflightExecutor({
        kvmHost: session.kvmHost,
        input: {
          ...preflightInput(site, options, ports, signal),
          ...(archives.kvmHost === undefined
            ? {}
            : { packages: openArchive(archives.kvmHost, ports.playbooks) }),
        },
        explain,
        onPassed: (result) => {
          preflight = result;
        },
      });
    },
    async dispose() {
      session.close();
      await (await packed)?.dispose();
    },
  };
}

/** The open connection at first, and a new one each time after: the executor asks again only when the link is dead. */
function reconnecting(session: Session, onVm: boolean): () => Promise<RemoteConnection> {
  let asked = false;
  return () => {
    if (asked) session.drop();
    asked = true;
    return onVm ? session.deploymentVm() : session.kvmHost();
  };
}

/** The deployment VM gets the same playbooks tree; it is there already when nothing changed. */
async function prepareDeploymentVm(session: Session, project: LocalFile, signal: AbortSignal): Promise<void> {
  const connection = await session.deploymentVm();
  await sendProject(connection, project, signal);
}

/** Only what the stage logs in to: the operating systems of the target servers, from the deployment VM. */
async function credentialsFor(
  stage: PlannedStage,
  session: Session,
  site: NormalisedSite,
): Promise<Record<string, Credential>> {
  if (stage.runs_on !== 'deployment-vm') return {};
  const names = new Set(site.hosts.flatMap((host) => (host.ssh === undefined ? [] : [host.ssh.credential])));
  return Object.fromEntries(
    await Promise.all([...names].map(async (name) => [name, await session.credential(name)] as const)),
  );
}

/** The archive is read, and compared with the site file, only when something has to be installed from it. */
function openArchive(wanted: WantedFile, playbooks: string): () => Promise<PackageArchive> {
  return async () => ({
    ...(await checkFile('package archive', wanted)),
    script: await readFile(path.join(playbooks, 'images', 'install-packages.sh'), 'utf8'),
  });
}

function preflightInput(
  site: NormalisedSite,
  options: ApplyOptions,
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
    installMissing: options.installMissing === true,
    signal,
    now: () => ports.clock.now(),
  };
}
