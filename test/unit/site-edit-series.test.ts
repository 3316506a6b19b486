import { expect, test } from 'vitest';
import { editText } from '../../src/site/edit/edit.ts';
import type { SiteEdit } from '../../src/site/edit/edits.ts';
import { SITE } from './site-example.ts';

const oneByOne = (text: string, edits: readonly SiteEdit[]) =>
  edits.reduce((now, edit) => editText(now, [edit]), text);
const add = (at: number, name: string): SiteEdit => ({ op: 'insert', path: ['hosts', at], value: { name } });
const remove = (at: number): SiteEdit => ({ op: 'remove', path: ['hosts', at] });

const FIVE = editText(SITE, [add(2, 'node-3'), add(3, 'node-4'), add(4, 'node-5')]);

test.each<[string, SiteEdit[]]>([
  ['hosts put behind the last', [add(5, 'a'), add(6, 'b'), add(7, 'c')]],
  ['hosts put in between', [add(1, 'a'), add(2, 'b'), add(5, 'c')]],
  ['hosts taken out from the end on', [remove(4), remove(2), remove(0)]],
  ['hosts taken out from the beginning on', [remove(0), remove(0), remove(1)]],
  ['every host taken out', [remove(4), remove(3), remove(2), remove(1), remove(0)]],
  ['hosts put in and taken out again', [add(5, 'a'), remove(5), add(5, 'b'), remove(0)]],
  ['a new host changed at once', [add(5, 'a'), { op: 'set', path: ['hosts', 5, 'serial'], value: 'X' }]],
])('%s together mean the same as one after the other', (_, edits) => {
  expect(editText(FIVE, edits)).toBe(oneByOne(FIVE, edits));
});

test('a list that ends the file without a line break takes many entries', () => {
  const edits = [add(2, 'a'), add(3, 'b')];
  expect(editText(SITE.trimEnd(), edits)).toBe(oneByOne(SITE.trimEnd(), edits));
});
