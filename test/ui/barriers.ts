import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

export const SCHEMES = ['light', 'dark'] as const;
type Scheme = (typeof SCHEMES)[number];
/** Schemes in which a form is held against its picture: pictures for the docs are taken in both. */
export const PICTURED_SCHEMES: readonly Scheme[] =
  process.env['SCREENSHOTS'] === 'docs' ? SCHEMES : ['light'];

/** Rules that look at colours. What all others look at is the same in both schemes. */
const OF_COLOURS = ['color-contrast', 'link-in-text-block'];

/** Shows the page in a colour scheme, nothing moving, once all of it has its colours. */
export async function showIn(page: Page, scheme: Scheme): Promise<void> {
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
  const html = page.locator('html');
  if (scheme === 'dark') await expect(html).toHaveClass(/pf-v6-theme-dark/);
  else await expect(html).not.toHaveClass(/pf-v6-theme-dark/);
  await page.evaluate(async () => {
    const changing = document.getAnimations().filter((one) => one instanceof CSSTransition);
    await Promise.allSettled(changing.map(({ finished }) => finished));
  });
}

/** Serious barriers by WCAG 2.1 AA on the page as it stands, in light and in dark: scheme, rule and elements. It is left light. */
export async function seriousBarriers(page: Page): Promise<unknown[]> {
  const found: unknown[] = [];
  for (const scheme of [...SCHEMES].reverse()) {
    await showIn(page, scheme);
    const axe = new AxeBuilder({ page });
    const { violations } = await (
      scheme === 'dark' ? axe.withRules(OF_COLOURS) : axe.withTags(['wcag2a', 'wcag2aa', 'wcag21aa'])
    ).analyze();
    for (const { id, impact, nodes } of violations)
      if (impact === 'serious' || impact === 'critical')
        found.push([scheme, id, nodes.map((node) => node.html)]);
  }
  return found;
}
