import type { Place } from '../contract/api.ts';
import type { CheckResult } from '../contract/events.ts';
import type {
  Clock,
  CredentialStore,
  HardwareStore,
  HostKeyStore,
  JournalStore,
  SiteMemory,
} from '../contract/ports.ts';
import type { Redactor } from './redactor.ts';
import type { Playbooks } from './stacks-places.ts';
import type { RehearsalPort } from './rehearsal-port.ts';

/** What the application service needs from the machine it runs on; compose.ts is where adapters are put in. */
export interface BringupPorts {
  readonly version: string;
  readonly platform: string;
  readonly host: 'desktop' | 'browser' | 'cli';
  readonly clock: Clock;
  readonly credentials: CredentialStore;
  readonly hostKeys: HostKeyStore;
  /** Pinned TLS certificates of BMCs: `host:port` -> SHA-256 of the certificate in lower-case hex. */
  readonly certificates: HostKeyStore;
  readonly hardware: HardwareStore;
  readonly journals: RunJournals;
  /** Without it no site file is remembered. */
  readonly sites?: SiteMemory;
  /** Folders in which files may be chosen; without it there are none. */
  readonly places?: () => Promise<readonly Place[]>;
  /** The playbooks tree that is uploaded, and where imported stacks lie; without the latter none can be imported. */
  readonly playbooks: Playbooks;
  /** The example of a site file; without it none can be begun from it. */
  readonly exampleSite?: string;
  /** What is looked at on this machine beside runs and credentials; without it nothing. */
  readonly machine?: () => Promise<readonly CheckResult[]>;
  /** Without it a run is cancelled only by the process that carries it out. */
  readonly control?: RunControl;
  /** Without it nothing is rehearsed. */
  readonly rehearsal?: RehearsalPort;
  /** Knows every secret this process has met; createBringup puts it in. */
  readonly redactor?: Redactor;
}

/** Journals, and following one that another process writes. */
export interface RunJournals extends JournalStore {
  /** Whether a living process still writes the journal of this run. */
  active(site: string, run: string): Promise<boolean>;
  /** Calls back with whole lines as they appear, from the beginning; returns a function that stops. */
  follow(run: string, onLines: (lines: readonly string[]) => void): () => void;
}

/** A word to whoever carries a run out: `cancel` lets the running tasks end, a second one or `kill` stops them. */
export type RunWord = 'cancel' | 'kill';

/** How processes on one machine speak to the one that carries a run out. */
export interface RunControl {
  ask(run: string, word: RunWord): Promise<void>;
  /** Calls back with every word asked from now on; returns what ends the listening. */
  listen(run: string, onWord: (word: RunWord) => void): () => void;
}
