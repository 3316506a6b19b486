import type { Command } from 'commander';
import type { ApplyOptions } from '../../../src/contract/api.ts';
import type { FailureRecord } from '../../../src/contract/failure.ts';
import { exitCode, showToEnd, watchStyle } from '../carry-out.ts';
import type { CliContext } from '../context.ts';
import { fingerprint } from '../fingerprint.ts';
import { askYes, canAsk } from '../prompt.ts';
import { addSkipOptions, skipsOf, type SkipFlags } from '../skips.ts';
import type { Watched, WatchStyle } from '../watch.ts';

interface Flags extends SkipFlags {
  readonly confirmVmChange?: boolean;
  readonly destroy?: boolean;
  readonly acceptHostKey?: string;
  readonly installMissing?: boolean;
  readonly until?: string;
  readonly plain?: boolean;
}

/** apply: carries a site file out, showing the run as it goes. */
export function addApplyCommand(program: Command, context: CliContext): void {
  const command = program
    .command('apply')
    .description('carry out a site file: preflight, upload, deployment VM, and every stage of its stack')
    .argument('<file>', 'the site file')
    .option('--confirm-vm-change', 'agree to rebuild the deployment VM when its definition changed')
    .option('--accept-host-key <fingerprint>', 'accept this SSH host key of the KVM host', fingerprint)
    .option(
      '--install-missing',
      'install what the KVM host lacks, from kvm_host.packages or its distribution',
    )
    .option('--destroy', 'remove the deployment VM and what Bringup keeps for this site on the KVM host')
    .option('--until <stage>', 'end after this stage; a resume goes on behind it')
    .option('--plain', 'plain lines even on a terminal');
  addSkipOptions(command).action(async (file: string, flags: Flags) => {
    const client = await context.client();
    const style = watchStyle(context, flags.plain);
    let options: ApplyOptions | null = applyOptions(file, flags);
    let watched: Watched | undefined;
    while (options !== null) {
      watched = await showToEnd(client, await client.call('runs.apply', options), style);
      options = await askForConsent(options, watched.failures, style);
    }
    context.exit(exitCode(watched));
  });
}

/** After a stop that only waits for the engineer's word: asks on a terminal and gives the options of the next try. */
async function askForConsent(
  options: ApplyOptions,
  failures: readonly FailureRecord[],
  style: WatchStyle,
): Promise<ApplyOptions | null> {
  if (style !== 'tree' || !canAsk()) return null;
  const keys = new Set(failures.map((record) => record.why.key));
  if (keys.has('ssh.host_key_unknown') && options.acceptHostKey === undefined) {
    const offered = failures
      .map((record) => JSON.stringify(record).match(/SHA256:[A-Za-z0-9+/]{43}/)?.[0])
      .find(Boolean);
    if (
      offered !== undefined &&
      (await askYes(`\nIs ${offered} the KVM host's key, compared at its console?`))
    )
      return { ...options, acceptHostKey: offered };
  }
  if (keys.has('vm.changed') && options.confirm !== true) {
    if (await askYes('\nCarry the change of the deployment VM out?')) return { ...options, confirm: true };
  }
  if (keys.has('ome.appliance_changed') && options.confirm !== true) {
    if (await askYes('\nCarry the change of the OpenManage Enterprise appliance out, as told above?'))
      return { ...options, confirm: true };
  }
  if (keys.has('host.packages_missing') && options.installMissing !== true) {
    if (await askYes('\nInstall the missing packages on the KVM host?'))
      return { ...options, installMissing: true };
  }
  return null;
}

function applyOptions(file: string, flags: Flags): ApplyOptions {
  return {
    siteFile: file,
    ...(flags.confirmVmChange ? { confirm: true } : {}),
    ...(flags.destroy ? { destroy: true } : {}),
    ...(flags.installMissing ? { installMissing: true } : {}),
    ...skipsOf(flags),
    ...(flags.until === undefined ? {} : { until: flags.until }),
    ...(flags.acceptHostKey === undefined ? {} : { acceptHostKey: flags.acceptHostKey }),
  };
}
