import { expect, test } from 'vitest';
import type { BringupClient, Problem, SiteFile } from '../../src/contract/api.ts';
import { BringupError } from '../../src/contract/errors.ts';
import { editText, siteDocument } from '../../src/site/index.ts';
import { editsFor, LIST, problemsAt, RANGE } from '../../renderer/wizard/model/field.ts';
import { plainLines, retype } from '../../renderer/wizard/model/line-ends.ts';
import { changedLines } from '../../renderer/wizard/model/changed-lines.ts';
import {
  isWithin,
  jsonPath,
  parsePath,
  placeOfProblem,
  stepOfPath,
} from '../../renderer/wizard/model/paths.ts';
import { sentenceOf, wordsAtField } from '../../renderer/wizard/model/problem-words.ts';
import { createSiteStore } from '../../renderer/wizard/model/site-store.ts';

const TEXT = 'apiVersion: bringup/v1 # the version\nsite: {name: plant-7}\n';

/** A service over one file in memory, which another program can write as well. */
function createFile() {
  let text = TEXT;
  const calls: string[] = [];
  const read = (): SiteFile => ({
    ...{ file: '/sites/site.yaml', text, revision: `r ${text}`, document: siteDocument(text) },
    ...{ ok: true, problems: [] },
  });
  const call = async (command: string, input: { revision?: string; text?: string; edits?: never }) => {
    calls.push(command);
    if (command !== 'site.read') {
      if (input.revision !== read().revision)
        throw new BringupError({ code: 'SITE_FILE_CHANGED', message: 'It was changed.' });
      text = command === 'site.edit' ? editText(text, input.edits ?? []) : (input.text ?? '');
    }
    return read();
  };
  return {
    calls,
    text: () => text,
    writeFromOutside: (other: string) => {
      text = other;
    },
    store: createSiteStore({ call } as unknown as BringupClient, '/sites/site.yaml'),
  };
}

const RENAME = [{ op: 'set', path: ['site', 'name'], value: 'plant-8' }] as const;

test('a path is read and written back, and names the step that mends it', () => {
  const paths = ['$', '$.hosts[2].bmc.address', '$.parameters["a b"].c', '$.networks[0]'];
  expect(paths.map((path) => jsonPath(parsePath(path)))).toEqual(paths);
  expect(isWithin('$.hosts[1].name', '$.hosts[1]')).toBe(true);
  expect(isWithin('$.hosts[11].name', '$.hosts[1]')).toBe(false);
  const steps = {
    '$.site.name': 'site',
    $: 'site',
    '$.services.dns.servers': 'networks',
    '$.hosts[3].interfaces[0].mac': 'hosts',
    '$.hosts[3].profile': 'profiles',
    '$.kvm_host.credential': 'machines',
    '$.discovery.ranges[0]': 'discovery',
    '$.parameters.cni': 'parameters',
  };
  expect(Object.keys(steps).map(stepOfPath)).toEqual(Object.values(steps));
});

test('a field knows the problems of its value, of parts of it, and that it is missing', () => {
  const problem = (path: string, code = 'SITE_BAD_VALUE', message = ''): Problem => ({
    ...{ severity: 'error', code, message, path, file: 'site.yaml', line: 1, column: 1 },
  });
  const missing = problem('$.site', 'SITE_MISSING_FIELD', 'site needs the field domain.');
  const range = problem('$.networks[0].dhcp_range[1]');
  expect(problemsAt([missing, range], ['site', 'domain'])).toEqual([missing]);
  expect(problemsAt([missing, range], ['site', 'name'])).toEqual([]);
  expect(problemsAt([missing, range], ['networks', 0, 'dhcp_range'])).toEqual([range]);
  const words = "parameters.ome must have required property 'mode', but is an object.";
  const parameter = problem('$.parameters.ome', 'SITE_PARAMETER', words);
  expect(problemsAt([parameter], ['parameters', 'ome', 'mode'])).toEqual([parameter]);
  expect(problemsAt([parameter], ['parameters', 'ome', 'address'])).toEqual([]);
});

test('a missing part of the file is mended in its own step, not in the first', () => {
  const missing = (name: string) => ({
    ...{ path: '$', code: 'SITE_MISSING_FIELD', message: `the site file needs the field ${name}.` },
  });
  expect(['kvm_host', 'networks', 'stack'].map((name) => stepOfPath(placeOfProblem(missing(name))))).toEqual([
    'machines',
    'networks',
    'site',
  ]);
  expect(placeOfProblem({ path: '$', code: 'SITE_BAD_VALUE', message: 'x' })).toBe('$');
  expect(sentenceOf(missing('stack'))).toBe('The site file needs the field stack.');
});

test('at its field a message leaves out the place with which it begins', () => {
  const path = '$.parameters.rke2.registries[1].name';
  const at = (message: string) => wordsAtField({ path, message });
  expect(at('parameters.rke2.registries[1].name must be <= 400, but is 9000.')).toBe(
    'Must be at most 400, but is 9000.',
  );
  expect(at('There is no host named nod-1.')).toBe('There is no host named nod-1.');
});

test('what is typed becomes the smallest edit: nothing, a set, a removal that leaves no empty object', () => {
  const document = {
    site: { name: 'a', contact: { phone: '1' } },
    services: { dns: { upstream: ['10.0.0.1'] } },
  };
  expect(editsFor(document, ['site', 'name'], 'a')).toEqual([]);
  expect(editsFor(document, ['site', 'name'], undefined, { required: true })).toEqual([
    { op: 'set', path: ['site', 'name'], value: '' },
  ]);
  expect(editsFor(document, ['site', 'contact', 'phone'], undefined)).toEqual([
    { op: 'remove', path: ['site', 'contact'] },
  ]);
  expect(editsFor(document, ['services', 'dns', 'upstream'], LIST.read('10.0.0.1;10.0.0.2'))).toEqual([
    { op: 'set', path: ['services', 'dns', 'upstream'], value: ['10.0.0.1', '10.0.0.2'] },
  ]);
  expect(RANGE.show(RANGE.read('10.0.0.1-10.0.0.9'))).toBe('10.0.0.1 - 10.0.0.9');
});

test('typing into a text with other line ends changes only what was typed', () => {
  const mixed = 'a: 1\r\nb: 2\nc: 3\r\n';
  const typed = plainLines(mixed).replace('b: 2', 'b: 2\nd: 4');
  expect(retype(mixed, typed)).toBe('a: 1\r\nb: 2\nd: 4\r\nc: 3\r\n');
  expect(retype(mixed, plainLines(mixed))).toBe(mixed);
  expect(retype(TEXT, TEXT + 'x')).toBe(TEXT + 'x');
});

test('two texts are shown where they differ', () => {
  const { theirs, here } = changedLines('a\nb\nc\nd', 'a\nx\ny\nd');
  expect([theirs.from, theirs.shown, here.shown]).toEqual([2, ['b', 'c'], ['x', 'y']]);
});

test('edits are saved at once, undone and done again, one step a call', async () => {
  const { store: site, text } = createFile();
  await site.open();
  await site.edit(RENAME);
  expect(text()).toBe(TEXT.replace('plant-7', 'plant-8'));
  site.undo();
  await site.save();
  expect(text()).toBe(TEXT);
  site.redo();
  await site.save();
  expect(text()).toContain('plant-8');
});

test('typing that is not saved yet is saved before an edit of a form', async () => {
  const { store: site, text } = createFile();
  await site.open();
  site.type(`${TEXT}# typed\n`);
  await site.edit(RENAME);
  expect(text()).toBe(`${TEXT.replace('plant-7', 'plant-8')}# typed\n`);
});

test('a change from outside is taken over where nothing is unsaved, and undo leads back', async () => {
  const { store: site, text, writeFromOutside } = createFile();
  await site.open();
  writeFromOutside(`${TEXT}# theirs\n`);
  await site.check();
  expect(site.store.getState()).toMatchObject({ text: `${TEXT}# theirs\n`, conflict: null });
  site.undo();
  await site.save();
  expect(text()).toBe(TEXT);
});

test.each([
  ['theirs', `${TEXT}# theirs\n`, `${TEXT}# mine\n`],
  ['mine', `${TEXT}# mine\n`, `${TEXT}# theirs\n`],
] as const)('of two texts %s is kept and the other is one undo away', async (choice, kept, other) => {
  const { store: site, text, writeFromOutside } = createFile();
  await site.open();
  site.type(`${TEXT}# mine\n`);
  writeFromOutside(`${TEXT}# theirs\n`);
  await site.save();
  expect(text()).toBe(`${TEXT}# theirs\n`);
  expect(site.store.getState().conflict).not.toBeNull();
  await site.settle(choice);
  expect([site.store.getState().text, text()]).toEqual([kept, kept]);
  site.undo();
  await site.save();
  expect(text()).toBe(other);
});

test('a form edit that met another text can be repeated on it', async () => {
  const { store: site, text, writeFromOutside } = createFile();
  await site.open();
  writeFromOutside(`${TEXT}# theirs\n`);
  await expect(site.edit(RENAME)).rejects.toThrow('It was changed.');
  await site.settle('edits');
  expect(text()).toBe(`${TEXT.replace('plant-7', 'plant-8')}# theirs\n`);
});
