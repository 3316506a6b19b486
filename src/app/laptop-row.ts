import { countsWords, type MatrixCell, type MatrixStatus } from '../contract/matrix.ts';
import type { PlannedStage } from '../contract/events.ts';
import type { CancelSignal, StageAttempt, StageEvent, StageOutcome } from '../contract/ports.ts';
import type { NormalisedSite } from '../site/index.ts';
import { laptopName, testFromLaptop, type LaptopTests } from '../vantage/index.ts';

/** The playbook whose matrix the laptop has a row in. */
const NETWORK_TESTS = 'network-tests.yml';
const TASK = 'laptop-tests';
/** Also the play of its own, so that nobody takes the laptop for a host of a playbook's. */
const TITLE = 'Test from the laptop';
/** How long the end of a stage waits for the laptop, in milliseconds: it is late only where the stage had ended before. */
const LATE_MS = 3000;

export interface LaptopRow {
  readonly site: NormalisedSite;
  readonly attempt: StageAttempt;
  readonly emit: (event: StageEvent) => void;
  /** Fires when the stage is cancelled. */
  readonly signal: CancelSignal;
}

/**
 * Carries a stage out, and where it tests the network has the laptop try its own ways meanwhile. They are told after the
 * playbook's tasks, so that the newest task is the one that runs; never where the stage was cancelled, and once in an attempt.
 */
export async function withLaptopRow(
  { playbook }: PlannedStage,
  row: LaptopRow,
  carryOut: () => Promise<StageOutcome>,
): Promise<StageOutcome> {
  const { site, attempt, signal } = row;
  if (playbook !== NETWORK_TESTS || attempt.knows(TASK, laptopName(site))) return carryOut();
  const began = performance.now();
  const tests = testFromLaptop(site);
  let took = 0;
  void tests.done.then(() => {
    took = performance.now() - began;
  });
  const stop = (): void => {
    tests.stop();
  };
  signal.addEventListener('abort', stop);
  let connected = false;
  try {
    const outcome = await carryOut();
    connected = true;
    return outcome;
  } finally {
    if (!signal.aborted) {
      await atMost(LATE_MS, tests);
      tell(row, tests, connected, took === 0 ? performance.now() - began : took);
    }
    signal.removeEventListener('abort', stop);
    stop();
  }
}

async function atMost(milliseconds: number, { done }: LaptopTests): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([done, late]);
  clearTimeout(timer);
}

function tell({ site, emit }: LaptopRow, tests: LaptopTests, connected: boolean, took: number): void {
  const { cells, leftOut } = tests.cells(connected);
  emit({ kind: 'task.started', task: TASK, title: TITLE, play: TITLE });
  emit({
    ...{ kind: 'host.result', task: TASK, host: laptopName(site), status: 'ok', cells },
    text: `${cells.length + leftOut} tests: ${countsWords(count(cells))}`,
    duration_seconds: Math.round(took) / 1000,
    ...(leftOut === 0 ? {} : { cells_left_out: leftOut }),
  });
}

function count(cells: readonly MatrixCell[]): Readonly<Record<MatrixStatus, number>> {
  const counts = { ok: 0, warn: 0, failed: 0, 'not-tried': 0 };
  for (const { status } of cells) counts[status] += 1;
  return counts;
}
