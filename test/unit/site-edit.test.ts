import { describe, expect, it } from 'vitest';
import { BringupError } from '../../src/contract/errors.ts';
import { editSite, type SiteEdit } from '../../src/site/index.ts';
import { SITE } from './site-example.ts';

const edited = (text: string, ...edits: SiteEdit[]) => editSite(text, edits).text;

/** Code and sentence of the error that an edit ends with. */
function refusal(text: string, edit: SiteEdit): string {
  try {
    return edited(text, edit);
  } catch (thrown) {
    if (thrown instanceof BringupError) return `${thrown.code} ${thrown.message} -> ${thrown.hint ?? ''}`;
    throw thrown;
  }
}

const BLOCK = `# the first rack
hosts:
  # borrowed until spring
  - name: node-1     # top
    serial: "ABC1234"
    roles: [rke2-server]

  # ours
  - name: node-2
    serial: 'ABC1235'  # from the label
    interfaces:
      - {name: nic1, address: 10.20.0.12}
`;

describe('one line is changed, and only that', () => {
  it.each<[string, SiteEdit, string, string]>([
    [
      'a value, its comment stays',
      { op: 'set', path: ['hosts', 0, 'name'], value: 'node-9' },
      '  - name: node-1     # top',
      '  - name: node-9     # top',
    ],
    [
      'a value in the quotes that were there',
      { op: 'set', path: ['hosts', 1, 'serial'], value: '12E4567' },
      `    serial: 'ABC1235'  # from the label`,
      `    serial: '12E4567'  # from the label`,
    ],
    [
      'a value that needs quotes now',
      { op: 'set', path: ['hosts', 0, 'name'], value: '12E4567' },
      '  - name: node-1     # top',
      '  - name: "12E4567"     # top',
    ],
    [
      'a value in braces',
      { op: 'set', path: ['hosts', 1, 'interfaces', 0, 'address'], value: '10.20.0.13' },
      '      - {name: nic1, address: 10.20.0.12}',
      '      - {name: nic1, address: 10.20.0.13}',
    ],
    [
      'a new field in braces',
      { op: 'set', path: ['hosts', 1, 'interfaces', 0, 'network'], value: 'mgmt', after: 'name' },
      '      - {name: nic1, address: 10.20.0.12}',
      '      - {name: nic1, network: mgmt, address: 10.20.0.12}',
    ],
    [
      'a new entry in brackets',
      { op: 'insert', path: ['hosts', 0, 'roles', 1], value: 'storage' },
      '    roles: [rke2-server]',
      '    roles: [rke2-server, storage]',
    ],
    [
      'the last entry in brackets',
      { op: 'remove', path: ['hosts', 0, 'roles', 0] },
      '    roles: [rke2-server]',
      '    roles: []',
    ],
    [
      'a new field behind another one',
      { op: 'set', path: ['hosts', 1, 'profile'], value: 'gpu-dense', after: 'name' },
      '  - name: node-2\n',
      '  - name: node-2\n    profile: gpu-dense\n',
    ],
    [
      'a new field at the end, written as its neighbour writes it',
      { op: 'set', path: ['hosts', 1, 'roles'], value: ['rke2-agent'] },
      '      - {name: nic1, address: 10.20.0.12}\n',
      '      - {name: nic1, address: 10.20.0.12}\n    roles: [rke2-agent]\n',
    ],
    [
      'a new entry, in the style of the one before it',
      { op: 'insert', path: ['hosts', 1, 'interfaces', 1], value: { name: 'nic2' } },
      '      - {name: nic1, address: 10.20.0.12}\n',
      '      - {name: nic1, address: 10.20.0.12}\n      - {name: nic2}\n',
    ],
    [
      'a field less',
      { op: 'remove', path: ['hosts', 1, 'serial'] },
      `    serial: 'ABC1235'  # from the label\n`,
      '',
    ],
    [
      'a field less, its comment kept',
      { op: 'remove', path: ['hosts', 1, 'serial'], keepComments: true },
      `    serial: 'ABC1235'  # from the label\n`,
      '    # from the label\n',
    ],
    [
      'the first field of an entry',
      { op: 'remove', path: ['hosts', 1, 'name'] },
      `  - name: node-2\n    serial: 'ABC1235'`,
      `  - serial: 'ABC1235'`,
    ],
    [
      'a name',
      { op: 'rename', path: ['hosts', 0, 'serial'], name: 'service_tag' },
      '    serial: "ABC1234"',
      '    service_tag: "ABC1234"',
    ],
    [
      'a whole host more',
      { op: 'insert', path: ['hosts', 1], value: { name: 'node-3', serial: 'XYZ', roles: ['rke2-server'] } },
      '    roles: [rke2-server]\n',
      '    roles: [rke2-server]\n  - name: node-3\n    serial: "XYZ"\n    roles: [rke2-server]\n',
    ],
    [
      'objects that were not there before',
      { op: 'set', path: ['discovery', 'ranges'], value: ['10.20.1.0/24'] },
      '      - {name: nic1, address: 10.20.0.12}\n',
      '      - {name: nic1, address: 10.20.0.12}\ndiscovery:\n  ranges: [10.20.1.0/24]\n',
    ],
  ])('%s', (_, edit, from, to) => {
    expect(BLOCK).toContain(from);
    expect(edited(BLOCK, edit)).toBe(BLOCK.replace(from, () => to));
  });

  it('a host goes up the list together with the comment above it', () => {
    expect(edited(BLOCK, { op: 'move', path: ['hosts', 1], to: 0 })).toBe(`# the first rack
hosts:
  # borrowed until spring
  # ours
  - name: node-2
    serial: 'ABC1235'  # from the label
    interfaces:
      - {name: nic1, address: 10.20.0.12}

  - name: node-1     # top
    serial: "ABC1234"
    roles: [rke2-server]
`);
  });

  it('the last host of a list leaves empty brackets', () => {
    const text = 'stack: x\nhosts:   # none so far\n  - name: a\nparameters: {}\n';
    expect(edited(text, { op: 'remove', path: ['hosts', 0] })).toBe(
      'stack: x\nhosts: [] # none so far\nparameters: {}\n',
    );
  });

  it('and the first one of an empty list opens them', () => {
    const text = 'stack: x\nhosts: []   # none so far\nparameters: {}\n';
    const host = { name: 'a', interfaces: [{ name: 'nic1' }] };
    expect(edited(text, { op: 'insert', path: ['hosts', 0], value: host })).toBe(
      'stack: x\nhosts:   # none so far\n  - name: a\n    interfaces:\n      - {name: nic1}\nparameters: {}\n',
    );
  });

  it('entries in braces over several lines stay on lines of their own', () => {
    const text = 'a: {\n    b: 1, # one\n    c: 2 # two\n  }\n';
    expect(edited(text, { op: 'set', path: ['a', 'd'], value: 3 })).toBe(
      'a: {\n    b: 1, # one\n    c: 2, # two\n    d: 3\n  }\n',
    );
    expect(edited(text, { op: 'remove', path: ['a', 'c'] })).toBe('a: {\n    b: 1 # one\n  }\n');
  });
});

describe('what is around stays byte for byte', () => {
  it('Windows line ends, the byte order mark and a missing last line end', () => {
    const text = '\uFEFFa: 1\r\nb:\r\n    - x: 1\r\n      w: 2';
    expect(
      edited(
        text,
        { op: 'set', path: ['b', 0, 'z'], value: 3 },
        { op: 'insert', path: ['b', 1], value: { x: 4, w: 5 } },
      ),
    ).toBe('\uFEFFa: 1\r\nb:\r\n    - x: 1\r\n      w: 2\r\n      z: 3\r\n    - x: 4\r\n      w: 5');
    expect(edited(text, { op: 'remove', path: ['b', 0, 'w'] })).toBe('\uFEFFa: 1\r\nb:\r\n    - x: 1');
  });

  it('lists that are not indented, wide steps, spaces inside braces, single quotes', () => {
    const text = "a:\n    b: 'x'\n    c: { d: 1 }\nl:\n- e: 1\n";
    expect(edited(text, { op: 'set', path: ['new'], value: { f: { g: '12' }, h: [{ i: [] }] } })).toBe(
      `${text}new:\n    f: { g: '12' }\n    h:\n    - { i: [] }\n`,
    );
  });

  it('anchors and aliases that the edit does not touch', () => {
    const text = 'a: &x {b: 1}\nc: *x\nd: 1\n';
    expect(edited(text, { op: 'set', path: ['d'], value: 2 })).toBe('a: &x {b: 1}\nc: *x\nd: 2\n');
    expect(edited(text, { op: 'set', path: ['c'], value: 2 })).toBe('a: &x {b: 1}\nc: 2\nd: 1\n');
  });
});

describe('an edit that would change more than it says is refused', () => {
  const text = 'a: &x {b: 1}\nc: *x\n';
  const byHand = 'Write the value out there by hand, without & and *, then try again.';
  it.each<[string, SiteEdit, string]>([
    [
      'inside an alias',
      { op: 'set', path: ['c', 'b'], value: 2 },
      `SITE_EDIT_ALIAS Line 2 cannot be edited from here: c is the alias *x, whose value stands elsewhere. -> ${byHand}`,
    ],
    [
      'inside what an alias repeats',
      { op: 'set', path: ['a', 'b'], value: 2 },
      `SITE_EDIT_ANCHOR Line 1 cannot be edited from here: a is repeated by *x on line 2, so the edit would change both. -> ${byHand}`,
    ],
    [
      'of what an alias repeats',
      { op: 'remove', path: ['a'] },
      `SITE_EDIT_ANCHOR Line 1 cannot be edited from here: a is repeated by *x on line 2, so the edit would change both. -> ${byHand}`,
    ],
    [
      'at a place that is not there',
      { op: 'remove', path: ['a', 'z'] },
      'SITE_EDIT_PATH The site file has no place a.z at which to remove. -> Read the file again; it may have been changed meanwhile.',
    ],
    [
      'to a name that is taken',
      { op: 'rename', path: ['a'], name: 'c' },
      'SITE_EDIT_NAME_TAKEN a cannot be named c: there is a field of that name beside it. -> Remove the other field first.',
    ],
  ])('%s', (_, edit, told) => {
    expect(refusal(text, edit)).toBe(told);
  });

  it('and so is any edit of a text that is not YAML', () => {
    expect(refusal('a: [1\nb: 2\n', { op: 'set', path: ['b'], value: 3 })).toMatch(
      /^SITE_EDIT_UNREADABLE The site file cannot be edited: line 2: This is not valid YAML/,
    );
  });
});

it('an edit comes back with the problems of the new text', () => {
  const { text, problems } = editSite(SITE, [{ op: 'set', path: ['stack'], value: 'Not a label' }]);
  expect(text).toBe(SITE.replace('stack: dell-rke2', 'stack: Not a label'));
  expect(problems).toMatchObject([{ code: 'SITE_BAD_VALUE', line: 4, column: 8, file: 'site.yaml' }]);
});
