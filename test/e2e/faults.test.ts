import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunEvent } from '../../src/contract/events.ts';
import { createLaptop, type Laptop } from '../faults/laptop.ts';
import { linkCut } from '../faults/link-faults.ts';
import { vmOff } from '../faults/machine-faults.ts';
import { playOf } from '../faults/moments.ts';
import { tryFault, tryInTurn, type Fault } from '../faults/trial.ts';

// The most telling of the faults that `npm run faults` tries: see docs/reliability.md.

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
    ['apply', laptop.siteFile],
    [killedAt(playOf('deployment-vm')), killedAt(playOf('network-services')), linkCut(laptop, 5)],
  );
  expect(trials.flatMap(({ wrong }) => wrong)).toEqual([]);
  expect(trials.map(({ end }) => end)).toEqual(['resumed', 'resumed', 'by itself']);
});

it('a VM that is switched off in the middle of a stage is named as the cause, and resume starts it', async () => {
  const trial = await tryFault(laptop, vmOff(laptop));
  expect(trial.wrong).toEqual([]);
  expect(trial).toMatchObject({ end: 'resumed', key: 'vm.off' });
  expect(trial.sentence).toContain('lab-deploy');
});
