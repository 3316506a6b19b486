import { expect, type Page } from '@playwright/test';

/**
 * Part of a picture's pixels that may differ. Clocks, fingerprints and the edges of letters come to less than half of
 * it; a head, a pane or a column of another size comes to more. A single row of a table may not.
 */
const MAY_DIFFER = 0.02;

/**
 * Holds the page against its picture in docs/screenshots (`run-failed-1280x800-light`); `SCREENSHOTS=docs` puts the page
 * in the picture's place instead.
 */
export async function comparePicture(page: Page, name: string): Promise<void> {
  // A page that was come to by its address has the ring of the focus at its heading, which no picture is about.
  await page.evaluate(() => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  });
  await expect(page).toHaveScreenshot(`${name}.png`, { maxDiffPixelRatio: MAY_DIFFER });
}
