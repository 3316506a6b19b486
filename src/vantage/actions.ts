/**
 * What a collector does at a vantage point, without judging it. `stream` connects, speaks TLS if told so, sends and waits
 * for `want` bytes at the least. `datagram` sends one and waits for one. `ping` sends one echo for each size (0: any; else
 * the payload, not to be fragmented), to the host or to the gateway on the way there. `route` asks the own routing table.
 * Bytes are base64; times are seconds.
 */
export type Action =
  | {
      readonly do: 'stream';
      readonly host: string;
      readonly port: number;
      readonly tls: boolean;
      readonly send: string;
      readonly want: number;
      readonly seconds: number;
    }
  | {
      readonly do: 'datagram';
      readonly host: string;
      readonly port: number;
      readonly send: string;
      readonly seconds: number;
    }
  | {
      readonly do: 'ping';
      readonly host: string;
      readonly gateway: boolean;
      readonly sizes: readonly number[];
      readonly seconds: number;
    }
  | { readonly do: 'route'; readonly host: string };

/** One answer of the ping program. `code` 127: there is none. */
export interface PingOutput {
  readonly size: number;
  readonly code: number;
  readonly output: string;
}

/**
 * What a collector saw. `step` is how far it came before `error`, a system error's name (ECONNREFUSED, ETIMEDOUT, EAI_*)
 * or a TLS library's words; `ms` belongs to the connection or the datagram. `gateway` is empty where none is on the way.
 */
export interface Raw {
  readonly step: 'name' | 'connect' | 'tls' | 'answer' | 'done';
  readonly error?: string;
  readonly ms?: number;
  readonly reply?: string;
  /** The other end's certificate, DER in base64. */
  readonly certificate?: string;
  readonly pings?: readonly PingOutput[];
  readonly source?: string;
  readonly gateway?: string;
}

/** Carries actions out, each with its own deadline, all at once; tells each as it ends. Rejects when the point cannot be asked. */
export type Collect = (
  actions: readonly Action[],
  onRaw: (index: number, raw: Raw) => void,
  signal: AbortSignal,
) => Promise<void>;
