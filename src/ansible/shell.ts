/** Options of one remote command; `capture: false` keeps its output out of memory: only the listeners get it. */
export interface ShellOptions {
  readonly stdin?: string;
  readonly onStdout?: (chunk: Uint8Array | string) => void;
  readonly onStderr?: (chunk: Uint8Array | string) => void;
  readonly signal?: AbortSignal;
  readonly timeoutSeconds?: number;
  readonly capture?: boolean;
}

export interface ShellResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * The part of a remote connection that carries out stages: one command as root. Rejects with a BringupError whose code
 * starts with `SSH_` when the link, not the command, failed. RemoteConnection of `src/remote` fits.
 */
export interface RemoteShell {
  readonly label: string;
  sudo(command: string, options?: ShellOptions): Promise<ShellResult>;
}

/** Splits a byte stream into lines, whatever the chunks; a last line without its end is not told. */
export function createLineSplitter(onLine: (line: string) => void): (chunk: Uint8Array | string) => void {
  const decoder = new TextDecoder();
  let rest = '';
  return (chunk) => {
    const text = rest + (typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true }));
    const lines = text.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') onLine(line);
  };
}
