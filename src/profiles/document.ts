import { isMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import type { Problem } from '../contract/api.ts';
import { jsonPath, type Path } from '../site/index.ts';

/** Largest file that is read, in UTF-16 units; a profile has a few thousand. */
const MAX_LENGTH = 128 * 1024;
const MAX_ALIASES = 50;

/** What kind of file is read, for codes and sentences: `{code: 'PROFILE', noun: 'profile'}`. */
export interface FileKind {
  readonly code: 'PROFILE' | 'STACK';
  readonly noun: string;
}

/** Something wrong in a file. `at: 'key'` points to the field's name instead of its value. */
export interface Fault {
  readonly code: string;
  readonly path: Path;
  readonly at?: 'key';
  readonly severity?: Problem['severity'];
  readonly message: string;
  readonly hint?: string;
}

/** A YAML file as plain data, and the place of everything in it. */
export interface SourceDocument {
  readonly data: unknown;
  problem(fault: Fault): Problem;
}

/** Reads one YAML document; any text gives data or problems with their place, never a throw. */
export function readDocument(
  text: string,
  file: string,
  kind: FileKind,
): { readonly source?: SourceDocument; readonly problems: readonly Problem[] } {
  const lines = new LineCounter();
  const at = (offset: number, fault: Fault): Problem => problemAt(lines, offset, fault, file, kind);
  const refuse = (code: string, message: string, hint: string, offset = 0) => ({
    problems: [at(offset, { code, path: [], message, hint })],
  });
  if (text.length > MAX_LENGTH) {
    return refuse(
      'TOO_LARGE',
      `This file is too large for a ${kind.noun}.`,
      `Check that it is a ${kind.noun}.`,
    );
  }
  let document: Document.Parsed;
  let data: unknown;
  try {
    document = parseDocument(text, {
      schema: 'core',
      resolveKnownTags: false,
      prettyErrors: false,
      stringKeys: true,
      lineCounter: lines,
    });
    const faults = [...document.errors, ...document.warnings];
    if (faults.length > 0) {
      const problems = faults.slice(0, 20).map(({ code, message, pos }) =>
        at(pos[0], {
          code: `YAML_${code}`,
          path: [],
          message: `This is not valid YAML: ${sentence(message)}`,
        }),
      );
      return { problems };
    }
    data = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch {
    // The library recurses into nested values, and counts what aliases multiply to.
    return refuse(
      'TOO_DEEP',
      'This file is nested too deeply or repeats too much by aliases.',
      'Write the values out.',
    );
  }
  if (document.contents === null) {
    return refuse('EMPTY', 'The file is empty.', `Write a ${kind.noun}, or remove the file.`);
  }
  const problem = (fault: Fault): Problem => at(offsetOf(document, fault.path, fault.at), fault);
  return { source: { data, problem }, problems: [] };
}

function problemAt(
  lines: LineCounter,
  offset: number,
  { code, path, message, hint, severity = 'error' }: Fault,
  file: string,
  kind: FileKind,
): Problem {
  const { line, col } = lines.linePos(offset);
  const name = code.startsWith('YAML_') ? code : `${kind.code}_${code}`;
  const place = { path: jsonPath(path), file, line: Math.max(1, line), column: Math.max(1, col) };
  return { severity, code: name, message, ...place, ...(hint === undefined ? {} : { hint }) };
}

/** Offset of the value at a path or of its name; of the nearest thing around it when there is none. */
function offsetOf(document: Document.Parsed, path: Path, at: 'key' | undefined): number {
  for (let length = path.length; length >= 0; length--) {
    const inner = path.slice(0, length);
    const parent: unknown = length === 0 ? undefined : document.getIn(inner.slice(0, -1), true);
    const key = isMap(parent)
      ? parent.items.find((pair) => isScalar(pair.key) && pair.key.value === inner.at(-1))?.key
      : undefined;
    const value: unknown = length === 0 ? document.contents : document.getIn(inner, true);
    const node = at === 'key' && length === path.length ? (key ?? value) : (value ?? key);
    const range = (node as { range?: readonly number[] | null } | undefined)?.range;
    if (range?.[0] !== undefined) return range[0];
  }
  return 0;
}

function sentence(message: string): string {
  return `${message.split('\n')[0]?.replace(/[.:]$/, '') ?? ''}.`;
}
