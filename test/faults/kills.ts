import { setTimeout as sleep } from 'node:timers/promises';
import type { Laptop } from './laptop.ts';
import { createRandom } from './random.ts';
import { resume, untruths, type Trial } from './trial.ts';

/** An app lives up to so long before it is killed: enough, now and then, to get from one stage into the next. */
const LONGEST_LIFE_SECONDS = 15;
/** So many in ten lives are counted from the start of the process; the others from its first event. */
const YOUNG_IN_TEN = 3;

/**
 * Applies the site file and kills the app with SIGKILL at random moments, each time taking the run up again, until it was
 * killed so often; a run that comes to its end before is followed by another. Each run is looked at when it has ended.
 */
export async function killAtRandom(
  laptop: Laptop,
  times: number,
  seed: number,
  say: (text: string) => void,
): Promise<Trial[]> {
  const random = createRandom(seed);
  const trials: Trial[] = [];
  let wrong: string[] = [];
  let run: string | undefined;
  let started = Date.now();
  const finish = async (name: string): Promise<void> => {
    wrong.push(...(await untruths(laptop, name)));
    const seconds = Math.round((Date.now() - started) / 1000);
    trials.push({ end: wrong.length > 0 ? 'wrong' : 'resumed', wrong, seconds });
    say(
      `run ${name} came to its end${wrong.length > 0 ? `: ${wrong.join('; ')}` : ' and is as it should be'}`,
    );
    [run, wrong, started] = [undefined, [], Date.now()];
  };
  for (let kills = 0; kills < times;) {
    const before = await laptop.newestRun();
    const app = laptop.start(run === undefined ? ['apply', laptop.siteFile] : ['resume', run]);
    const life = random() * LONGEST_LIFE_SECONDS;
    const alive = new AbortController();
    if (random() * 10 >= YOUNG_IN_TEN)
      await Promise.race([app.done, app.until(() => true)]).catch(() => null);
    const ended = await Promise.race([
      app.done,
      sleep(life * 1000, undefined, { signal: alive.signal }).catch(() => undefined),
    ]);
    alive.abort();
    if (ended === undefined) {
      await app.kill();
      kills += 1;
      const { events } = await app.done;
      const newest = await laptop.newestRun();
      if (newest !== before) run = newest;
      const last = events.at(-1);
      const where = last === undefined ? 'before its first event' : `after event ${last.seq}, ${last.kind}`;
      say(`kill ${kills} of ${times}: after ${life.toFixed(2)} s, ${where}`);
      continue;
    }
    if (ended.code !== 0) wrong.push(`ended with ${ended.code}: ${ended.stderr.trim()}`);
    if (ended.code !== 0 && run !== undefined) wrong.push(...(await resume(laptop, run)));
    await finish(ended.events[0]?.run ?? run ?? '');
  }
  if (run !== undefined) {
    wrong.push(...(await resume(laptop, run)));
    await finish(run);
  }
  return trials;
}
