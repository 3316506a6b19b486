import { isWithin } from './paths.ts';

/**
 * Focuses the field of a problem, its text selected so that typing replaces it: the one at its path, else the one around
 * it, else the first inside it. False where the page has none.
 */
export function focusField(root: ParentNode, path: string): boolean {
  const fields = [...root.querySelectorAll<HTMLElement>('[data-path]')];
  const placeOf = (field: HTMLElement): string => field.dataset['path'] ?? '';
  const around = fields
    .filter((field) => isWithin(path, placeOf(field)))
    .sort((a, b) => placeOf(b).length - placeOf(a).length);
  const inside = fields.filter((field) => isWithin(placeOf(field), path));
  const wrong = inside.find((field) => field.getAttribute('aria-invalid') === 'true');
  const field = around[0] ?? wrong ?? inside[0];
  if (field === undefined) return false;
  field.focus();
  if (field instanceof HTMLInputElement && field.type === 'text') field.select();
  field.scrollIntoView({ block: 'center' });
  return document.activeElement === field;
}
