import type { Locator, Page } from '@playwright/test';
import { expect } from '@playwright/test';

/** More stops than any page has between two things one wants in turn. */
const STOPS = 120;

/** Hands that have a keyboard and nothing else, and eyes that must see at every stop where the focus is. */
export interface Keyboard {
  /** Presses Tab (Shift+Tab with `back`) until the focus is on the target. */
  tabTo(target: Locator, back?: boolean): Promise<void>;
  /** Goes to the target and presses a key on it; Enter unless another one is named. */
  press(target: Locator, key?: string): Promise<void>;
  /** Goes to a field, replaces what is in it and leaves it by Enter. */
  fill(target: Locator, text: string): Promise<void>;
}

/** Puts hands on the keyboard of a page. */
export function keyboardOf(page: Page): Keyboard {
  const tabTo = async (target: Locator, back = false): Promise<void> => {
    await target.waitFor({ timeout: 60_000 });
    const wanted = await target.elementHandle();
    const passed: string[] = [];
    for (let stop = 0; stop < STOPS; stop++) {
      await page.keyboard.press(back ? 'Shift+Tab' : 'Tab');
      const { name, seen, there } = await page.evaluate(focusSeen, wanted);
      passed.push(name);
      if (name !== '') expect(seen, `the focus is seen on: ${name}`).toBe('yes');
      if (there) return;
    }
    throw new Error(`The keyboard does not get to ${String(target)}; it passed ${passed.join(' | ')}`);
  };
  const press: Keyboard['press'] = async (target, key = 'Enter') => {
    await tabTo(target);
    await page.keyboard.press(key);
  };
  return {
    tabTo,
    press,
    fill: async (target, text) => {
      await tabTo(target);
      await page.keyboard.press('Control+a');
      await page.keyboard.type(text);
      await page.keyboard.press('Enter');
    },
  };
}

/** Runs in the page: what has the focus, whether it is what was wanted, and whether a person sees it there. An empty name stands for the browser itself. */
function focusSeen(wanted: Node | null): { name: string; seen: string; there: boolean } {
  const active = document.activeElement;
  const there = active !== null && active === wanted;
  if (!(active instanceof HTMLElement) || active === document.body) return { name: '', seen: '', there };
  const name = [active.tagName, active.getAttribute('aria-label') ?? active.innerText.slice(0, 40), active.id]
    .filter((part) => part !== '')
    .join(' ');
  // The ring of a field goes round its frame.
  const ringed = [active.shadowRoot?.activeElement, active, active.closest('.pf-v6-c-form-control')].some(
    (element) => {
      if (!(element instanceof Element)) return false;
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
    },
  );
  if (!ringed) return { name, seen: 'no ring', there };
  const { left, top, right, bottom } = active.getBoundingClientRect();
  const inside = right > 0 && bottom > 0 && left < innerWidth && top < innerHeight;
  return { name, seen: inside ? 'yes' : 'outside of the window', there };
}
