import type { Clock, CredentialStore, HardwareStore, HostKeyStore, JournalStore } from '../contract/ports.ts';

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
  /** Folder of the playbooks tree that is uploaded. */
  readonly playbooks: string;
}

/** Journals, and following one that another process writes. */
export interface RunJournals extends JournalStore {
  /** Whether a living process still writes the journal of this run. */
  active(site: string, run: string): Promise<boolean>;
  /** Calls back with whole lines as they appear, from the beginning; returns a function that stops. */
  follow(run: string, onLines: (lines: readonly string[]) => void): () => void;
}
