import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Laptop } from './laptop.ts';
import { silence } from './link-faults.ts';
import { newsOf, playOf } from './moments.ts';
import type { Fault } from './trial.ts';

/** Debian's package faketime: the wall clock of one process, read from a file at each look; its steady clock stays true. */
const FAKETIME = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1';

/** The laptop's clock jumps by so many seconds, and the link is lost for a moment right after it. */
export function clockJump({ home, machines }: Laptop, seconds: number): Fault {
  const file = path.join(home, 'clock');
  if (!existsSync(FAKETIME)) throw new Error('the Debian package faketime is missing');
  return {
    prepare: () => writeFile(file, '+0\n'),
    at: playOf('network-services'),
    keys: [],
    env: {
      LD_PRELOAD: FAKETIME,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
    },
    inject: async () => {
      await writeFile(file, `${seconds < 0 ? '' : '+'}${seconds}\n`);
      await sleep(1000);
      await silence(machines, 25);
    },
  };
}

/** A second app works on the site of the first: it is refused and says by whom. */
export function twoApps(laptop: Laptop): Fault {
  return {
    at: newsOf('network-services'),
    keys: [],
    inject: async (first) => {
      const { run } = await first.until(() => true);
      const second = await laptop.start(['apply', laptop.siteFile]).done;
      const clear = second.code !== 0 && /SITE_LOCKED/.test(second.rest) && second.rest.includes(run);
      if (!clear) throw new Error(`the second app ended with ${second.code}: ${second.rest}`);
    },
  };
}
