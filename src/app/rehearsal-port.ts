import type { Credential } from '../contract/ports.ts';

/** What a simulated BMC does otherwise than a sound one. */
export type BmcTrouble =
  'busy' | 'certificate-changed' | 'certificate-expired' | 'host-off' | 'silent' | 'wrong-password';

/** One machine to simulate, as the site file has it. */
export interface RehearsedMachine {
  readonly name: string;
  readonly serial?: string;
  /** Address of its BMC by the site file; its certificate is made for that. */
  readonly address: string;
  /** Name of a profile or of a role: which hardware it shows. */
  readonly kind: string;
  readonly macs: readonly string[];
  /** What each port is plugged into, in the same order; undefined where the site file does not say. */
  readonly switchPorts: readonly (string | undefined)[];
  readonly login: Required<Pick<Credential, 'username' | 'password'>>;
  readonly trouble?: BmcTrouble;
}

/** A simulated BMC that answers on 127.0.0.1. */
export interface RunningBmc {
  readonly name: string;
  readonly port: number;
  /** PEM. */
  readonly certificate: string;
}

/** What a rehearsal needs of the machine it runs on. */
export interface RehearsalPort {
  /** Folder with the rehearsal site, the faults and the recorded stages. */
  readonly assets: string;
  /** Starts simulated BMCs on free ports of 127.0.0.1, in this process. */
  startBmcs(machines: readonly RehearsedMachine[]): Promise<{
    readonly bmcs: readonly RunningBmc[];
    close(): Promise<void>;
  }>;
  /** Waits between the events of a recording; resolves early when the signal fires. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}
