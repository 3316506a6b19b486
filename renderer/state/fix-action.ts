import type { ApplyOptions } from '../../src/contract/api.ts';

const FLAGS: Readonly<Record<string, (value: string | undefined) => Partial<ApplyOptions> | null>> = {
  '--confirm': () => ({ confirm: true }),
  '--install-missing': () => ({ installMissing: true }),
  '--accept-host-key': (value) => (value === undefined ? null : { acceptHostKey: value }),
};

/**
 * Reads the action of a fix (`retry`, `resume`, `apply --confirm`, `apply --accept-host-key SHA256:...`) as options of
 * `runs.apply`. Returns null for an action this screen does not know; then only its title and command are shown.
 */
export function applyOptionsOf(action: string | undefined): Omit<ApplyOptions, 'siteFile'> | null {
  const [verb, ...words] = (action ?? '').trim().split(/\s+/);
  if (verb !== 'retry' && verb !== 'resume' && verb !== 'apply') return null;
  let options: Omit<ApplyOptions, 'siteFile'> = {};
  while (words.length > 0) {
    const [flag = '', inline] = (words.shift() ?? '').split('=', 2);
    const takesValue = flag === '--accept-host-key';
    const read = FLAGS[flag]?.(takesValue ? (inline ?? words.shift()) : undefined);
    if (read === undefined || read === null) return null;
    options = { ...options, ...read };
  }
  return options;
}
