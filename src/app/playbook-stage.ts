import { createPlaybookExecutor } from '../ansible/index.ts';
import type { PlannedStage, RunChoices } from '../contract/events.ts';
import type { Credential, StageAttempt, StageExecutor } from '../contract/ports.ts';
import { REMOTE_ROOT, uploadedPath } from '../preflight/index.ts';
import type { RemoteConnection } from '../remote/index.ts';
import { renderInventory, type NormalisedSite } from '../site/index.ts';
import { missingRoles } from '../stacks/index.ts';
import type { WantedFile } from './checked-file.ts';
import type { Ground } from './ground.ts';
import { hostFacts } from './hardware.ts';
import type { LocalFile } from './pack.ts';
import type { BringupPorts } from './ports.ts';
import type { Session } from './session.ts';
import type { LoadedSite } from './site.ts';
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
  readonly baseImage: WantedFile;
  readonly packages?: WantedFile;
  project(): Promise<LocalFile>;
}

/** A stage of the stack: its playbook, on the machine where it belongs. */
export function createPlaybookStage(given: PlaybookStagePorts, attempt: StageAttempt): StageExecutor {
  const { ports, loaded, run, choices, session, ground } = given;
  const { site, stack } = loaded;
  return {
    async execute(stage, emit, signal) {
      await ground.ready(stage, attempt, emit);
      const { baseImage, packages } = given;
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
      return executor.execute(stage, emit, signal);
    },
  };
}

/** Only target servers can be done without, as long as one is left and every role of the stack has its hosts. */
function goOnWithout(
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

/** Only what the stage logs in to from the deployment VM: the operating systems of the target servers, and what it names. */
async function credentialsFor(
  stage: PlannedStage,
  session: Session,
  site: NormalisedSite,
): Promise<Record<string, Credential>> {
  if (stage.runs_on !== 'deployment-vm') return {};
  const names = new Set(site.hosts.flatMap((host) => (host.ssh === undefined ? [] : [host.ssh.credential])));
  if (stage.logs_in_to?.includes('kvm-host') === true) names.add(site.kvm_host.credential);
  return Object.fromEntries(
    await Promise.all([...names].map(async (name) => [name, await session.credential(name)] as const)),
  );
}
