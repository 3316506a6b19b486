import type { Command } from 'commander';
import type { BringupClient, ResumeOptions, RetryOptions } from '../../../src/contract/api.ts';
import { EXIT } from '../../../src/contract/errors.ts';
import { exitCode, showToEnd, watchStyle } from '../carry-out.ts';
import type { CliContext } from '../context.ts';
import { findRun } from '../find-run.ts';
import { fingerprint } from '../fingerprint.ts';
import { print, printJson, usageError } from '../output.ts';
import { addSkipOptions, skipsOf, type SkipFlags } from '../skips.ts';

interface ResumeFlags extends SkipFlags {
  readonly siteFile?: string;
  readonly confirmVmChange?: boolean;
  readonly acceptHostKey?: string;
  readonly installMissing?: boolean;
  readonly keepFault?: boolean;
  readonly plain?: boolean;
}

interface RetryFlags extends ResumeFlags {
  readonly stage?: string;
  readonly failedHosts?: boolean;
  readonly fromTask?: boolean;
}

/** resume, retry, cancel: what becomes of a run after it was started, in the same run and journal. */
export function addResumeCommands(program: Command, context: CliContext): void {
  runOptions(
    program
      .command('resume')
      .description('go on with a run: what is finished stays, what still runs is found again')
      .argument('[run]', 'the run, its beginning, or a site file; the newest run when left out'),
  ).action(async (name: string | undefined, flags: ResumeFlags) => {
    const client = await context.client();
    const begun = await client.call('runs.resume', await resumeOptions(client, name, flags));
    context.exit(exitCode(await showToEnd(client, begun, watchStyle(context, flags.plain))));
  });

  runOptions(
    program
      .command('retry')
      .description('carry what failed out again, then go on with the run')
      .argument('[run]', 'the run, its beginning, or a site file; the newest run when left out')
      .option('--stage <id>', 'this stage, whatever its status')
      .option('--failed-hosts', 'only hosts that failed or could not be reached')
      .option('--from-task', 'begin at the failed task, where the stack allows it'),
  ).action(async (name: string | undefined, flags: RetryFlags) => {
    const client = await context.client();
    const options: RetryOptions = {
      ...(await resumeOptions(client, name, flags)),
      ...(flags.stage === undefined ? {} : { stage: flags.stage }),
      ...(flags.failedHosts === true ? { failedHosts: true } : {}),
      ...(flags.fromTask === true ? { fromTask: true } : {}),
    };
    const begun = await client.call('runs.retry', options);
    context.exit(exitCode(await showToEnd(client, begun, watchStyle(context, flags.plain))));
  });

  program
    .command('cancel')
    .description('cancel a run, also one of another process or of one that is gone')
    .argument('[run]', 'the run, or its beginning; the newest that runs when left out')
    .option('--now', 'stop the running task, too')
    .option('--plain', 'plain lines even on a terminal')
    .action(async (name: string | undefined, flags: { readonly now?: boolean; readonly plain?: boolean }) => {
      const client = await context.client();
      const run = await findRun(client, name ?? (await newestRunning(client)));
      const { last_seq: last } = await client.call('runs.show', { run });
      const { cancelled } = await client.call('runs.cancel', { run, now: flags.now === true });
      if (!cancelled) {
        if (context.json()) printJson({ run, cancelled });
        else print(`Run ${run} does not run; there is nothing to cancel.`);
        return context.exit(EXIT.failed);
      }
      await showToEnd(client, { run, from: last + 1 }, watchStyle(context, flags.plain));
      context.exit(EXIT.done);
    });
}

function runOptions(command: Command): Command {
  return addSkipOptions(command)
    .option('--site-file <file>', 'the site file, where it has moved')
    .option('--confirm-vm-change', 'agree to rebuild the deployment VM when its definition changed')
    .option('--accept-host-key <fingerprint>', 'accept this SSH host key of the KVM host', fingerprint)
    .option('--install-missing', 'install what the KVM host lacks')
    .option('--keep-fault', 'of a rehearsal: its faults stay this time, instead of being mended')
    .option('--plain', 'plain lines even on a terminal');
}

async function resumeOptions(
  client: BringupClient,
  name: string | undefined,
  flags: ResumeFlags,
): Promise<ResumeOptions> {
  const file = name !== undefined && /\.ya?ml$/.test(name) ? name : undefined;
  const siteFile = file ?? flags.siteFile;
  return {
    run: file === undefined ? await findRun(client, name) : await newestOf(client, file),
    ...skipsOf(flags),
    ...(siteFile === undefined ? {} : { siteFile }),
    ...(flags.confirmVmChange === true ? { confirm: true } : {}),
    ...(flags.installMissing === true ? { installMissing: true } : {}),
    ...(flags.keepFault === true ? { keepFault: true } : {}),
    ...(flags.acceptHostKey === undefined ? {} : { acceptHostKey: flags.acceptHostKey }),
  };
}

/** The newest run on this machine of the site that a file describes. */
async function newestOf(client: BringupClient, file: string): Promise<string> {
  const { site } = await client.call('plan.show', { file });
  const { runs } = await client.call('runs.list', {});
  const found = runs.find((entry) => entry.site === site && entry.opened === undefined);
  if (found !== undefined) return found.run;
  throw usageError(
    `There is no run of site ${site} on this machine.`,
    `Start one with: bringup apply ${file}`,
  );
}

async function newestRunning(client: BringupClient): Promise<string | undefined> {
  const { runs } = await client.call('runs.list', {});
  return runs.find((entry) => entry.status === 'running')?.run;
}
