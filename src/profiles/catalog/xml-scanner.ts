import { BringupError, EXIT } from '../../contract/errors.ts';

/** What a scanner tells of a document, in its order. Names and values are as written, with their references resolved. */
export interface XmlHandler {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  text(text: string): void;
  close(name: string): void;
}

export interface XmlScanner {
  /** Takes the next piece of the document; pieces may end anywhere. */
  push(piece: string): void;
  /** Says that the document is whole. */
  end(): void;
}

/** Longest tag, comment or run of text; what is larger is no catalogue, and would have to be kept in memory. */
const MAX_PIECE = 2 ** 20;
const MAX_DEPTH = 64;

const NAME = /^[A-Za-z_][\w:.-]*/;
const ATTRIBUTE = /\s+([A-Za-z_][\w:.-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const REFERENCE = /&(#\d{1,7}|#x[\da-f]{1,6}|\w{1,32});|&/gi;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/**
 * Reads XML as it comes, keeping no more than one tag in memory. Document types are refused, so there are no entities to expand and
 * nothing outside the text is ever read. `push` and `end` throw XML_INVALID, with the place as a number of characters.
 */
export function createXmlScanner(handler: XmlHandler): XmlScanner {
  const open: string[] = [];
  let rest = '';
  let before = 0;
  let rooted = false;

  const fail = (what: string, at = 0): never => {
    throw invalid(`${what}, at character ${before + at + 1}`);
  };

  const text = (from: number, to: number): void => {
    if (to === from) return;
    const said = rest.slice(from, to);
    if (open.length > 0)
      handler.text(decode(said, () => fail('There is an unknown or bare reference (&)', from)));
    else if (/[^\s\uFEFF]/.test(said)) fail('There is text outside of the document', from);
  };

  const tag = (from: number, to: number): void => {
    const inner = rest.slice(from + 1, to - 1);
    if (inner.startsWith('/')) {
      const name = inner.slice(1).trimEnd();
      if (open.pop() !== name) fail(`The end of ${JSON.stringify(name.slice(0, 40))} is misplaced`, from);
      handler.close(name);
      return;
    }
    const empty = inner.endsWith('/');
    const name = NAME.exec(inner)?.[0] ?? fail('There is a tag without a name', from);
    const attributes = attributesOf(empty ? inner.slice(0, -1) : inner, name.length, () =>
      fail(`The attributes of ${name} are malformed`, from),
    );
    if (open.length === 0 && rooted) fail('There is a second document behind the first', from);
    if (open.length >= MAX_DEPTH) fail('It is nested too deeply', from);
    rooted = true;
    handler.open(name, attributes);
    if (empty) handler.close(name);
    else open.push(name);
  };

  /** Reads what begins with `<!` or `<?` at `from`; returns where it ends. */
  const special = (from: number): number | undefined => {
    const start = rest.slice(from, from + 9);
    if (start.startsWith('<?')) return behind(rest, '?>', from + 2);
    if (start.startsWith('<!--')) return behind(rest, '-->', from + 4);
    if (start === '<![CDATA[') {
      const end = behind(rest, ']]>', from + 9);
      if (end !== undefined && open.length === 0) fail('There is text outside of the document', from);
      if (end !== undefined) handler.text(rest.slice(from + 9, end - 3));
      return end;
    }
    if ('<![CDATA['.startsWith(start) || '<!--'.startsWith(start)) return undefined;
    return fail('It has a document type, which is not read', from);
  };

  /** Reads what begins with `<` at `from`; returns where it ends, or undefined while its end has not come yet. */
  const markup = (from: number): number | undefined => {
    const second = rest[from + 1];
    if (second === undefined) return undefined;
    if (second === '!' || second === '?') return special(from);
    const end = endOfTag(rest, from);
    if (end !== undefined) tag(from, end);
    return end;
  };

  const read = (): void => {
    let at = 0;
    for (;;) {
      const next = rest.indexOf('<', at);
      if (next < 0) break;
      text(at, next);
      at = next;
      const end = markup(next);
      if (end === undefined) break;
      at = end;
    }
    rest = rest.slice(at);
    before += at;
    if (rest.length > MAX_PIECE) fail('A tag, a comment or a text is longer than a catalogue can have it');
  };

  return {
    push(piece) {
      for (let at = 0; at < piece.length; at += MAX_PIECE) {
        rest += piece.slice(at, at + MAX_PIECE);
        read();
      }
    },
    end() {
      if (rest.startsWith('<')) fail('It ends within a tag');
      text(0, rest.length);
      const [last] = open.slice(-1);
      if (last !== undefined) fail(`It ends within ${last}`, rest.length);
      if (!rooted) fail('There is nothing in it');
    },
  };
}

function behind(text: string, mark: string, from: number): number | undefined {
  const at = text.indexOf(mark, from);
  return at < 0 ? undefined : at + mark.length;
}

/** Where a tag ends; a `>` within quotes does not end it. Undefined while that has not come yet. */
function endOfTag(text: string, from: number): number | undefined {
  let at = from;
  for (;;) {
    const end = text.indexOf('>', at);
    if (end < 0) return undefined;
    const quote = text.slice(at, end).search(/["']/);
    if (quote < 0) return end + 1;
    const closing = text.indexOf(text[at + quote] ?? '', at + quote + 1);
    if (closing < 0) return undefined;
    at = closing + 1;
  }
}

function attributesOf(inner: string, from: number, fail: () => never): Readonly<Record<string, string>> {
  const found: [string, string][] = [];
  let at = from;
  while (at < inner.length) {
    ATTRIBUTE.lastIndex = at;
    const match = ATTRIBUTE.exec(inner);
    if (match === null) {
      if (inner.slice(at).trim() !== '') fail();
      break;
    }
    const [whole, name = '', double, single] = match;
    found.push([name, decode(double ?? single ?? '', fail)]);
    at += whole.length;
  }
  return Object.fromEntries(found);
}

function decode(text: string, fail: () => never): string {
  if (!text.includes('&')) return text;
  return text.replaceAll(REFERENCE, (_, name: string | undefined) => {
    const known = name === undefined ? undefined : (ENTITIES[name] ?? character(name));
    return known ?? fail();
  });
}

function character(reference: string): string | undefined {
  if (!reference.startsWith('#')) return undefined;
  const digits = reference.slice(1);
  const code = /^x/i.test(digits) ? Number.parseInt(digits.slice(1), 16) : Number(digits);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

function invalid(why: string): BringupError {
  return new BringupError({
    code: 'XML_INVALID',
    exit: EXIT.invalid,
    message: `This is not well-formed XML. ${why}.`,
    hint: 'Fetch the file again, and compare its checksum.',
  });
}
