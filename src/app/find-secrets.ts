import type { SecretForm } from './secret-forms.ts';

/** A form of a secret, and whose it is. */
export interface NamedForm extends SecretForm {
  readonly name: string;
}

/** Where a form stands in a text. */
export interface Found {
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

/** Searches texts for many forms at once; the time depends on the text, not on how many forms there are. */
export interface SecretFinder {
  /** Everything found, in the order of the text; places may overlap. */
  find(text: string): Found[];
  readonly longest: number;
  readonly forms: readonly NamedForm[];
}

/** Forms are found by their first three characters. */
const KEY = 3;

export function createFinder(forms: readonly NamedForm[]): SecretFinder {
  const buckets = new Map<number, NamedForm[]>();
  const marked = new Uint8Array(2 ** 16);
  for (const form of forms) {
    const key = hash(form.text, 0);
    marked[key] = 1;
    buckets.set(key, [...(buckets.get(key) ?? []), form]);
  }
  const longest = Math.max(0, ...forms.map(({ text }) => text.length));

  function find(text: string): Found[] {
    const found: Found[] = [];
    for (let start = 0; start + KEY <= text.length; start += 1) {
      const key = hash(text, start);
      if (marked[key] === 0) continue;
      for (const form of buckets.get(key) ?? []) {
        const end = start + form.text.length;
        if (!text.startsWith(form.text, start) || (form.word && !standsAlone(text, start, end))) continue;
        found.push({
          start: start - besides(form, text, start - 1),
          end: end + besides(form, text, end),
          name: form.name,
        });
      }
    }
    return found;
  }

  return { find, longest, forms };
}

function hash(text: string, at: number): number {
  return ((text.charCodeAt(at) * 31 + text.charCodeAt(at + 1)) * 31 + text.charCodeAt(at + 2)) & 0xffff;
}

function standsAlone(text: string, start: number, end: number): boolean {
  return !/[\p{L}\p{N}_]/u.test(text.slice(Math.max(0, start - 1), start) + text.slice(end, end + 1));
}

/** One more character goes with base64: it holds bits of the secret. */
function besides(form: NamedForm, text: string, at: number): 0 | 1 {
  return form.base64 && /[\w+/-]/.test(text.charAt(at)) ? 1 : 0;
}
