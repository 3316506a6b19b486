import type { Credential } from '../contract/ports.ts';

/** One way in which a secret can show in a text. */
export interface SecretForm {
  readonly text: string;
  /** Counts only where it stands alone: the secret is as short as common words are. */
  readonly word: boolean;
  /** Base64 of which the neighbouring characters hold a few bits as well. */
  readonly base64: boolean;
}

/** Shorter secrets are hidden only where they stand alone as a word. */
const WHOLE = 6;
/** Shorter secrets are in every sentence: hiding them would show them. */
export const SHORTEST_SECRET = 3;
/** Lines of a private key that are shorter are its frame. */
const KEY_LINE = 16;

/** What is secret of a credential: its password, or each line of its key. */
export function secretsOf({ password, privateKey }: Credential): string[] {
  const lines = (privateKey ?? '')
    .split(/\r?\n/)
    .filter((line) => line.length >= KEY_LINE && !line.startsWith('-----'));
  return [...new Set([password ?? '', ...lines])].filter((secret) => secret.length >= SHORTEST_SECRET);
}

/** The forms in which tools pass a secret on: plain, escaped for JSON, shells, URLs, YAML, HTML and Python, base64, hex. */
export function formsOf(secret: string): SecretForm[] {
  if (secret.length < WHOLE) return [{ text: secret, word: true, base64: false }];
  const escaped = [...jsonForms(secret), ...shellForms(secret), ...urlForms(secret), ...markupForms(secret)];
  // A shell word or a URL inside a JSON text is escaped once more.
  const nested = escaped.flatMap((text) => [text, escapeJson(text), escapeAscii(escapeJson(text))]);
  const plain = [secret, ...nested, ...hexForms(Buffer.from(secret))];
  return unique([
    ...plain.map((text) => ({ text, word: false, base64: false })),
    ...base64Forms(Buffer.from(secret)).map((text) => ({ text, word: false, base64: true })),
  ]);
}

/** As formsOf, with forms that no tool is known to write by accident: what leaves this machine is searched for them too. */
export function allFormsOf(secret: string): SecretForm[] {
  if (secret.length < WHOLE) return formsOf(secret);
  const odd = [[...secret].reverse().join(''), ...hexForms(Buffer.from(secret, 'utf16le'))];
  return unique([
    ...formsOf(secret),
    ...odd.map((text) => ({ text, word: false, base64: false })),
    ...base64Forms(Buffer.from(secret, 'utf16le')).map((text) => ({ text, word: false, base64: true })),
  ]);
}

function unique(forms: readonly SecretForm[]): SecretForm[] {
  return [
    ...new Map(
      forms.filter(({ text }) => text.length >= SHORTEST_SECRET).map((form) => [form.text, form]),
    ).values(),
  ];
}

function escapeJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function escapeAscii(text: string): string {
  return text.replaceAll(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** JSON as JavaScript and as Python write it (beyond ASCII as \uXXXX), and JSON within JSON. */
function jsonForms(secret: string): string[] {
  const plain = escapeJson(secret);
  const ascii = escapeAscii(plain);
  const slashes = plain.replaceAll('/', '\\/');
  return [plain, ascii, slashes, escapeJson(plain), escapeJson(ascii)];
}

function shellForms(secret: string): string[] {
  return [
    secret.replaceAll("'", String.raw`'\''`),
    secret.replaceAll("'", `'"'"'`),
    secret.replaceAll(/["$`\\]/g, String.raw`\$&`),
    secret.replaceAll(/[^\w@%+=:,./\u0080-\uffff-]/g, String.raw`\$&`),
    // Python's repr, and PowerShell's and YAML's doubled quotes.
    secret.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`),
    secret.replaceAll("'", "''"),
  ];
}

function urlForms(secret: string): string[] {
  const browser = encodeURIComponent(Buffer.from(secret).toString());
  const strict = browser.replaceAll(/[!'()*]/g, percent);
  const everything = [...Buffer.from(secret)]
    .map((byte) => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`)
    .join('');
  return [browser, strict, strict.replaceAll('%20', '+'), strict.replaceAll('%2F', '/'), everything].flatMap(
    (text) => [text, text.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())],
  );
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

function markupForms(secret: string): string[] {
  const html = secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const quotes = ['"', '&quot;', '&#34;'].flatMap((double) =>
    ["'", '&#39;', '&#x27;'].map((single) => [double, single] as const),
  );
  return quotes.map(([double, single]) => html.replaceAll('"', double).replaceAll("'", single));
}

function hexForms(bytes: Buffer): string[] {
  const hex = bytes.toString('hex');
  return [hex, hex.toUpperCase()];
}

/** What base64 has of the secret alone, whatever stands before and behind it: three alignments, two alphabets. */
function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    const core = text.slice(Math.ceil((8 * shift) / 6), Math.floor((8 * (shift + bytes.length)) / 6));
    return core.length < WHOLE ? [] : [core, core.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
