import type { BringupClient } from '../../src/contract/api.ts';
import { EXIT } from '../../src/contract/errors.ts';
import type { CliContext } from './context.ts';
import { watchRun, type Watched, type WatchStyle } from './watch.ts';

/** A run that this process has started or taken up; `from` is the first event that is news. */
export interface BegunRun {
  readonly run: string;
  readonly from?: number;
}

/** Shows a run to its end. Ctrl-C cancels it, again stops what runs at once, and a third time leaves it running. */
export async function showToEnd(client: BringupClient, begun: BegunRun, style: WatchStyle): Promise<Watched> {
  const { run, from } = begun;
  let asked = 0;
  const cancel = (): void => {
    asked += 1;
    if (asked > 2) process.exit(EXIT.cancelled);
    process.stderr.write(
      asked === 1
        ? '\nCancelling: the running task may end. Press Ctrl-C again to stop it now.\n'
        : '\nStopping now. Press Ctrl-C again to leave it running at the site.\n',
    );
    void client.call('runs.cancel', { run, now: asked > 1 });
  };
  process.on('SIGINT', cancel);
  process.on('SIGTERM', cancel);
  try {
    return await watchRun(client, run, style, from);
  } finally {
    process.off('SIGINT', cancel);
    process.off('SIGTERM', cancel);
  }
}

/** How a run is shown: JSON lines, plain lines, or a tree on a terminal. */
export function watchStyle(context: CliContext, plain: boolean | undefined): WatchStyle {
  if (context.json()) return 'json';
  return plain === true || !process.stdout.isTTY ? 'lines' : 'tree';
}

const WENT_ON: ReadonlySet<string> = new Set(['ok', 'changed', 'skipped', 'overridden']);

/** The exit code that tells how a run ended. */
export function exitCode(watched: Watched | undefined): number {
  const status = watched?.state.status;
  if (status === 'ok' || status === 'changed') return EXIT.done;
  if (status === 'cancelled') return EXIT.cancelled;
  // Every stage came to its end, and hosts were lost on the way: that is no connection that could be made.
  const stages = [...(watched?.state.stages.values() ?? [])];
  if (stages.every((stage) => WENT_ON.has(stage.status))) return EXIT.failed;
  const keys = watched?.failures.map((record) => record.why.key ?? '') ?? [];
  return keys.length > 0 && keys.every((key) => key.startsWith('ssh.')) ? EXIT.connection : EXIT.failed;
}
