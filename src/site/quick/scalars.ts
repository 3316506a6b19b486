/** Thrown where the text is not the plain kind of YAML that the quick reader is sure of. */
export class Unsure extends Error {}

const SHORT_NUMBER = /^\d{1,15}(\.\d{1,15})?$/;
/** What the core schema of YAML 1.2 may take for a number, infinity or nothing. */
const MAYBE_NUMBER = /^([-+.~].*|0[ox][0-9a-fA-F]+|\d+(\.\d*)?([eE][-+]?\d+)?)$/s;
const OTHER_WORD = /^(null|Null|NULL|True|TRUE|False|FALSE)$/;

const WORD =
  /^[A-Za-z0-9_/+(][^\p{Cc}\p{Cs}\p{Z}\uFEFF:#,[\]{}]*([ :][^\p{Cc}\p{Cs}\p{Z}\uFEFF:#,[\]{}]+)*$/u;
/** Words that YAML 1.1 takes for true or false; other programs may read the file. */
const OLD_WORD = /^(y|n|yes|no|on|off|true|false|null)$/i;

/** Whether a text can be written without quotes, in a flow collection too, and is read back as itself everywhere. */
export function needsNoQuotes(text: string): boolean {
  return (
    (WORD.test(text) && !OLD_WORD.test(text) && !/^[-+\d._]*$/.test(text) && !MAYBE_NUMBER.test(text)) ||
    isAddress(text)
  );
}

function isAddress(text: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}(\/\d{1,2})?$/.test(text);
}

/** The value of an unquoted word under the core schema. Throws Unsure for the rarer forms. */
export function plainValue(word: string): string | number | boolean {
  if (word === 'true') return true;
  if (word === 'false') return false;
  if (SHORT_NUMBER.test(word)) return Number(word);
  if (OTHER_WORD.test(word) || MAYBE_NUMBER.test(word)) throw new Unsure();
  return word;
}

/** The text between the quotes at an offset, when it holds neither escapes nor line ends, and the offset behind it. */
export function quotedText(text: string, from: number): { value: string; end: number } {
  const quote = text.charAt(from);
  const close = text.indexOf(quote, from + 1);
  const value = text.slice(from + 1, Math.max(close, from));
  const repeated = text.charAt(close + 1) === quote;
  if (close < 0 || repeated || value.includes('\\') || value.includes('\n')) throw new Unsure();
  return { value, end: close + 1 };
}
