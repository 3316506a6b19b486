import type { CredentialUse, WantedCredential } from '../../../src/contract/api.ts';
import { wizardText as text } from '../../text/wizard.ts';

/** The name that is wanted at a place of the site file. */
export function nameWanted(
  wanted: readonly WantedCredential[],
  path: string | undefined,
): string | undefined {
  return path === undefined
    ? undefined
    : wanted.find(({ uses }) => uses.some((use) => use.path === path))?.name;
}

/** Hosts that are named before the rest is only counted. */
const NAMED = 3;

/** "KVM host, BMC of node-1, node-2, node-3 and 9 more" */
export function usersOf(uses: readonly CredentialUse[]): string {
  const kinds = [...new Set(uses.map(({ target }) => target))];
  return kinds
    .map((target) => {
      const hosts = uses.flatMap((use) =>
        use.target === target && use.host !== undefined ? [use.host] : [],
      );
      const named = hosts.slice(0, NAMED).join(', ');
      const rest = hosts.length > NAMED ? ` ${text.andMore(hosts.length - NAMED)}` : '';
      return named === '' ? text.target[target] : `${text.targetOf[target]} ${named}${rest}`;
    })
    .join(', ');
}

/** Whether something uses it for which the site file names no user: it then needs a user name beside the password, and a key is of no use. */
export function wantsUser(uses: readonly CredentialUse[]): boolean {
  return uses.some(({ target }) => !['kvm-host', 'server', 'rke2'].includes(target));
}
