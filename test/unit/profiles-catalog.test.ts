import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BringupError } from '../../src/contract/errors.ts';
import type { FirmwareItem, HardwareSnapshot } from '../../src/contract/hardware.ts';
import {
  checkFirmware,
  createCatalogReader,
  indexCatalog,
  parseProfile,
  type FirmwareCatalog,
  type Profile,
} from '../../src/profiles/index.ts';
import { catalogXml, packageOf } from './profiles-catalog-example.ts';
import { snapshotOf } from './profiles-example.ts';

const BIOS = packageOf({ type: 'BIOS', name: 'BIOS', component: '159', version: '1.9.2', models: ['R750'] });
const IDRAC = packageOf({
  name: 'iDRAC with Lifecycle Controller',
  component: '25227',
  version: '6.10.30.00',
  models: ['R750', 'R640'],
});
const NIC = packageOf({
  name: 'Broadcom NetXtreme',
  component: '108255',
  version: '21.80.9',
  models: ['R750'],
});
const DRIVER = packageOf({ type: 'DRVR', name: 'BIOS', component: '0', version: '99.0', models: ['R750'] });

function read(xml: string, pieceSize = xml.length): FirmwareCatalog {
  const reader = createCatalogReader();
  for (let at = 0; at < xml.length; at += pieceSize) reader.push(xml.slice(at, at + pieceSize));
  return reader.end();
}

/** The error with which a text is refused, as `CODE message`. */
function refusal(xml: string): string {
  try {
    read(xml);
  } catch (thrown) {
    if (thrown instanceof BringupError) return `${thrown.code} ${thrown.message}`;
    throw thrown;
  }
  return 'read';
}

describe('a firmware catalogue', () => {
  const xml = catalogXml([BIOS, IDRAC]);

  it('is read the same in pieces of any size', () => {
    const whole = read(xml);
    expect(whole).toEqual({
      version: '26.11.01',
      released: '2026-11-01T00:00:00Z',
      packages: [
        {
          type: 'BIOS',
          name: 'BIOS',
          version: '1.9.2',
          devices: ['BIOS'],
          components: ['159'],
          models: ['R750'],
        },
        expect.objectContaining({ components: ['25227'], models: ['R750', 'R640'] }),
      ],
    });
    for (const size of [1, 2, 3, 7, 64, 1000]) expect(read(xml, size)).toEqual(whole);
  });

  it('may have names in several languages, characters as numbers, comments and instructions', () => {
    const odd = catalogXml([BIOS])
      .replace('<Name>', '<!-- > <Name> --><?x <?><Name><Display lang="ja">B</Display>')
      .replace('<![CDATA[BIOS]]>', 'B&#73;&#x4F;S &amp; more');
    expect(read(odd).packages[0]?.name).toBe('BIOS & more');
  });

  it.each<[string, string, string]>([
    [
      'of another kind',
      '<Inventory/>',
      'CATALOG_INVALID This is no firmware catalogue. It is a Inventory, and not a Manifest.',
    ],
    [
      'without packages',
      '<Manifest></Manifest>',
      'CATALOG_INVALID This is no firmware catalogue. It has no packages.',
    ],
    ['that ends early', xml.slice(0, -20), 'XML_INVALID This is not well-formed XML. It ends within'],
    ['that is empty', '', 'XML_INVALID This is not well-formed XML. There is nothing in it'],
    [
      'with a document type',
      `<!DOCTYPE m [<!ENTITY a "aaaa">]>${xml}`,
      'It has a document type, which is not read',
    ],
    ['with an entity of its own', xml.replace('26.11.01', '&a;'), 'The attributes of Manifest are malformed'],
    ['with crossed tags', xml.replace('</Name>', '</Nam>'), 'The end of "Nam" is misplaced'],
    ['nested without end', '<a>'.repeat(100), 'CATALOG_INVALID'],
    ['nested too deeply', `<Manifest>${'<a>'.repeat(100)}`, 'It is nested too deeply'],
    [
      'with a tag that never ends',
      `<Manifest a="${'x'.repeat(2 ** 21)}`,
      'longer than a catalogue can have it',
    ],
    ['with two documents', `${xml}${xml}`, 'There is a second document behind the first'],
  ])('%s is refused', (_, text, words) => {
    expect(refusal(text)).toContain(words);
  });

  it('made from a good one by a few edits is read or refused, in pieces as in one', () => {
    const sign = fc.constantFrom(
      ...'<>"\'&;/!?-[]= ',
      '<![CDATA[',
      ']]>',
      '<!--',
      '-->',
      '&#0;',
      '&lt;',
      '</',
    );
    const edit = fc.record({
      at: fc.nat(xml.length),
      gone: fc.nat(8),
      put: fc.oneof(sign, fc.string({ maxLength: 3 })),
    });
    fc.assert(
      fc.property(
        fc.array(edit, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 200 }),
        (edits, size) => {
          const text = edits.reduce(
            (now, { at, gone, put }) => now.slice(0, at) + put + now.slice(at + gone),
            xml,
          );
          const outcome = (pieces?: number): unknown => {
            try {
              return read(text, pieces);
            } catch (thrown) {
              if (!(thrown instanceof BringupError)) throw thrown;
              return thrown.code;
            }
          };
          expect(outcome(size)).toEqual(outcome());
        },
      ),
      { numRuns: 300 },
    );
  });
});

/** A profile with these firmware entries in YAML flow, the first of which is line 6. */
function wanting(...entries: readonly string[]): Profile {
  const { profile, problems } = parseProfile(
    `name: x\nversion: 1\ntitle: X\nmatch: [{field: cpu.count, is: 1}]\nfirmware:\n${entries.map((entry) => `  - {${entry}}\n`).join('')}`,
    'x.yaml',
  );
  if (profile === undefined) throw new Error(problems.map(({ message }) => message).join('\n'));
  return profile;
}

const R750 = 'manufacturer: Dell*, model: PowerEdge R750';
const index = indexCatalog(read(catalogXml([BIOS, IDRAC, NIC, DRIVER])));

/** What is said of one entry: its status and version, then problems as `line:column code message -> hint`. */
function said(entry: string, machines: readonly HardwareSnapshot[] = []): string[] {
  const { lines, problems } = checkFirmware(wanting(entry), machines, index);
  return [
    ...lines.map(({ status, found, model }) => [status, found, model].filter(Boolean).join(' ')),
    ...problems.map(
      ({ line, column, code, message, hint }) => `${line}:${column} ${code} ${message} -> ${hint ?? ''}`,
    ),
  ];
}

const machine = (version: string, firmware: readonly FirmwareItem[] = []): HardwareSnapshot =>
  snapshotOf({ model: 'PowerEdge R750', bios: { version, attributes: {}, pending: {} }, firmware });

describe('firmware that a profile wants', () => {
  it('is in the catalogue, or a newer one is, whatever drivers bear its name', () => {
    expect(said(`${R750}, item: bios, at_least: 1.9.2`)).toEqual(['same 1.9.2 R750']);
    expect(said(`${R750}, item: bios, at_least: 1.8.2`)).toEqual(['newer 1.9.2 R750']);
    expect(said(`${R750}, item: bmc, at_least: 6.00.30.00`)).toEqual(['newer 6.10.30.00 R750']);
    expect(said(`${R750}, item: Broadcom*, at_least: 21.80.9`)).toEqual(['same 21.80.9 R750']);
  });

  it('is newer than the catalogue', () => {
    expect(said(`${R750}, item: bios, at_least: 1.10.0`)).toEqual([
      'older 1.9.2 R750',
      '6:72 PROFILE_FIRMWARE_OLDER The newest bios of R750 in the catalogue is 1.9.2, older than 1.10.0. -> Take a newer catalogue; updates from this one do not bring what the profile wants.',
    ]);
  });

  it('is for a model that the catalogue does not know', () => {
    expect(said('manufacturer: Dell*, model: PowerEdge R760, item: bios, at_least: 1.0.0')).toEqual([
      'no-model PowerEdge R760',
      '6:34 PROFILE_FIRMWARE_MODEL The catalogue has nothing for PowerEdge R760 (the nearest in it is R750). -> Take a catalogue that has this model, or correct the model of the profile.',
    ]);
  });

  it('is for a component that the catalogue does not have for this model', () => {
    expect(said('manufacturer: Dell*, model: PowerEdge R640, item: bios, at_least: 1.0.0')[1]).toBe(
      '6:56 PROFILE_FIRMWARE_MISSING The catalogue has no package for bios of R640. -> It has for this model: iDRAC with Lifecycle Controller.',
    );
    expect(said(`${R750}, item: Brodcom NetXtreme, at_least: 1.0.0`)[1]).toContain(
      'Did you mean Broadcom NetXtreme?',
    );
  });

  it('is held against the models of the machines that have the profile', () => {
    expect(said('item: bios, at_least: 1.9.0', [machine('1.8.2')])).toEqual(['newer 1.9.2 PowerEdge R750']);
    expect(said('item: bios, at_least: 1.9.0')).toEqual(['unknown']);
    expect(said('manufacturer: HPE, item: bios, at_least: A42 v2.60', [machine('1.8.2')])).toEqual([]);
  });

  it('need not be in the catalogue where every machine has it already', () => {
    const entry = `${R750}, item: bios, at_least: 1.10.0`;
    expect(said(entry, [machine('1.10.1')])).toEqual(['installed 1.9.2 PowerEdge R750']);
    expect(said(entry, [machine('1.10.1'), machine('1.9.2')])[1]).toContain('PROFILE_FIRMWARE_OLDER');
  });

  it('is found by the number of its component, where machine and catalogue have other names for it', () => {
    const port = {
      id: 'Installed-108255-21.60.0__NIC.Embedded.1-1-1',
      name: 'Gigabit BCM5720 - 02:00:5e:00:00:01',
      version: '21.60.0',
    };
    expect(said(`${R750}, item: 'Gigabit BCM5720*', at_least: 21.80.0`, [machine('1.8.2', [port])])).toEqual([
      'newer 21.80.9 PowerEdge R750',
    ]);
  });
});
