import type { RunEvent } from '../../src/contract/events.ts';
import {
  failedRun,
  okRun,
  preflightFailedRun,
  runningRun,
  uploadingRun,
  wideRun,
} from '../fixtures/journals/samples.ts';
import { wholeStackRun } from '../fixtures/journals/whole-stack.ts';
import { showIn } from './barriers.ts';
import { expect, test } from './fixtures.ts';
import { comparePicture } from './pictures.ts';

const id = (events: readonly RunEvent[]): string => events[0]?.run ?? '';

const PICTURES = [
  { name: 'run-failed', run: id(failedRun), sizes: ['1280x800', '1920x1080'], schemes: ['light', 'dark'] },
  { name: 'run-running', run: id(runningRun), sizes: ['1280x800'], schemes: ['light', 'dark'] },
  { name: 'run-uploading', run: id(uploadingRun), sizes: ['1280x800'], schemes: ['light'] },
  { name: 'run-preflight-failed', run: id(preflightFailedRun), sizes: ['1280x800'], schemes: ['light'] },
  { name: 'run-ok', run: id(okRun), sizes: ['1280x800'], schemes: ['light'] },
  { name: 'run-12-hosts', run: 'wide-12', sizes: ['1280x800'], schemes: ['light'] },
  { name: 'run-100-hosts', run: 'wide-100', sizes: ['1280x800'], schemes: ['light'] },
  { name: 'run-15-stages', run: id(wholeStackRun), sizes: ['1280x800'], schemes: ['light', 'dark'] },
  { name: 'home', run: undefined, sizes: ['1280x800', '1920x1080'], schemes: ['light', 'dark'] },
] as const;

for (const picture of PICTURES) {
  for (const size of picture.sizes) {
    const own = ownJournal(picture.run);
    test.describe(`${picture.name} ${size}`, () => {
      if (own !== undefined) test.use({ journals: [own] });
      test('fits its window and is as in its pictures', async ({ open, page }) => {
        const [width = 0, height = 0] = size.split('x').map(Number);
        await page.setViewportSize({ width, height });
        await page.emulateMedia({ reducedMotion: 'reduce' });
        await open(own === undefined ? picture.run : id(own));
        for (const scheme of picture.schemes) {
          await showIn(page, scheme);
          await comparePicture(page, `${picture.name}-${size}-${scheme}`);
        }
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(overflow, 'pixels wider than the window').toBeLessThanOrEqual(0);
      });
    });
  }
}

/** The journal of a picture that is of none of the samples that every page has. */
function ownJournal(run: string | undefined): readonly RunEvent[] | undefined {
  if (run === id(wholeStackRun)) return wholeStackRun;
  return run?.startsWith('wide-') === true ? wideRun(Number(run.slice(5))) : undefined;
}
