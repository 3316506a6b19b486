/** A module's result as Ansible gives it; the named fields are those that Bringup reads. */
export interface TaskResult {
  readonly [key: string]: unknown;
  readonly changed?: boolean;
  readonly censored?: string;
  readonly attempts?: number;
  readonly retries?: number;
}

/** One job event of ansible-runner as `playbooks/runner/tail.py` prints it. */
export interface RunnerEvent {
  readonly counter: number;
  readonly event: string;
  readonly stdout?: string;
  readonly data: {
    readonly play?: string;
    readonly task?: string;
    readonly task_uuid?: string;
    readonly task_path?: string;
    readonly task_action?: string;
    readonly host?: string;
    readonly res?: TaskResult;
    readonly duration?: number;
    readonly ignore_errors?: boolean | null;
    /** Cells of a matrix that a module returned, and how many more there were. */
    readonly cells?: unknown;
    readonly cells_left_out?: unknown;
    readonly changed?: Readonly<Record<string, number>>;
    readonly dark?: Readonly<Record<string, number>>;
    readonly failures?: Readonly<Record<string, number>>;
  };
}

/** How a stage ended; `status` is ansible-runner's word, or `died` where it left none. */
export interface RunnerEnd {
  readonly status: 'successful' | 'failed' | 'canceled' | 'timeout' | 'died' | 'error';
  readonly rc: number | null;
  readonly output: string;
  /** True where it was stopped between two tasks, so that the last task told was never carried out. */
  readonly between?: boolean;
  /** True where the machine was started anew since the stage began there. */
  readonly restarted?: boolean;
  /** True where its machine had no room left for the files of the stage. */
  readonly disk_full?: boolean;
  /** Whether Bringup asked it to stop; left out by older scripts. */
  readonly asked?: boolean;
}

/** One line of `tail.py`. */
export type TailLine =
  | { readonly event: RunnerEvent }
  | { readonly heartbeat: { readonly counter: number } }
  | { readonly end: RunnerEnd };

/** Parses a line of `tail.py`; what is not one (a login banner) gives null. */
export function parseTailLine(line: string): TailLine | null {
  if (!line.startsWith('{')) return null;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && /^\{"(event|heartbeat|end)"/.test(line)
      ? (value as TailLine)
      : null;
  } catch {
    return null;
  }
}
