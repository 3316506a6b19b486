import { ANY, charSet, DIGIT, negate, oneChar, SPACE, union, WORD, type CharSet } from './char-set.ts';

/** A pattern taken apart; `text` is what the part is written as when the pattern is compiled. */
export type PatternNode =
  | { readonly kind: 'char'; readonly char: string; readonly text: string; readonly set: CharSet }
  | { readonly kind: 'set'; readonly text: string; readonly set: CharSet }
  | { readonly kind: 'edge'; readonly text: string }
  | { readonly kind: 'look'; readonly open: string; readonly body: PatternNode }
  | { readonly kind: 'group'; readonly open: string; readonly body: PatternNode }
  | { readonly kind: 'sequence'; readonly items: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly options: readonly PatternNode[] }
  | {
      readonly kind: 'repeat';
      readonly body: PatternNode;
      readonly min: number;
      readonly max: number;
      readonly lazy: boolean;
    };

/** What `*` and `+` mean in a pattern: so many characters at most. A line of output is rarely longer than two of them. */
const LONGEST_RUN = 120;
const CLASSES: Readonly<Record<string, CharSet>> = { d: DIGIT, w: WORD, s: SPACE };

/** Character classes read so far: patterns repeat them. */
const brackets = new Map<string, CharSet>();

/** Takes a pattern apart. A space stands for any white space. Throws Error on what the patterns may not use. */
export function parsePattern(source: string): PatternNode {
  let at = 0;
  const node = choice();
  if (at < source.length) throw new Error(`a bracket too many at ${at}`);
  return node;

  function choice(): PatternNode {
    const options = [sequence()];
    while (source[at] === '|') {
      at += 1;
      options.push(sequence());
    }
    return options.length === 1 && options[0] !== undefined ? options[0] : { kind: 'choice', options };
  }

  function sequence(): PatternNode {
    const items: PatternNode[] = [];
    while (at < source.length && source[at] !== '|' && source[at] !== ')') items.push(repeat(atom()));
    return { kind: 'sequence', items };
  }

  function repeat(body: PatternNode): PatternNode {
    const [whole, min, comma, max] = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})/.exec(source.slice(at)) ?? [];
    if (whole === undefined) return body;
    at += whole.length;
    const lazy = source[at] === '?';
    if (lazy) at += 1;
    const least = min === undefined ? Number(whole === '+') : Number(min);
    const most =
      whole === '?' ? 1 : comma === '' ? least : max === undefined || max === '' ? LONGEST_RUN : Number(max);
    return { kind: 'repeat', body, min: least, max: most, lazy };
  }

  function atom(): PatternNode {
    const char = source[at] ?? '';
    at += 1;
    if (char === '(') return group();
    if (char === '[') return bracket();
    if (char === '\\') return escape();
    if (char === '.') return { kind: 'set', text: '.', set: ANY };
    if (char === '^' || char === '$') return { kind: 'edge', text: char };
    if (char === ' ') return { kind: 'set', text: '\\s', set: SPACE };
    if ('*+?'.includes(char)) throw new Error(`nothing to repeat at ${at - 1}`);
    return literal(char, char);
  }

  function group(): PatternNode {
    const [open] = /^(?:\?(?::|=|!|<=|<!|<\w+>))?/.exec(source.slice(at)) ?? [''];
    at += open.length;
    const body = choice();
    if (source[at] !== ')') throw new Error('Invalid regular expression: a group is not closed');
    at += 1;
    return { kind: /^\?<?[=!]/.test(open) ? 'look' : 'group', open: `(${open}`, body };
  }

  function escape(): PatternNode {
    const char = source[at] ?? '';
    at += 1;
    if (char === 'b' || char === 'B') return { kind: 'edge', text: `\\${char}` };
    if (/[1-9k]/.test(char)) throw new Error('a back reference is not allowed');
    const known = CLASSES[char.toLowerCase()];
    if (known === undefined) return literal(char === 'n' ? '\n' : char, `\\${char}`);
    return { kind: 'set', text: `\\${char}`, set: char === char.toLowerCase() ? known : negate(known) };
  }

  function bracket(): PatternNode {
    const [whole, not = '', inner = ''] = /^(\^?)((?:\\.|[^\]\\])*)\]/.exec(source.slice(at)) ?? [];
    if (whole === undefined) throw new Error('a character class is not closed');
    at += whole.length;
    const listed = brackets.get(inner) ?? union((inner.match(/\\.|.-(?!$)[^\\]|[^\\]/gs) ?? []).map(member));
    brackets.set(inner, listed);
    const text = not === '' ? `[${inner}]` : `[^\\n${inner}]`;
    return { kind: 'set', text, set: not === '' ? listed : negate(listed) };
  }
}

/** The pattern as a regular expression's source. */
export function writePattern(node: PatternNode): string {
  switch (node.kind) {
    case 'look':
    case 'group':
      return `${node.open}${writePattern(node.body)})`;
    case 'sequence':
      return node.items.map(writePattern).join('');
    case 'choice':
      return node.options.map(writePattern).join('|');
    case 'repeat': {
      const count = node.min === 0 && node.max === 1 ? '?' : `{${node.min},${node.max}}`;
      return `${writePattern(node.body)}${count}${node.lazy ? '?' : ''}`;
    }
    default:
      return node.text;
  }
}

function literal(char: string, text: string): PatternNode {
  return { kind: 'char', char, text, set: oneChar(char) };
}

function member(text: string): CharSet {
  const known = CLASSES[text.slice(1).toLowerCase()];
  if (text.startsWith('\\') && known !== undefined)
    return text[1] === text[1]?.toLowerCase() ? known : negate(known);
  const [from, to] = text.length === 3 ? [text[0], text[2]] : [text.at(-1), text.at(-1)];
  const [low, high] = [code(from), code(to)];
  return charSet((value) => value >= low && value <= high);
}

function code(char: string | undefined): number {
  return Math.min(char?.charCodeAt(0) ?? 128, 128);
}
