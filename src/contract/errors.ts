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

/** Turns anything thrown into its wire form; an unexpected error becomes INTERNAL with exit 70 and no stack. */
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
