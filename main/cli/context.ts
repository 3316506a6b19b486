import type { BringupClient } from '../../src/contract/api.ts';
import type { ComposeOptions } from '../compose.ts';

/** What every command gets: the options given before it, and a way to the application service (made on first use). */
export interface CliContext {
  readonly json: () => boolean;
  readonly client: () => Promise<BringupClient & { close(): Promise<void> }>;
  /** Sets the process's exit code at the end. */
  readonly exit: (code: number) => void;
}

/** Options that stand before the command. */
export interface GlobalOptions {
  readonly json?: boolean;
  readonly credentialStore?: NonNullable<ComposeOptions['credentialStore']>;
  readonly passphraseFile?: string;
}
