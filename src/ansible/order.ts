import { BringupError } from '../contract/errors.ts';
import type { PlannedStage } from '../contract/events.ts';
import type { StageAttempt } from '../contract/ports.ts';
import type { PlaybookPorts } from './ports.ts';

/** What `playbooks/runner/start.py` reads from stdin. */
export interface StageOrder {
  readonly root: string;
  readonly runtime: string;
  readonly run: string;
  readonly stage: string;
  readonly attempt: number;
  readonly site: string;
  readonly project: string;
  readonly playbook: string;
  readonly inventory: string;
  readonly extra_vars: Readonly<Record<string, unknown>>;
  readonly secrets: { readonly bringup_credentials: Readonly<Record<string, unknown>> };
  readonly timeout_seconds: number | null;
  /** Ansible's pattern of the hosts, its name of the task, and the tag to which the playbook is kept. */
  readonly limit: string | null;
  readonly start_at_task: string | null;
  readonly tag: string | null;
}

/** Names that become folders and unit names on the machine; nothing else may be in them. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** Writes the order for one stage; reads the secrets now, so that they are in memory no longer than needed. */
export async function writeOrder(
  ports: PlaybookPorts,
  stage: PlannedStage,
  root: string,
): Promise<StageOrder> {
  for (const name of [ports.run, stage.id]) {
    if (NAME.test(name)) continue;
    throw new BringupError({
      code: 'STAGE_NAME',
      message: `"${name}" cannot be the name of a run or stage.`,
    });
  }
  const credentials = Object.entries(await ports.secrets()).map(([name, credential]) => {
    const { username, password, privateKey } = credential;
    return [name, { username, password, private_key: privateKey }] as const;
  });
  return {
    root,
    runtime: ports.runtime ?? '/run/bringup',
    run: ports.run,
    stage: stage.id,
    attempt: ports.attempt.attempt,
    site: ports.site,
    project: ports.project,
    playbook: ports.playbook,
    inventory: ports.inventory,
    extra_vars: ports.extraVars,
    secrets: { bringup_credentials: Object.fromEntries(credentials) },
    timeout_seconds: ports.hardTimeoutSeconds ?? null,
    limit: limitOf(ports.attempt),
    start_at_task: ports.attempt.fromTask === undefined ? null : literal(ports.attempt.fromTask),
    tag: ports.attempt.tag ?? null,
  };
}

function limitOf({ onlyHosts, leftOut }: StageAttempt): string | null {
  if (onlyHosts !== undefined) return onlyHosts.filter((host) => !leftOut.includes(host)).join(',');
  return leftOut.length === 0 ? null : ['all', ...leftOut.map((host) => `!${host}`)].join(':');
}

/** Ansible takes the name of a task as a shell pattern. */
function literal(task: string): string {
  return task.replaceAll(/[[*?]/g, '[$&]');
}
