import type { Token } from './tokens.ts';

/** Text with holes: pieces that stay, and the number of the token whose value goes between them. */
export type Template = readonly (string | number)[];

/** Finds tokens in text. Words are compared whole, so that a short serial number never spoils a longer word. */
export interface TokenFinder {
  /** In the order of the numbers in a template. */
  readonly tokens: readonly Token[];
  compile(text: string): Template;
}

const WORD =
  '[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|\\d+(?:\\.\\d+){3}|[0-9A-Za-z]+';

/** A finder of these tokens; one pass over a text, whatever their number. */
export function createTokenFinder(tokens: ReadonlyMap<string, Token>): TokenFinder {
  const numbers = new Map([...tokens.keys()].map((text, number) => [text, number]));
  const odd = [...tokens.keys()].filter((text) => text.match(new RegExp(`^(?:${WORD})$`)) === null);
  const literals = odd.sort((left, right) => right.length - left.length).map(escape);
  const pattern = new RegExp([...literals, WORD].join('|'), 'g');
  return {
    tokens: [...tokens.values()],
    compile: (text) => {
      const parts: (string | number)[] = [];
      let from = 0;
      for (const match of text.matchAll(pattern)) {
        const number = numbers.get(match[0]);
        if (number === undefined) continue;
        parts.push(text.slice(from, match.index), number);
        from = match.index + match[0].length;
      }
      parts.push(text.slice(from));
      return parts;
    },
  };
}

/** Fills a template's holes; `valueOf` gives a token's text by its number. */
export function render(template: Template, valueOf: (token: number) => string): string {
  if (template.length === 1) return String(template[0]);
  return template.map((part) => (typeof part === 'string' ? part : valueOf(part))).join('');
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
