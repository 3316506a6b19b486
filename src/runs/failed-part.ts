import type { HostState, StageState } from './run-state.ts';

/** Hosts that failed or could not be reached at the newest attempt of a stage, in the order of its hosts. */
export function failedHostsOf(stage: StageState): string[] {
  const failed = new Set(stage.failed_hosts);
  for (const { where } of stage.failures) for (const host of where.host?.split(', ') ?? []) failed.add(host);
  for (const { hosts } of stage.tasks.values())
    for (const [host, answer] of hosts) if (isFailed(answer)) failed.add(host);
  return stage.hosts.filter((host) => failed.has(host));
}

/**
 * The name of the first task at which a host failed for good, in Ansible's words, if a task failed at all. The hosts'
 * answers count beside the records: a record of a root stands for failures at other tasks too.
 */
export function failedTaskOf(stage: StageState): string | undefined {
  const names = new Set(
    stage.failures.flatMap(({ where }) => (where.task === undefined ? [] : [where.task])),
  );
  const first = [...stage.tasks.values()].find(
    ({ title, hosts }) => names.has(title) || [...hosts.values()].some(isFailed),
  );
  return first?.title ?? [...names][0];
}

function isFailed({ status, ignored }: HostState): boolean {
  return (status === 'failed' || status === 'unreachable') && ignored !== true;
}
