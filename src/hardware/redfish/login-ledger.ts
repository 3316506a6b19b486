import { createHash } from 'node:crypto';
import { BringupError } from '../../contract/errors.ts';
import type { Credential } from '../../contract/ports.ts';
import { redfishError } from './errors.ts';

/**
 * Keeps accounts from being locked. A BMC that refused a credential is not asked again with it; a credential that was
 * refused by several BMCs in a row is not tried at the remaining ones, because one directory may stand behind them all.
 */
export interface LoginLedger {
  /** Runs one login; one that rejects with REDFISH_LOGIN_REFUSED or _LOCKED counts. Rejects with REDFISH_LOGIN_HELD_BACK. */
  attempt<T>(credential: Credential, bmc: string, login: () => Promise<T>): Promise<T>;
}

/** Refusals in a row after which a credential is held back: while no BMC has taken it yet, and once one has. */
export interface LedgerLimits {
  readonly unproven: number;
  readonly proven: number;
}

/**
 * Directories lock an account after three to five wrong passwords (Microsoft's and CIS's advice starts at five), so an
 * unproven credential gets three tries in all. One that works elsewhere is not simply mistyped and gets more.
 */
const LIMITS: LedgerLimits = { unproven: 3, proven: 10 };

interface Account {
  inFlight: number;
  proven: boolean;
  row: string[];
  waiting: (() => void)[];
}

/** A ledger for one discovery. */
export function createLoginLedger(limits: LedgerLimits = LIMITS): LoginLedger {
  const accounts = new Map<string, Account>();
  const refusals = new Map<string, BringupError>();

  const room = (account: Account): number => {
    if (account.proven && account.row.length === 0) return Number.POSITIVE_INFINITY;
    return (account.proven ? limits.proven : limits.unproven) - account.row.length;
  };
  /** Waits until another refusal could not exceed the limit, whatever comes of the logins under way. */
  const enter = async (account: Account, bmc: string): Promise<void> => {
    for (;;) {
      if (room(account) <= 0) throw heldBack(bmc, account.row);
      if (account.inFlight < room(account)) break;
      await new Promise<void>((resolve) => account.waiting.push(resolve));
    }
    account.inFlight += 1;
  };
  return {
    attempt: async (credential, bmc, login) => {
      const key = keyOf(credential);
      const earlier = refusals.get(`${key} ${bmc}`);
      if (earlier !== undefined) throw earlier;
      const account = accounts.get(key) ?? { inFlight: 0, proven: false, row: [], waiting: [] };
      accounts.set(key, account);
      await enter(account, bmc);
      try {
        const value = await login();
        account.proven = true;
        account.row = [];
        return value;
      } catch (thrown) {
        if (isRefusal(thrown)) {
          account.row.push(bmc);
          refusals.set(`${key} ${bmc}`, thrown);
        }
        throw thrown;
      } finally {
        account.inFlight -= 1;
        for (const wake of account.waiting.splice(0)) wake();
      }
    },
  };
}

function isRefusal(thrown: unknown): thrown is BringupError {
  return (
    thrown instanceof BringupError && ['REDFISH_LOGIN_REFUSED', 'REDFISH_LOGIN_LOCKED'].includes(thrown.code)
  );
}

function keyOf({ username = '', password = '' }: Credential): string {
  return createHash('sha256')
    .update(JSON.stringify([username, password]))
    .digest('hex');
}

function heldBack(bmc: string, row: readonly string[]): BringupError {
  return redfishError(
    'REDFISH_LOGIN_HELD_BACK',
    `The login at ${bmc} was not tried: ${row.length} other BMCs in a row refused the same user and password, and more tries could lock the account.`,
    'Correct the stored credential (or give these BMCs one of their own), then discover again.',
    { evidence: [{ source: 'BMCs that refused', text: row.join(', ') }] },
  );
}
