import type { ResumeOptions } from '../../src/contract/api.ts';

/** What an engineer agrees to when a run goes on. */
export type GoOnOptions = Pick<ResumeOptions, 'confirm' | 'acceptHostKey' | 'installMissing'>;

/** What the button of a fix does: try the failed stage again, or let the run go on. */
export interface FixAction {
  readonly kind: 'retry' | 'resume';
  readonly options: GoOnOptions;
}

const FLAGS: Readonly<Record<string, (value: string | undefined) => GoOnOptions | null>> = {
  '--confirm': () => ({ confirm: true }),
  '--install-missing': () => ({ installMissing: true }),
  '--accept-host-key': (value) => (value === undefined ? null : { acceptHostKey: value }),
};

/**
 * Reads the action of a fix (`retry`, `resume`, `apply --confirm`, `apply --accept-host-key SHA256:...`). What a run has
 * to be applied with, it goes on with: nothing that is done is repeated. Returns null for an action this screen does not
 * know; then only its title and command are shown.
 */
export function fixActionOf(action: string | undefined): FixAction | null {
  const [verb, ...words] = (action ?? '').trim().split(/\s+/);
  if (verb !== 'retry' && verb !== 'resume' && verb !== 'apply') return null;
  let options: GoOnOptions = {};
  while (words.length > 0) {
    const [flag = '', inline] = (words.shift() ?? '').split('=', 2);
    const takesValue = flag === '--accept-host-key';
    const read = FLAGS[flag]?.(takesValue ? (inline ?? words.shift()) : undefined);
    if (read === undefined || read === null) return null;
    options = { ...options, ...read };
  }
  return { kind: verb === 'retry' ? 'retry' : 'resume', options };
}
