import type { RunEvent } from '../../src/contract/events.ts';
import type { Applied, Applying } from '../e2e/support/cli.ts';
import type { Laptop } from './laptop.ts';
import { leftOver } from './left-over.ts';
import { compareWithRunner } from './runner-events.ts';

/** How a run came through a fault. */
export interface Trial {
  readonly end: 'by itself' | 'resumed' | 'wrong';
  /** What the engineer was told where the run stopped: the cause's key and its sentence. */
  readonly key?: string;
  readonly sentence?: string;
  /** What is wrong, one sentence each. */
  readonly wrong: readonly string[];
  readonly seconds: number;
}

/** A fault, and what is right after it. */
export interface Fault {
  /** The stage that it comes in; `network-services` where it is left out. */
  readonly stage?: string;
  /** Comes before the app starts. */
  prepare?(): Promise<unknown>;
  readonly env?: Readonly<Record<string, string>>;
  /** The event at which the fault comes. */
  at(event: RunEvent): boolean;
  /** Brings the fault about; what it breaks for a while it mends itself. */
  inject(app: Applying): Promise<unknown>;
  /** Mends, as the engineer would after reading the record, before the run is resumed. */
  mend?(): Promise<unknown>;
  /** Keys that tell the truth about this fault where the run stops; an empty list where it must end by itself. */
  readonly keys: readonly string[];
  /** The app was killed: nothing is told. */
  readonly killed?: boolean;
  /** A machine lost its power, and its disk perhaps the last events. */
  readonly powerLost?: boolean;
}

/** Words that get a run to the stage in which faults come: of the last run that is still good, else a new one's. */
function wordsFor({ good, siteFile }: Laptop, { stage = 'network-services' }: Fault): readonly string[] {
  return good.run === undefined ? ['apply', siteFile] : ['retry', good.run, '--stage', stage];
}

/** Carries a run through a fault to its end, resuming it where it stopped, and looks for anything that is not right. */
export async function tryFault(laptop: Laptop, fault: Fault): Promise<Trial> {
  const [trial] = await tryInTurn(laptop, wordsFor(laptop, fault), [fault]);
  if (trial === undefined) throw new Error('no trial was made');
  return trial;
}

/**
 * Carries one run through several faults. One that the run should survive by itself comes while the app goes on; after any
 * other the run is resumed, and the next comes in what follows. At its end the run is looked at; what is wrong with it is
 * said of the last. `onTrial` is told of each as it is over.
 */
export async function tryInTurn(
  laptop: Laptop,
  words: readonly string[],
  faults: readonly Fault[],
  onTrial: (index: number, trial: Trial) => void = () => undefined,
): Promise<Trial[]> {
  const trials: Trial[] = [];
  const add = (trial: Trial): void => {
    trials.push(trial);
    onTrial(trials.length - 1, trial);
  };
  let run = '';
  let app: Applying | undefined;
  let started = Date.now();
  for (const fault of faults) {
    started = Date.now();
    const fresh: boolean = app === undefined;
    if (app === undefined) {
      await fault.prepare?.();
      app = laptop.start(run === '' ? words : ['resume', run], fault.env);
      run = (await app.until(() => true)).run;
    }
    await (fresh ? app.until(fault.at) : app.untilNext(fault.at));
    await fault.inject(app);
    if (fault.keys.length === 0 && fault.killed !== true) {
      add({ end: 'by itself', wrong: [], seconds: seconds(started) });
      continue;
    }
    const met = await judge(laptop, run, fault, await app.done);
    app = undefined;
    await fault.mend?.();
    add({ ...met, seconds: seconds(started) });
    if (met.end === 'by itself') break;
  }
  const wrong = [
    ...(run === '' ? [] : await finish(laptop, run, app, trials.at(-1)?.end)),
    ...(run === ''
      ? []
      : await untruths(
          laptop,
          run,
          faults.some((fault) => fault.powerLost),
        )),
  ];
  laptop.good.run = wrong.length > 0 || run === '' ? undefined : run;
  if (trials.length < faults.length) wrong.push(`ended before ${faults.length - trials.length} faults came`);
  const last = trials.pop();
  if (last === undefined) return trials;
  const end = wrong.length > 0 ? 'wrong' : last.end;
  return [...trials, { ...last, end, wrong: [...last.wrong, ...wrong], seconds: seconds(started) }];
}

/** What became of a run that a fault should have stopped. */
async function judge(
  laptop: Laptop,
  run: string,
  fault: Fault,
  ended: Applied,
): Promise<Omit<Trial, 'seconds'>> {
  if (fault.killed === true)
    return ended.code === 0
      ? { end: 'wrong', wrong: ['the app was killed and ended well'] }
      : { end: 'resumed', wrong: [] };
  if (ended.code === 0) return { end: 'by itself', wrong: [] };
  const said = await lastWord(laptop, run, ended);
  if (fault.keys.includes(said.key ?? '')) return { end: 'resumed', ...said, wrong: [] };
  return { end: 'wrong', ...said, wrong: [`stopped with ${said.key}: ${said.sentence}`] };
}

/** Brings the run to its end: the app that still goes on, or else one that resumes it. */
async function finish(
  laptop: Laptop,
  run: string,
  app: Applying | undefined,
  last: Trial['end'] | undefined,
): Promise<string[]> {
  if (app === undefined) return last === 'by itself' ? [] : resume(laptop, run);
  const ended = await app.done;
  if (ended.code === 0) return [];
  const { key, sentence } = await lastWord(laptop, run, ended);
  return [`stopped with ${key}: ${sentence}`, ...(await resume(laptop, run))];
}

function seconds(since: number): number {
  return Math.round((Date.now() - since) / 1000);
}

/** Resumes a run once, which must bring it to a good end. */
export async function resume(laptop: Laptop, run: string): Promise<string[]> {
  const again = await laptop.start(['resume', run]).done;
  if (again.code === 0) return [];
  const { key, sentence } = await lastWord(laptop, run, again);
  return [`bringup resume ended with ${again.code}, ${key}: ${sentence}`];
}

/** What the engineer reads: the first record of the stages as they stand, else what was said beside it. */
async function lastWord(
  laptop: Laptop,
  run: string,
  { code, stderr, rest, events }: Applied,
): Promise<Pick<Trial, 'key' | 'sentence'>> {
  const [record] = await laptop.records(run);
  if (record !== undefined) return { key: record.why.key ?? 'unknown', sentence: record.why.summary };
  const end = events.at(-1);
  if (end?.kind === 'run.interrupted') return { key: end.kind, sentence: end.reason };
  const text = rest.slice(Math.max(0, rest.indexOf('{\n')));
  try {
    const { error } = JSON.parse(text) as { error: { code: string; message: string } };
    return { key: error.code, sentence: error.message };
  } catch {
    return { key: `exit ${code}`, sentence: `${stderr} ${rest}`.replaceAll(/\s+/g, ' ').trim() };
  }
}

/** Whatever of a run that came to its end is not as it should be: its journal, and what it left behind. */
export async function untruths(laptop: Laptop, run: string, powerLost = false): Promise<string[]> {
  const events = await laptop.events(run);
  const gap = events.findIndex((event, index) => event.seq !== index + 1);
  const last = events.at(-1);
  return [
    ...(gap < 0 ? [] : [`event ${gap + 1} of the journal has number ${events[gap]?.seq}`]),
    ...(last?.kind === 'run.finished' ? [] : [`the journal ends with ${last?.kind}`]),
    ...(await compareWithRunner(laptop.machines, run, events, powerLost)),
    ...(await leftOver(laptop.machines, laptop.home)),
  ];
}
