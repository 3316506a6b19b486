import type { Duplex } from 'node:stream';
import type { BringupError } from '../../contract/errors.ts';
import type { BmcFacts } from '../../contract/hardware.ts';
import type { Clock, Credential } from '../../contract/ports.ts';
import type { RedfishReader, Resource } from '../reader.ts';
import type { Gate } from './gate.ts';
import type { Limits } from './limits.ts';
import type { LoginLedger } from './login-ledger.ts';

/**
 * Whom to believe. Fingerprints are SHA-256 of the certificate's DER form, in hexadecimal, with or without colons.
 * A fingerprint is enough alone; without one that fits, a CA must have signed the certificate.
 */
export interface Trust {
  /** The one certificate this BMC has by the site file; nothing overrules it. */
  readonly pin?: string;
  /** The one it showed at an earlier contact. */
  readonly known?: string;
  /** Fingerprints that the engineer has compared and accepts now. */
  readonly accept?: readonly string[];
  /** CA certificates in PEM, in place of those of the system. */
  readonly ca?: string;
}

/** The certificate a BMC shows. */
export type CertificateFacts = NonNullable<BmcFacts['certificate']>;

/** Opens a byte stream to a port: a socket of this machine, or a tunnel through another one. */
export type Dial = (host: string, port: number) => Promise<Duplex>;

export interface RedfishClientOptions {
  /** `https://10.20.1.11`, with a port where it is not 443; plain http only for this machine's loopback. */
  readonly base: string;
  /** Without one, only what a BMC tells everybody can be read. */
  readonly credential?: Credential;
  readonly trust?: Trust;
  /** How sentences name the machine, such as `BMC of node-1`. Default `BMC`. */
  readonly label?: string;
  readonly dial?: Dial;
  readonly limits?: Partial<Limits>;
  /** Requests in flight over all clients that share it. */
  readonly overall?: Gate;
  /** Logins refused so far, over all clients that share it. */
  readonly logins?: LoginLedger;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

/** The answer to a change: `location` is the task, job or new resource where the BMC names one. */
export interface ChangeAnswer {
  readonly status: number;
  readonly location?: string;
  readonly body?: Resource;
}

/** One BMC. Every call rejects with BringupError REDFISH_* (exit 3 for link and login) or CANCELLED. */
export interface RedfishClient extends RedfishReader {
  /** As dialled, without a default port: `https://10.20.1.11`. */
  readonly address: string;
  /** The service root, read without a login where the BMC allows it, as the standard demands. */
  root(): Promise<Resource>;
  post(uri: string, body: unknown): Promise<ChangeAnswer>;
  /** Sends If-Match where the resource has been read with an ETag; REDFISH_CHANGED when somebody was faster. */
  patch(uri: string, body: unknown): Promise<ChangeAnswer>;
  delete(uri: string): Promise<ChangeAnswer>;
  /** What was read last under each `@odata.id`, without trailing slash; collections with links only. */
  raw(): ReadonlyMap<string, Resource>;
  certificate(): CertificateFacts | undefined;
  /** Why the BMC counts as gone: it stopped answering in the middle, and nothing more was asked. */
  lost(): BringupError | undefined;
  /** How many HTTP requests were sent. */
  requests(): number;
  /** Logs out and closes the connections; never rejects, also works after the signal. */
  close(): Promise<void>;
}
