import { BringupError, EXIT } from '../contract/errors.ts';

/** One login that may be tried: `look` finds out, without a secret, whether anybody is there. */
export interface CarefulLogin {
  readonly name: string;
  look(): Promise<void>;
  login(): Promise<void>;
}

/** How one login went: nothing where it was let in. */
export interface LoginOutcome {
  readonly thrown?: unknown;
}

/** Machines that are looked at side by side, and that are logged in to at once, after one has taken the credential. */
const LOOKS = 16;
const LOGINS = 4;
const REFUSALS: ReadonlySet<string> = new Set([
  'SSH_AUTH_FAILED',
  'REDFISH_LOGIN_REFUSED',
  'REDFISH_LOGIN_LOCKED',
]);

/** The machine itself said no to user, password or key. */
export function isRefusal(thrown: unknown): boolean {
  return thrown instanceof BringupError && REFUSALS.has(thrown.code);
}

/**
 * Tries each login once, in the given order: alone until a machine has taken the credential, since a directory that
 * locks accounts may stand behind them all, then four at once. After the first refusal nothing more is tried:
 * CREDENTIALS_HELD_BACK. The outcomes are in the order of the logins and it never rejects.
 */
export async function tryCarefully(logins: readonly CarefulLogin[]): Promise<LoginOutcome[]> {
  const outcomes: LoginOutcome[] = [];
  const note = async (index: number, work: () => Promise<void>): Promise<boolean> => {
    const thrown = await work().then(() => undefined, orUnknown);
    outcomes[index] = thrown === undefined ? {} : { thrown };
    return thrown === undefined;
  };
  const there: number[] = [];
  await sideBySide(LOOKS, [...logins.entries()], async ([index, login]) => {
    if (await note(index, () => login.look())) there.push(index);
  });
  there.sort((left, right) => left - right);

  let refusedBy: string | undefined;
  const attempt = async (index: number): Promise<boolean> => {
    const login = logins[index];
    if (login === undefined) return false;
    const by = refusedBy;
    if (by !== undefined) return note(index, () => Promise.reject(heldBack(login.name, by)));
    const taken = await note(index, () => login.login());
    if (isRefusal(outcomes[index]?.thrown)) refusedBy = login.name;
    return taken;
  };
  let proven = false;
  while (!proven && there.length > 0) proven = await attempt(there.shift() ?? -1);
  await sideBySide(LOGINS, there, attempt);
  return outcomes;
}

async function sideBySide<T>(
  limit: number,
  items: readonly T[],
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const left = [...items];
  const worker = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: limit }, worker));
}

function orUnknown(thrown: unknown): unknown {
  return thrown ?? new Error('failed without a reason');
}

function heldBack(name: string, by: string): BringupError {
  return new BringupError({
    code: 'CREDENTIALS_HELD_BACK',
    exit: EXIT.connection,
    message: `${name} was not tried: ${by} refused the credential, and more wrong tries could lock the account.`,
    hint: 'Correct the stored credential, or give the machines that differ a credential of their own; then test again.',
  });
}
