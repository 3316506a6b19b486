import { Composer, Lexer, LineCounter, Parser, type Document, type YAMLParseError } from 'yaml';
import type { Fault } from './finding.ts';

/** Deepest nesting that is read; a site file needs 8, parameters some more. */
export const MAX_DEPTH = 64;
const MAX_LEXEMES = 1_600_000;
const MAX_ALIASES = 1_000;
const MAX_SYNTAX_FAULTS = 20;
const SCALAR_FOLLOWS = '\u001f';

/** A YAML text, composed; `document` is missing when the text has faults. */
export interface YamlText {
  readonly document?: Document.Parsed;
  readonly lines: LineCounter;
  readonly faults: readonly Fault[];
}

/**
 * Parses one YAML 1.2 document and stops at the first sign of a bomb, so that time and memory stay bounded whatever
 * the text is. Merge keys and tags beyond the core schema are not resolved, whatever a `%YAML` directive says.
 */
export function readYaml(text: string, options: { keepSourceTokens?: boolean } = {}): YamlText {
  const lines = new LineCounter();
  try {
    const documents = firstTwo(compose(text, lines, options));
    const faults = documentFaults(documents);
    const document = documents[0];
    return document === undefined || faults.length > 0 ? { lines, faults } : { document, lines, faults };
  } catch (thrown) {
    if (thrown instanceof Refusal) return { lines, faults: [thrown.fault] };
    // The library composes by recursion; depth that the guard cannot see ends as an exhausted stack.
    if (thrown instanceof RangeError) return { lines, faults: [tooDeep(0)] };
    throw thrown;
  }
}

function* compose(
  text: string,
  lines: LineCounter,
  options: { keepSourceTokens?: boolean },
): Generator<Document.Parsed> {
  lines.addNewLine(0);
  const parser = new Parser(lines.addNewLine);
  const composer = new Composer({
    ...options,
    schema: 'core',
    resolveKnownTags: false,
    prettyErrors: false,
    // The library compares every key with every other one; tree.ts does it in linear time and says where the first is.
    uniqueKeys: false,
  });
  const guard = createGuard();
  for (const lexeme of new Lexer().lex(text)) {
    guard(lexeme);
    for (const token of parser.next(lexeme)) yield* composer.next(token);
  }
  for (const token of parser.end()) yield* composer.next(token);
  yield* composer.end(false, text.length);
}

function firstTwo<T>(items: Iterable<T>): T[] {
  const taken: T[] = [];
  for (const item of items) if (taken.push(item) === 2) break;
  return taken;
}

class Refusal extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.message);
    this.fault = fault;
  }
}

function createGuard(): (lexeme: string) => void {
  let [offset, count, aliases, flowDepth, lineDepth] = [0, 0, 0, 0, 0];
  let scalar = false;
  return (lexeme) => {
    const isScalar = scalar;
    scalar = lexeme === SCALAR_FOLLOWS;
    if (!isScalar) {
      if (lexeme === '[' || lexeme === '{') flowDepth++;
      else if (lexeme === ']' || lexeme === '}') flowDepth--;
      else if (lexeme === '-' || lexeme === '?') lineDepth++;
      else if (lexeme === '\n' || lexeme === '\r\n') lineDepth = 0;
      else if (lexeme.startsWith('*') || lexeme.startsWith('&')) aliases++;
    }
    if (flowDepth > MAX_DEPTH || (lineDepth > MAX_DEPTH && flowDepth === 0))
      throw new Refusal(tooDeep(offset));
    if (aliases > MAX_ALIASES) throw new Refusal(tooManyAliases(offset));
    if (++count > MAX_LEXEMES) throw new Refusal(tooMany(offset));
    if (lexeme.charCodeAt(0) > 0x1f || lexeme === '\n' || lexeme === '\r\n') offset += lexeme.length;
  };
}

function documentFaults(documents: readonly Document.Parsed[]): Fault[] {
  const [first, second] = documents;
  const faults = documents.flatMap((document) => [...document.errors, ...document.warnings]).map(syntaxFault);
  if (faults.length > 0) return faults.slice(0, MAX_SYNTAX_FAULTS);
  if (first?.contents == null) {
    return [
      {
        code: 'SITE_EMPTY',
        offset: 0,
        message: 'The file is empty.',
        hint: 'A site file begins with apiVersion: bringup/v1.',
      },
    ];
  }
  if (second === undefined) return [];
  return [
    {
      code: 'SITE_MANY_DOCUMENTS',
      offset: second.range[0],
      message: 'A second YAML document begins here, but a site file is one document.',
      hint: 'Remove the line --- or keep each site in a file of its own.',
    },
  ];
}

const ADVICE: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'Indent with spaces; YAML does not allow tabs there.',
  BAD_INDENT: 'Line the fields of one object up in the same column.',
  BAD_ALIAS: 'Define the anchor (&name) above the place that uses it (*name).',
  MISSING_CHAR: 'Look for a missing colon, comma, bracket or quote on this line or the one above.',
  BAD_SCALAR_START: 'Put the value in quotes.',
  BAD_DQ_ESCAPE: 'Write the backslash twice, or use single quotes.',
  MULTILINE_IMPLICIT_KEY:
    'A colon and a space are missing after the field name, or the line is indented wrongly.',
  BLOCK_AS_IMPLICIT_KEY: 'Put a value that contains ": " in quotes.',
  TAG_RESOLVE_FAILED: 'Remove the tag (the word that begins with an exclamation mark).',
};

function syntaxFault(error: { code: YAMLParseError['code']; message: string; pos: [number, number] }): Fault {
  const message = `This is not valid YAML: ${error.message.replace(/\.$/, '')}.`;
  const hint = error.message.startsWith('Flow ') ? ADVICE['MISSING_CHAR'] : ADVICE[error.code];
  return {
    code: `YAML_${error.code}`,
    offset: error.pos[0],
    message,
    ...(hint === undefined ? {} : { hint }),
  };
}

function tooDeep(offset: number): Fault {
  const message = `The file is nested more than ${MAX_DEPTH} levels deep here.`;
  return {
    code: 'SITE_TOO_DEEP',
    offset,
    message,
    hint: 'A site file is nested about eight levels deep: look for brackets that are not closed.',
  };
}

function tooManyAliases(offset: number): Fault {
  const message = `The file uses more than ${MAX_ALIASES} YAML anchors (&name) and aliases (*name).`;
  return { code: 'SITE_TOO_MANY_ALIASES', offset, message, hint: 'Write the values out.' };
}

/** A file with more values than any site has. */
export function tooMany(offset: number): Fault {
  return {
    code: 'SITE_TOO_LARGE',
    offset,
    message: 'The file holds too many values for a site file.',
    hint: 'Check that this is the site file.',
  };
}
