import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMap, isScalar, isSeq, parseDocument, type Node, type Pair } from 'yaml';
import { applyEdit, copyOf } from '../../src/site/edit/edits.ts';
import { editText } from '../../src/site/edit/edit.ts';
import type { SiteEdit } from '../../src/site/index.ts';
import { anyEdit, anyFile, chooseEdit } from './site-edit-any.ts';

const RUNS = 400;

/** What the YAML library, which knows nothing of edits, reads in a text. */
const read = (text: string): unknown => parseDocument(text, { uniqueKeys: true }).toJS();

function applied(data: unknown, edit: SiteEdit): unknown {
  const copy = copyOf(data);
  applyEdit(copy, edit);
  return copy;
}

/** First and last line, from 0, of what an edit is about: the entry itself, or its whole list or object. */
function linesOf(text: string, edit: SiteEdit): [number, number] {
  const whole = edit.op !== 'rename' && (edit.op !== 'set' || !has(text, edit.path));
  const document = parseDocument(text, { keepSourceTokens: true });
  const path = whole ? edit.path.slice(0, -1) : edit.path;
  let [node, start]: [Node | null | undefined, number | undefined] = [document.contents, undefined];
  for (const step of path) {
    const pair: Pair | undefined = isMap(node)
      ? node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
      : undefined;
    const next: Node | null | undefined = isSeq(node)
      ? (node.items[Number(step)] as Node)
      : (pair?.value as Node | null);
    start = (pair?.key as Node | undefined)?.range?.[0] ?? next?.range?.[0];
    node = next;
  }
  const end = node?.range?.[2] ?? text.length;
  const line = (offset: number) => text.slice(0, offset).split('\n').length - 1;
  return [line(start ?? 0), line(end)];
}

function has(text: string, path: SiteEdit['path']): boolean {
  return parseDocument(text).hasIn(path);
}

describe('any edit of any file', () => {
  it('changes the data as it says, whatever hand the file is written in', () => {
    fc.assert(
      fc.property(anyFile, anyEdit, ({ data, text }, choice) => {
        const chosen = chooseEdit(data, choice);
        fc.pre(chosen !== undefined);
        expect(read(text)).toEqual(data);
        expect(read(editText(text, [chosen.edit]))).toEqual(applied(data, chosen.edit));
      }),
      { numRuns: RUNS },
    );
  });

  it('leaves every line before and behind what it is about as it was', () => {
    fc.assert(
      fc.property(anyFile, anyEdit, ({ data, text }, choice) => {
        const chosen = chooseEdit(data, choice);
        fc.pre(chosen !== undefined);
        const before = text.split('\n');
        const after = editText(text, [chosen.edit]).split('\n');
        const [first, last] = linesOf(text, chosen.edit);
        expect(after.slice(0, first)).toEqual(before.slice(0, first));
        const behind = before.slice(last + 1);
        expect(behind.length === 0 ? [] : after.slice(-behind.length)).toEqual(behind);
      }),
      { numRuns: RUNS },
    );
  });

  it('loses no comment that is not inside what it takes away', () => {
    fc.assert(
      fc.property(anyFile, anyEdit, ({ data, text }, choice) => {
        const chosen = chooseEdit(data, choice);
        fc.pre(chosen !== undefined && chosen.edit.op !== 'set' && chosen.edit.op !== 'remove');
        const comments = (one: string) => (one.match(/# c\d+$/gm) ?? []).toSorted();
        expect(comments(editText(text, [chosen.edit]).replaceAll('\r', ''))).toEqual(
          comments(text.replaceAll('\r', '')),
        );
      }),
      { numRuns: RUNS },
    );
  });

  it('can be taken back', () => {
    fc.assert(
      fc.property(anyFile, anyEdit, ({ data, text }, choice) => {
        const chosen = chooseEdit(data, choice);
        fc.pre(chosen !== undefined);
        expect(read(editText(editText(text, [chosen.edit]), [chosen.back]))).toEqual(data);
      }),
      { numRuns: RUNS },
    );
  });

  it('means the same together with others, one after the other', () => {
    fc.assert(
      fc.property(anyFile, fc.array(anyEdit, { maxLength: 5 }), ({ data, text }, choices) => {
        const edits: SiteEdit[] = [];
        let now: unknown = data;
        for (const choice of choices) {
          const chosen = chooseEdit(now, choice);
          if (chosen === undefined) continue;
          edits.push(chosen.edit);
          now = applied(now, chosen.edit);
        }
        expect(read(editText(text, edits))).toEqual(now);
      }),
      { numRuns: RUNS / 2 },
    );
  });
});
