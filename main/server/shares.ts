import { randomBytes } from 'node:crypto';
import type { CommandName } from '../../src/contract/api.ts';
import { BringupError, EXIT } from '../../src/contract/errors.ts';
import { sameSecret, type Access } from './guard.ts';

interface Share {
  readonly token: string;
  readonly session: string;
  /** Connections that end with the share. */
  readonly watchers: Set<() => void>;
}

/** Runs that a second person may watch, in memory only: a share ends with the server at the latest. */
export interface Shares {
  /** The token of the run's link; the same one while it is shared. */
  open(run: string): string;
  /** Makes the link and every page opened with it useless, and closes their connections. */
  end(run: string): void;
  ofToken(token: string): { readonly run: string; readonly session: string } | undefined;
  ofSession(session: string): string | undefined;
  /** Registers what is called when the share ends; returns what takes it back. */
  onEnd(run: string, close: () => void): () => void;
}

const secret = (): string => randomBytes(32).toString('base64url');

/** Creates the table of shared runs. */
export function createShares(): Shares {
  const shares = new Map<string, Share>();
  const find = (key: 'token' | 'session', value: string): [string, Share] | undefined =>
    [...shares].find(([, share]) => sameSecret(value, share[key]));
  return {
    open: (run) => {
      const share = shares.get(run) ?? { token: secret(), session: secret(), watchers: new Set() };
      shares.set(run, share);
      return share.token;
    },
    end: (run) => {
      const share = shares.get(run);
      shares.delete(run);
      for (const close of share?.watchers ?? []) close();
    },
    ofToken: (token) => {
      const [run, share] = find('token', token) ?? [];
      return run === undefined || share === undefined ? undefined : { run, session: share.session };
    },
    ofSession: (session) => find('session', session)?.[0],
    onEnd: (run, close) => {
      const watchers = shares.get(run)?.watchers;
      watchers?.add(close);
      return () => watchers?.delete(close);
    },
  };
}

/** What somebody who watches may ask; each but the first names the run, which must be the shared one. */
const WATCHING: ReadonlySet<CommandName> = new Set(['app.info', 'runs.show', 'runs.events']);

/** Throws VIEW_ONLY where the command is not one of looking at the shared run. */
export function checkCommand(access: Access, command: CommandName, input: object): void {
  if (access.may === 'act') return;
  const named: unknown = Reflect.get(input, 'run');
  if (WATCHING.has(command) && (command === 'app.info' || named === access.run)) return;
  throw viewOnly(access.run);
}

/** The refusal of everything that is not looking at the shared run. */
export function viewOnly(run: string): BringupError {
  return new BringupError({
    code: 'VIEW_ONLY',
    exit: EXIT.invalid,
    message: `This link shows run ${run} and lets nothing be done.`,
    hint: 'Ask the engineer who shared it to act.',
  });
}
