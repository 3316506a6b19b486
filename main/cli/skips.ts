import type { Command } from 'commander';
import type { SkippedStageWish } from '../../src/contract/api.ts';

export interface SkipFlags {
  readonly skip?: readonly string[];
  readonly reason?: string;
}

/** Adds --skip and --reason to a command that carries stages out. */
export function addSkipOptions(command: Command): Command {
  return command
    .option('--skip <stage>', 'pass over a stage; may be given more than once', collect)
    .option('--reason <text>', 'with --skip: why; it is recorded');
}

/** The stages to pass over; the reason is asked for by the application service. */
export function skipsOf({ skip, reason = '' }: SkipFlags): { skip?: readonly SkippedStageWish[] } {
  return skip === undefined ? {} : { skip: skip.map((stage) => ({ stage, reason })) };
}

function collect(stage: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, stage];
}
