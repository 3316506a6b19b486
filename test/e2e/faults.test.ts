import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunEvent } from '../../src/contract/events.ts';
import { createLaptop, type Laptop } from '../faults/laptop.ts';
import { linkCut } from '../faults/link-faults.ts';
import { playOf } from '../faults/moments.ts';
import { tryInTurn, type Fault } from '../faults/trial.ts';

// The quickest of the faults that `npm run faults` tries: see docs/reliability.md.

let laptop: Laptop;

beforeAll(async () => {
  laptop = await createLaptop();
});

afterAll(async () => {
  await laptop?.dispose();
});

const killedAt = (at: (event: RunEvent) => boolean): Fault => ({
  at,
  keys: [],
  killed: true,
  inject: (app) => app.kill(),
});

it('a run survives an app that is killed in two stages and a cable that is out for 5 s, and no event is lost or doubled', async () => {
  const trials = await tryInTurn(
    laptop,
    // Another test may have left a VM of another definition.
    ['apply', laptop.siteFile, '--confirm-vm-change'],
    [killedAt(playOf('deployment-vm')), killedAt(playOf('network-services')), linkCut(laptop, 5)],
  );
  expect(trials.flatMap(({ wrong }) => wrong)).toEqual([]);
  expect(trials.map(({ end }) => end)).toEqual(['resumed', 'resumed', 'by itself']);
});
