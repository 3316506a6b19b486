/** Process exit codes of the CLI, DESIGN section 9. */
export const EXIT = { done: 0, failed: 1, invalid: 2, connection: 3, cancelled: 4, bug: 70 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface BringupErrorOptions {
  readonly code: string;
  readonly message: string;
  /** What the engineer should do about it, one sentence. */
  readonly hint?: string;
  readonly exit?: ExitCode;
  /** Lines a reader would want to see: tool output, values seen. */
  readonly evidence?: readonly Evidence[];
  readonly cause?: unknown;
}

/** One quoted piece of proof: where it was seen and what it says. */
export interface Evidence {
  readonly source: string;
  readonly text: string;
}

/** An expected error: it has a stable SCREAMING_SNAKE code, a sentence and a remedy. Anything else is a bug (exit 70). */
export class BringupError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly exit: ExitCode;
  readonly evidence: readonly Evidence[];

  constructor(options: BringupErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'BringupError';
    this.code = options.code;
    this.hint = options.hint;
    this.exit = options.exit ?? EXIT.failed;
    this.evidence = options.evidence ?? [];
  }
}

/** The wire form of an error: what crosses IPC and HTTP. */
export interface ErrorData {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly exit: number;
  readonly evidence: readonly Evidence[];
}

/** What the operating system of this machine refuses anywhere, and what to do about it: no bug of Bringup. */
const REFUSED: Readonly<Record<string, readonly [code: string, message: string, hint: string]>> = {
  ENOSPC: ['DISK_FULL', 'The disk of this machine is full.', 'Free some space and try again; runs are kept.'],
  EDQUOT: [
    'DISK_FULL',
    'The quota of this disk is used up.',
    'Free some space and try again; runs are kept.',
  ],
  EROFS: [
    'DISK_READ_ONLY',
    'The disk is mounted read-only.',
    'Mount it for writing, or choose another folder.',
  ],
  EACCES: [
    'PERMISSION_DENIED',
    'This machine does not let you at a file or folder that is needed.',
    'Look whose it is, and whether it was made by root: bringup doctor',
  ],
};

/** Whether the operating system refused something to this process, and not a remote machine. */
function refusal(thrown: unknown): ErrorData | null {
  if (!(thrown instanceof Error) || !('syscall' in thrown) || !('code' in thrown)) return null;
  // A connection is refused in this way by a firewall.
  if (thrown.syscall === 'connect') return null;
  const [code, message, hint] = REFUSED[String(thrown.code)] ?? [];
  if (code === undefined || message === undefined || hint === undefined) return null;
  const evidence = [{ source: 'operating system', text: thrown.message }];
  return { code, message, hint, exit: EXIT.failed, evidence };
}

/**
 * Turns anything thrown into its wire form; what the operating system refused is told as that, and an unexpected error
 * becomes INTERNAL with exit 70 and no stack.
 */
export function toErrorData(thrown: unknown): ErrorData {
  if (thrown instanceof BringupError) {
    const base = {
      code: thrown.code,
      message: thrown.message,
      exit: thrown.exit,
      evidence: thrown.evidence,
    };
    return thrown.hint === undefined ? base : { ...base, hint: thrown.hint };
  }
  const refused = refusal(thrown);
  if (refused !== null) return refused;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: 'INTERNAL', message, exit: EXIT.bug, evidence: [] };
}

/** The reverse of toErrorData, for clients. */
export function fromErrorData(data: ErrorData): BringupError {
  return new BringupError({
    code: data.code,
    message: data.message,
    exit: data.exit as ExitCode,
    evidence: data.evidence,
    ...(data.hint === undefined ? {} : { hint: data.hint }),
  });
}
