import type { Random } from './random.ts';

type Mutation = (text: string, random: Random) => string;

const YAML_TOKENS = [
  ...'[]{}:,-?*&!|>%@`"\'#\n ~',
  ': ',
  '- ',
  ' #',
  '{a: 1}',
  '[a, b]',
  '&a ',
  '*a',
  '<<: *a',
  '!!str ',
  '!tag ',
  '---\n',
  '...\n',
  '%YAML 1.1\n',
  '|\n',
  '>-\n',
  '\r\n',
  '\r',
  '\t',
  '\n\n',
  '""',
  "''",
  '"\\ud800"',
  '"\\0"',
];
const WORDS = [
  'null',
  'true',
  'yes',
  '0x1f',
  '0o17',
  '1e9',
  '.inf',
  '-1',
  '007',
  '12E4567',
  '10.20.0.1',
  '255.255.255.255/33',
];
const NAMES = [
  'name',
  'hosts',
  'networks',
  'apiVersion',
  'password',
  '__proto__',
  'constructor',
  'toString',
  '12',
  'discovery',
];
const UNICODE = [
  'ü',
  '漢',
  '🙂',
  '\u00a0',
  '\u2028',
  '\ufeff',
  '\u0000',
  '\u0085',
  '\ud800',
  '\u200b',
  'e\u0301',
];

const MUTATIONS: readonly Mutation[] = [
  (text, random) => splice(text, random.below(text.length + 1), random.below(12), ''),
  (text, random) => splice(text, random.below(text.length + 1), random.below(3), random.pick(YAML_TOKENS)),
  (text, random) => splice(text, random.below(text.length + 1), 0, random.pick(UNICODE)),
  (text, random) => overLines(text, (lines) => lines.splice(random.below(lines.length), 1)),
  (text, random) => overLines(text, (lines) => insert(lines, random, random.pick(lines))),
  (text, random) => overLines(text, (lines) => lines.splice(random.below(lines.length), 1 + random.below(5))),
  (text, random) =>
    overLines(text, (lines) => swap(lines, random.below(lines.length), random.below(lines.length))),
  (text, random) => overLines(text, (lines) => reindent(lines, random)),
  (text, random) => replaceToken(text, random, /[A-Za-z_]+(?=:)/g, random.pick(NAMES)),
  (text, random) => replaceToken(text, random, /(?<=[:,[] ?)[^\s:,[\]{}]+/g, random.pick(WORDS)),
  (text, random) => replaceToken(text, random, /(?<=[:,[] ?)[^\s:,[\]{}]+/g, random.pick(YAML_TOKENS)),
  (text, random) => replaceToken(text, random, /\d+/g, String(random.below(70000))),
  (text, random) => text.slice(0, random.below(text.length + 1)),
];

/** A text with one to four random changes: letters, tokens of YAML, lines, indentation, names, numbers, Unicode. */
export function mutate(text: string, random: Random): string {
  let mutated = text;
  for (let count = 1 + random.below(4); count > 0; count--) mutated = random.pick(MUTATIONS)(mutated, random);
  return mutated;
}

/** The text as bytes with up to four of them changed. */
export function mutateBytes(text: string, random: Random): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length === 0) return bytes;
  for (let count = 1 + random.below(4); count > 0; count--)
    bytes[random.below(bytes.length)] = random.below(256);
  return bytes;
}

function splice(text: string, at: number, gone: number, put: string): string {
  return text.slice(0, at) + put + text.slice(at + gone);
}

function overLines(text: string, change: (lines: string[]) => unknown): string {
  const lines = text.split('\n');
  change(lines);
  return lines.join('\n');
}

function insert(lines: string[], random: Random, line: string): void {
  lines.splice(random.below(lines.length + 1), 0, line);
}

function swap(lines: string[], a: number, b: number): void {
  [lines[a], lines[b]] = [lines[b] ?? '', lines[a] ?? ''];
}

function reindent(lines: string[], random: Random): void {
  const at = random.below(lines.length);
  const line = lines[at] ?? '';
  lines[at] =
    random.below(2) === 0 ? `${' '.repeat(1 + random.below(4))}${line}` : line.replace(/^ {1,3}/, '');
}

function replaceToken(text: string, random: Random, pattern: RegExp, put: string): string {
  const found = [...text.matchAll(pattern)];
  if (found.length === 0) return text;
  const { index, 0: token } = random.pick(found);
  return splice(text, index, token.length, put);
}
