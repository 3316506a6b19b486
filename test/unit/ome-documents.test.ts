import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readCatalog, readUpdatePackage } from '../../main/lab/ome/catalog-document.ts';
import { parseOmeFaults } from '../../main/lab/ome/faults.ts';
import { compareVersions, componentReports } from '../../main/lab/ome/firmware-report.ts';
import { differences, fromProfileXml, toProfileXml } from '../../main/lab/ome/template-attributes.ts';
import { parseXml } from '../../main/lab/ome/xml.ts';
import { testDevice } from './ome-appliance.ts';
import { BIOS_PACKAGE, OTHER_PACKAGE, catalogXml, packageXml } from '../../main/lab/simulated-catalog.ts';

describe('a firmware catalog', () => {
  const xml = catalogXml([BIOS_PACKAGE, OTHER_PACKAGE]);

  it.each([
    ['plain', Buffer.from(xml)],
    ['gzipped', gzipSync(xml)],
    ['in UTF-16, as Dell ships it', Buffer.from(`\uFEFF${xml}`, 'utf16le')],
  ])('is read %s', (_, bytes) => {
    const catalog = readCatalog(bytes);
    expect(catalog?.manifest).toEqual({
      identifier: '5c1e',
      version: '26.11.01',
      released: '2026-11-01T00:00:00Z',
    });
    expect(catalog?.packages[0]).toEqual({
      name: 'BIOS',
      path: 'FOLDER01/1/BIOS_7H3K0_WN64_1.9.2.EXE',
      version: '1.9.2',
      packageId: '159',
      criticality: 'Urgent',
      rebootRequired: true,
      componentIds: ['159'],
      models: ['R750'],
    });
  });

  it.each(['', '<html></html>', '<Manifest>', '<Manifest></Other>', 'no XML'])('is not %j', (text) => {
    expect(readCatalog(Buffer.from(text))).toBeUndefined();
  });
});

it('an update package tells what it is from the middle of its bytes', () => {
  const bytes = Buffer.concat([Buffer.from([0x4d, 0x5a, 0, 0xff]), Buffer.from(packageXml(OTHER_PACKAGE))]);
  expect(readUpdatePackage(bytes)).toMatchObject({ version: '2.17.1', models: ['R640'] });
  expect(readUpdatePackage(Buffer.from('MZ'))).toBeUndefined();
});

it('XML keeps text as it was meant and reads nothing from outside', () => {
  const text = `<?xml version="1.0"?><!-- a --><a b='&quot;1&quot;'>x &lt; y &#65;<![CDATA[<z>]]><c/></a>`;
  expect(parseXml(text)).toEqual({
    name: 'a',
    attributes: { b: '"1"' },
    children: [{ name: 'c', attributes: {}, children: [], text: '' }],
    text: 'x < y A<z>',
  });
  expect(parseXml('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a>&b;</a>')?.text).toBe('&b;');
});

describe('versions', () => {
  it.each([
    ['1.8.2', '1.9.2', -1],
    ['1.10.0', '1.9.9', 1],
    ['6.00.30.00', '6.0.30', 0],
    ['52.16.1-4405', '52.16.1-4500', -1],
    ['00.2A.2B', '00.2a.2c', -1],
    ['DN03', 'DN02', 1],
  ])('%s against %s', (left, right, order) => {
    expect(Math.sign(compareVersions(left, right))).toBe(order);
  });
});

describe('the firmware report of a device', () => {
  const item = (version: string) => ({
    name: 'BIOS',
    componentId: '159',
    version,
    instance: 'DCIM:INSTALLED#159__BIOS.Setup.1-1',
    uri: '/redfish/v1/UpdateService/FirmwareInventory/bios',
  });
  const { packages } = readCatalog(Buffer.from(catalogXml([BIOS_PACKAGE, OTHER_PACKAGE]))) ?? {
    packages: [],
  };
  const actionOf = (version: string, isDowngradeAllowed: boolean) =>
    componentReports(
      testDevice(1, 'AAA0001', { software: [item(version)] }),
      packages,
      isDowngradeAllowed,
    )[0];

  it('goes up, goes down where that is allowed, and takes no package of another model', () => {
    expect(actionOf('1.8.2', false)).toMatchObject({ UpdateAction: 'UPGRADE', Version: '1.9.2' });
    expect(actionOf('1.9.2', true)).toMatchObject({ UpdateAction: 'EQUAL', ComplianceStatus: 'OK' });
    expect(actionOf('2.0.0', true)).toMatchObject({ UpdateAction: 'DOWNGRADE' });
    expect(actionOf('2.0.0', false)).toMatchObject({ UpdateAction: 'EQUAL' });
  });
});

describe('a server configuration profile', () => {
  it('comes back as it went out, without what is ignored', () => {
    const xml =
      '<SystemConfiguration Model="M"><Component FQDD="BIOS.Setup.1-1"><Attribute Name="A&amp;B">1 &lt; 2</Attribute></Component></SystemConfiguration>';
    const attributes = fromProfileXml(xml, 7) ?? [];
    expect(attributes).toMatchObject([{ id: 7000, name: 'A&B', value: '1 < 2' }]);
    expect(fromProfileXml(toProfileXml(attributes, 'M'), 7)).toEqual(attributes);
    expect(
      toProfileXml(
        attributes.map((one) => ({ ...one, ignored: true })),
        'M',
      ),
    ).not.toContain('A&amp;B');
  });

  it('differs from a BIOS only in what can be set, in the type that the BIOS has', () => {
    const bios = [
      { name: 'Delay', label: 'Delay', value: 120, readOnly: false },
      { name: 'Mode', label: 'Mode', value: 'On', readOnly: false },
      { name: 'Cores', label: 'Cores', value: 32, readOnly: true },
    ];
    const wanted = ['Delay=240', 'Mode=On', 'Cores=16', 'New=x'].map((text, id) => {
      const [name = '', value = ''] = text.split('=');
      return { id, component: 'BIOS.Setup.1-1', name, label: name, value, readOnly: false, ignored: false };
    });
    expect(differences(wanted, bios)).toEqual([
      { name: 'Delay', wanted: 240, seen: 120 },
      { name: 'New', wanted: 'x', seen: undefined },
    ]);
  });
});

describe('faults', () => {
  it('are taken as they are listed in the docs', () => {
    const faults = [
      { kind: 'unavailable', after: 3, path: '/api/JobService', retryAfter: 5, times: 2 },
      { kind: 'job-stuck', job: 'Update_Task' },
      { kind: 'update-fails', device: 'AAA0001' },
      { kind: 'away', path: '/api/JobService', times: 1 },
      { kind: 'session-ended', after: 2 },
    ];
    expect(parseOmeFaults(faults)).toEqual(faults);
  });

  it.each([
    {},
    [{ kind: 'nonsense' }],
    [{ kind: 'job-stuck', device: 'x' }],
    [{ kind: 'unavailable', after: '3' }],
  ])('are refused when they are %j', (value) => {
    expect(() => parseOmeFaults(value)).toThrow(expect.objectContaining({ code: 'OME_FAULT_INVALID' }));
  });
});
