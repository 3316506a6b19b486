import { createPlaybookExecutor } from '../ansible/index.ts';
import type { PlannedStage, RunChoices } from '../contract/events.ts';
import type { Credential, StageAttempt, StageExecutor } from '../contract/ports.ts';
import { REMOTE_ROOT, uploadedPath } from '../preflight/index.ts';
import type { RemoteConnection } from '../remote/index.ts';
import { renderInventory, type NormalisedSite } from '../site/index.ts';
import { missingRoles, usesOf } from '../stacks/index.ts';
import { BUNDLE_FOLDER } from './bundle-folder.ts';
import { bringBundle } from './bundle-stage.ts';
import type { BundleUse } from './bundle-use.ts';
import type { WantedFile } from './checked-file.ts';
import type { Ground } from './ground.ts';
import { hostFacts } from './hardware.ts';
import { withLaptopRow } from './laptop-row.ts';
import { keptOmeCertificate } from './ome-certificate.ts';
import type { LocalFile } from './pack.ts';
import type { BringupPorts } from './ports.ts';
import type { Session } from './session.ts';
import type { LoadedSite } from './site.ts';
import { stageCredentials } from './stage-credentials.ts';
import { projectPath } from './upload-stage.ts';

/** Where stages keep their secrets on a machine: a folder on tmpfs. */
const RUNTIME = '/run/bringup';

export interface PlaybookStagePorts {
  readonly ports: BringupPorts;
  readonly loaded: LoadedSite;
  readonly run: string;
  readonly choices: RunChoices;
  readonly session: Session;
  readonly ground: Ground;
  /** Fires when the run is cancelled. */
  readonly cancel: AbortSignal;
  readonly baseImage: WantedFile;
  readonly packages?: WantedFile;
  /** What stages need on the KVM host beside these. */
  readonly files: readonly WantedFile[];
  /** Left out where the site file names none. */
  readonly bundle?: BundleUse;
  project(): Promise<LocalFile>;
}

/** A stage of the stack: its playbook, on the machine where it belongs. */
export function createPlaybookStage(given: PlaybookStagePorts, attempt: StageAttempt): StageExecutor {
  const { ports, loaded, run, choices, session, ground } = given;
  const { site, stack } = loaded;
  return {
    async execute(stage, emit, signal) {
      await ground.ready(stage, attempt, emit);
      const { baseImage, packages, files } = given;
      const omeCertificate = await keptOmeCertificate(stage, session, site);
      const bundle = takesBundle(stage, loaded) ? given.bundle : undefined;
      if (bundle !== undefined && choices.verify !== true) {
        const connect = (): Promise<RemoteConnection> => session.deploymentVm();
        await bringBundle({ bundle, connect, cancel: given.cancel }, stage, attempt, emit);
      }
      const executor = createPlaybookExecutor({
        connect: reconnecting(session, stage.runs_on === 'deployment-vm'),
        ...{ run, attempt, clock: ports.clock, runtime: RUNTIME },
        site: site.site.name,
        project: projectPath(await given.project()),
        playbook: `stacks/${stack.stack}/${stage.playbook ?? ''}`,
        inventory: renderInventory(site, await hostFacts(ports, loaded)),
        extraVars: {
          bringup_run: {
            id: run,
            stage: stage.id,
            attempt: attempt.attempt,
            runtime: `${RUNTIME}/${run}/${stage.id}/${attempt.attempt}`,
            confirm: choices.confirm === true,
            destroy: choices.destroy === true,
          },
          bringup_remote: {
            root: REMOTE_ROOT,
            site_dir: session.siteDir(),
            base_image: uploadedPath(baseImage),
            ...(packages === undefined ? {} : { packages: uploadedPath(packages) }),
            files: Object.fromEntries(files.map((file) => [file.field, uploadedPath(file)])),
            ...(bundle === undefined ? {} : { bundle: BUNDLE_FOLDER }),
            ...(omeCertificate === undefined ? {} : { ome_certificate: omeCertificate }),
          },
          bringup_laptop: { time: ports.clock.now().toISOString() },
          bringup_virtualization: ground.virtualization(),
        },
        secrets: () => credentialsFor(stage, session, site),
        ...(stage.on_host_failure === 'continue' ? { goOnWithout: goOnWithout(loaded, stage, attempt) } : {}),
        ...(stage.hard_timeout_seconds === undefined
          ? {}
          : { hardTimeoutSeconds: stage.hard_timeout_seconds }),
      });
      return withLaptopRow(stage, { site, attempt, emit, signal }, () =>
        executor.execute(stage, emit, signal),
      );
    },
  };
}

/** A stage on the deployment VM that says so in its `uses`, where the deployment VM is to serve what is in the bundle. */
function takesBundle({ id, runs_on }: PlannedStage, { stack, site }: LoadedSite): boolean {
  return (
    runs_on === 'deployment-vm' &&
    site.services.repository.mode === 'managed' &&
    usesOf(stack, id).includes('bundle')
  );
}

/** Only target servers can be done without, as long as one is left and every role of the stack has its hosts. */
export function goOnWithout(
  { site, stack }: LoadedSite,
  stage: PlannedStage,
  attempt: StageAttempt,
): (hosts: readonly string[]) => string | undefined {
  return (hosts) => {
    const gone = [...hosts, ...attempt.leftOut];
    const [control] = stage.hosts;
    if (control !== undefined && gone.includes(control)) return `nothing goes on without ${control}`;
    const targets = stage.hosts.filter((host) => host !== control);
    if (targets.every((host) => gone.includes(host))) return 'no target server would be left';
    return missingRoles(stack, site.hosts, gone);
  };
}

/** The open connection at first, and a new one each time after: the executor asks again only when the link is dead. */
function reconnecting(session: Session, onVm: boolean): () => Promise<RemoteConnection> {
  let used: RemoteConnection | undefined;
  return async () => {
    if (used !== undefined) session.drop(used);
    used = undefined;
    used = await (onVm ? session.deploymentVm() : session.kvmHost());
    return used;
  };
}

async function credentialsFor(
  stage: PlannedStage,
  session: Session,
  site: NormalisedSite,
): Promise<Record<string, Credential>> {
  const names = stageCredentials(stage, site);
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await session.credential(name)] as const)),
  );
}
