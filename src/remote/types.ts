import type { Duplex } from 'node:stream';
import type { Credential, HostKeyStore } from '../contract/ports.ts';

/** One machine to log in to. `label` is how sentences name it ("KVM host"); fingerprints are `SHA256:...`. */
export interface RemoteTarget {
  readonly label: string;
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly credential: Credential;
  /** The connection whose machine opens the way, when the laptop cannot reach the target itself. */
  readonly via?: RemoteConnection;
  /** Fingerprint known from a trusted place; no other key is accepted. */
  readonly expectedFingerprint?: string;
  /** Fingerprint the engineer has compared; it is pinned when the machine shows exactly this key. */
  readonly acceptFingerprint?: string;
}

export interface RemotePorts {
  readonly hostKeys: HostKeyStore;
  readonly signal?: AbortSignal;
  /** Seconds for each of: the TCP connection, the SSH handshake with login. Default 15 and 30. */
  readonly connectTimeoutSeconds?: number;
  /** Seconds of silence after which the link counts as lost. Default 20. */
  readonly deadAfterSeconds?: number;
}

export interface ExecOptions {
  readonly stdin?: string | Uint8Array;
  readonly onStdout?: (chunk: Uint8Array) => void;
  readonly onStderr?: (chunk: Uint8Array) => void;
  readonly signal?: AbortSignal;
  readonly timeoutSeconds?: number;
  /** `false` keeps output out of memory: `stdout` and `stderr` of the result stay empty. Default true. */
  readonly capture?: boolean;
}

/** `code` is null when a signal ended the command; `signal` then names it. */
export interface ExecResult {
  readonly code: number | null;
  readonly signal?: string;
  readonly stdout: string;
  readonly stderr: string;
}

/** Bytes sent and wanted; `rate` in bytes a second over the last seconds; `resumed_from` is where a resumed upload began. */
export interface UploadProgress {
  readonly done: number;
  readonly total: number;
  readonly rate?: number;
  readonly left_seconds?: number;
  readonly resumed_from: number;
}

/** A part of a file that is sent as if it were a file of its own, in bytes. */
export interface FileSlice {
  readonly offset: number;
  readonly size: number;
}

export interface UploadOptions {
  /** Only this part of the local file, such as one file of a bundle. */
  readonly slice?: FileSlice;
  /** SHA-256 of what is sent in hexadecimal, when the caller knows it; otherwise the file is read once more. */
  readonly sha256?: string;
  readonly signal?: AbortSignal;
  /** Called at most five times a second, and once at the end. */
  readonly onProgress?: (progress: UploadProgress) => void;
}

/** What an upload did; `sent` counts the bytes of the file that went over the link this time. */
export interface UploadResult {
  readonly status: 'uploaded' | 'resumed' | 'present';
  readonly sha256: string;
  readonly size: number;
  readonly sent: number;
  readonly resumed_from: number;
}

export interface WriteFileOptions {
  /** Octal digits, default `0644`. */
  readonly mode?: string;
  readonly sudo?: boolean;
}

/**
 * An open SSH connection. Calls reject with BringupError: `SSH_*` when the link failed, `SUDO_*` when sudo refused,
 * `UPLOAD_*` and `REMOTE_*` for the work itself, `CANCELLED` after the signal. A command that merely fails resolves.
 */
export interface RemoteConnection {
  readonly label: string;
  /** Runs a command in the login shell of the user. */
  exec(command: string, options?: ExecOptions): Promise<ExecResult>;
  /** Runs a command as root by `sh`, through sudo unless the user is root; a password goes through stdin only. */
  sudo(command: string, options?: ExecOptions): Promise<ExecResult>;
  /** Sends a file: resumed after a break, verified by SHA-256, skipped when it is there. Needs python3 there. */
  upload(local: string, remote: string, options?: UploadOptions): Promise<UploadResult>;
  readFile(path: string, options?: { readonly sudo?: boolean }): Promise<Buffer>;
  /** Writes a file whole or not at all. */
  writeFile(path: string, content: string | Uint8Array, options?: WriteFileOptions): Promise<void>;
  /** A TCP connection opened by the machine (`direct-tcpip`). */
  tunnel(host: string, port: number): Promise<Duplex>;
  /** Tells once that the connection ended; `undefined` when it was closed here. */
  onClose(listener: (error: Error | undefined) => void): void;
  close(): void;
}
