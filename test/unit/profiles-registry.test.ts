import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkBios,
  findRegistries,
  parseProfile,
  readRegistry,
  type AttributeRegistry,
  type Profile,
  type RegistrySource,
} from '../../src/profiles/index.ts';

const text = (name: string, more: object = {}) => ({ AttributeName: name, Type: 'String', ...more });
const choice = (name: string, values: readonly string[], more: object = {}) => ({
  AttributeName: name,
  Type: 'Enumeration',
  Value: values.map((ValueName) => ({ ValueName })),
  ...more,
});
const condition = (name: string, value: string, more: object = {}) => ({
  MapFromAttribute: name,
  MapFromCondition: 'EQU',
  MapFromProperty: 'CurrentValue',
  MapFromValue: value,
  ...more,
});
const map = (to: string, property: string, value: unknown, ...from: readonly object[]) => ({
  Type: 'Map',
  DependencyFor: to,
  Dependency: { MapFrom: from, MapToAttribute: to, MapToProperty: property, MapToValue: value },
});

/** A small registry in the form of a PowerEdge's: the profile SysProfile rules the processor unless it is Custom. */
const RESOURCE = {
  Id: 'BiosAttributeRegistry.v1_0_3',
  OwningEntity: 'Dell',
  SupportedSystems: [{ ProductName: 'PowerEdge R750', FirmwareVersion: '1.8.2' }],
  RegistryEntries: {
    Attributes: [
      choice('BootMode', ['Bios', 'Uefi']),
      choice('SysProfile', ['PerfOptimized', 'Custom']),
      choice('ProcTurboMode', ['Enabled', 'Disabled'], { ReadOnly: true }),
      choice('LogicalProc', ['Enabled', 'Disabled']),
      choice('HttpDev1EnDis', ['Enabled', 'Disabled']),
      text('HttpDev1Ip', { ReadOnly: true, MaxLength: 15 }),
      text('SystemModelName', { ReadOnly: true, Immutable: true }),
      text('AssetTag', { MinLength: 2, MaxLength: 10 }),
      {
        AttributeName: 'AcPwrRcvryUserDelay',
        Type: 'Integer',
        LowerBound: 60,
        UpperBound: 600,
        ScalarIncrement: 30,
      },
      { AttributeName: 'SysPassword', Type: 'Password' },
      { AttributeName: 'Dump', Type: 'Boolean' },
    ],
    Dependencies: [
      map('ProcTurboMode', 'CurrentValue', 'Enabled', condition('SysProfile', 'PerfOptimized')),
      map('ProcTurboMode', 'ReadOnly', true, condition('SysProfile', 'Custom', { MapFromCondition: 'NEQ' })),
      map('HttpDev1Ip', 'Hidden', true, condition('HttpDev1EnDis', 'Disabled')),
      map(
        'LogicalProc',
        'GrayOut',
        true,
        condition('BootMode', 'Bios'),
        condition('SysProfile', 'Custom', { MapTerms: 'AND' }),
      ),
    ],
  },
};

function registryOf(resource: unknown): AttributeRegistry {
  const registry = readRegistry(resource);
  if (registry === undefined) throw new Error('no registry');
  return registry;
}

const REGISTRY = registryOf(RESOURCE);
const FILE: RegistrySource = { registry: REGISTRY, from: 'registry.json' };

/** A profile whose BIOS blocks are these lines of YAML, the first of which is line 6 of the file. */
function wanting(...blocks: readonly string[]): Profile {
  const { profile, problems } = parseProfile(
    `name: x\nversion: 1\ntitle: X\nmatch: [{field: cpu.count, is: 1}]\nbios:\n${blocks.map((block) => `  - ${block}\n`).join('')}`,
    'x.yaml',
  );
  if (profile === undefined) throw new Error(problems.map(({ message }) => message).join('\n'));
  return profile;
}

/** What is said of attributes, as `line:column severity code message -> hint`. */
function said(attributes: string, now?: RegistrySource['now']): string[] {
  const source =
    now === undefined
      ? FILE
      : { ...FILE, now, machine: { manufacturer: 'Dell Inc.', model: 'PowerEdge R750' } };
  return checkBios(wanting(`attributes: {${attributes}}`), source).map(
    ({ line, column, severity, code, message, hint }) =>
      `${line}:${column} ${severity} ${code} ${message} -> ${hint ?? ''}`,
  );
}

describe('a BIOS attribute that the registry does not take', () => {
  it.each<[string, string]>([
    [
      'BootMod: Uefi',
      '6:18 error PROFILE_BIOS_UNKNOWN PowerEdge R750 (BIOS 1.8.2) has no BIOS attribute "BootMod". -> Did you mean BootMode?',
    ],
    [
      'BootMode: UEFI',
      '6:28 error PROFILE_BIOS_VALUE BootMode of PowerEdge R750 (BIOS 1.8.2) cannot be "UEFI". -> Did you mean Uefi? It takes Bios, Uefi.',
    ],
    [
      'LogicalProc: true',
      '6:31 error PROFILE_BIOS_VALUE LogicalProc of PowerEdge R750 (BIOS 1.8.2) cannot be true. -> Did you mean Enabled? It takes Enabled, Disabled.',
    ],
    [
      'LogicalProc: false',
      '6:31 error PROFILE_BIOS_VALUE LogicalProc of PowerEdge R750 (BIOS 1.8.2) cannot be false. -> Did you mean Disabled? It takes Enabled, Disabled.',
    ],
    [
      'AcPwrRcvryUserDelay: 5',
      '6:39 error PROFILE_BIOS_RANGE AcPwrRcvryUserDelay of PowerEdge R750 (BIOS 1.8.2) cannot be 5. -> It takes whole numbers from 60 to 600 in steps of 30.',
    ],
    [
      'AcPwrRcvryUserDelay: 100',
      '6:39 error PROFILE_BIOS_RANGE AcPwrRcvryUserDelay of PowerEdge R750 (BIOS 1.8.2) cannot be 100. -> It takes whole numbers from 60 to 600 in steps of 30.',
    ],
    [
      'AcPwrRcvryUserDelay: soon',
      '6:39 error PROFILE_BIOS_VALUE AcPwrRcvryUserDelay of PowerEdge R750 (BIOS 1.8.2) cannot be "soon". -> It takes a whole number.',
    ],
    [
      'AssetTag: a tag that is too long',
      '6:28 error PROFILE_BIOS_RANGE AssetTag of PowerEdge R750 (BIOS 1.8.2) cannot have 22 characters. -> It takes at most 10 of them.',
    ],
    [
      'AssetTag: 12',
      '6:28 error PROFILE_BIOS_VALUE AssetTag of PowerEdge R750 (BIOS 1.8.2) cannot be 12. -> Put it in quotes: it takes text.',
    ],
    [
      'SystemModelName: mine',
      '6:35 error PROFILE_BIOS_READ_ONLY SystemModelName of PowerEdge R750 (BIOS 1.8.2) can only be read. -> Remove it from the profile.',
    ],
    [
      'SysPassword: secret',
      '6:31 error PROFILE_BIOS_PASSWORD SysPassword of PowerEdge R750 (BIOS 1.8.2) is a password, which has no place in a profile. -> Remove it, and set it at the machine.',
    ],
    [
      'Dump: "true"',
      '6:24 error PROFILE_BIOS_VALUE Dump of PowerEdge R750 (BIOS 1.8.2) cannot be "true". -> Write true or false, without quotes.',
    ],
  ])('%s', (attributes, problem) => {
    expect(said(attributes)).toEqual([problem]);
  });

  it.each(['BootMode: Uefi', 'AcPwrRcvryUserDelay: "90"', 'AssetTag: "12"', 'Dump: false'])(
    'but %s it does',
    (attributes) => {
      expect(said(attributes)).toEqual([]);
    },
  );
});

describe('an attribute that hangs on another', () => {
  it('is an error where the profile itself brings it about', () => {
    expect(said('SysProfile: PerfOptimized, ProcTurboMode: Disabled')).toEqual([
      '6:60 error PROFILE_BIOS_OVERRULED While SysProfile is PerfOptimized, as the profile wants too, the BIOS makes ProcTurboMode Enabled, not Disabled. -> Remove one of the two, or give SysProfile another value.',
    ]);
  });

  it('is none where it is set to the same, or where nothing locks it', () => {
    expect(said('SysProfile: PerfOptimized, ProcTurboMode: Enabled')).toEqual([]);
    expect(said('SysProfile: Custom, ProcTurboMode: Disabled')).toEqual([]);
  });

  it('is a warning where only the machine as it is now does', () => {
    const now = { HttpDev1EnDis: 'Disabled', HttpDev1Ip: '' };
    expect(said('HttpDev1Ip: 10.0.0.1', now)).toEqual([
      '6:30 warning PROFILE_BIOS_LOCKED While HttpDev1EnDis is Disabled, as it is on the machine, HttpDev1Ip is hidden and cannot be made 10.0.0.1. -> Let the profile set HttpDev1EnDis as well.',
    ]);
    expect(said('HttpDev1Ip: 10.0.0.1, HttpDev1EnDis: Enabled', now)).toEqual([]);
    expect(said('HttpDev1Ip: 10.0.0.1', { ...now, HttpDev1Ip: '10.0.0.1' })).toEqual([]);
  });

  it('is left open where nobody knows what the other one is', () => {
    expect(said('HttpDev1Ip: 10.0.0.1')).toEqual([
      '6:30 warning PROFILE_BIOS_LOCKED Whether HttpDev1Ip of PowerEdge R750 (BIOS 1.8.2) can be set hangs on HttpDev1EnDis, which the profile leaves as it is. -> Let the profile set HttpDev1EnDis as well.',
    ]);
  });

  it('is locked by conditions joined with AND only when all of them hold', () => {
    const both = 'BootMode: Bios, SysProfile: Custom, LogicalProc: Disabled';
    expect(said(both)).toEqual([
      expect.stringContaining('While BootMode is Bios and SysProfile is Custom') as string,
    ]);
    expect(said(both.replace('Custom', 'PerfOptimized'))).toEqual([]);
  });
});

describe('which blocks a registry speaks for', () => {
  const wrong = '{BootMod: Uefi}';
  const codes = (block: string, source: RegistrySource = FILE): number =>
    checkBios(wanting(block), source).length;

  it('are those for its maker, under each of his names, and its model', () => {
    expect(codes(`{manufacturer: 'Dell Inc.', attributes: ${wrong}}`)).toBe(1);
    expect(codes(`{manufacturer: HPE, attributes: ${wrong}}`)).toBe(0);
    expect(codes(`{model: 'PowerEdge R7*', attributes: ${wrong}}`)).toBe(1);
    expect(codes(`{model: 'PowerEdge R640', attributes: ${wrong}}`)).toBe(0);
  });

  it('are those for the machine that told it, where one did', () => {
    const machine = { manufacturer: 'Dell Inc.', model: 'PowerEdge R650' };
    expect(codes(`{model: 'PowerEdge R650', attributes: ${wrong}}`, { ...FILE, machine })).toBe(1);
    expect(codes(`{model: 'PowerEdge R750', attributes: ${wrong}}`, { ...FILE, machine })).toBe(0);
  });

  it('say nothing of an attribute that this machine has beside those of the registry', () => {
    const machine = { manufacturer: 'Dell Inc.', model: 'PowerEdge R750' };
    expect(codes(`attributes: ${wrong}`, { ...FILE, machine, now: { BootMod: 'Bios' } })).toBe(0);
  });

  it('let a later block go over an earlier one before dependencies are looked at', () => {
    const blocks = [
      'attributes: {SysProfile: PerfOptimized, ProcTurboMode: Disabled}',
      'attributes: {SysProfile: Custom}',
    ];
    expect(checkBios(wanting(...blocks), FILE)).toEqual([]);
  });
});

describe('a registry', () => {
  it('is found in a capture, in English, and not taken for one of boot sources', () => {
    const other = { ...RESOURCE, Id: 'DellBootSourcesRegistry.v1_1_0' };
    const german = { ...RESOURCE, Language: 'de', OwningEntity: 'D' };
    const capture = {
      '/a': { Name: 'x' },
      '/de': german,
      '/en': { ...RESOURCE, Language: 'en' },
      '/boot': other,
    };
    expect(findRegistries(capture).map(({ id, owner }) => [id, owner])).toEqual([[RESOURCE.Id, 'Dell']]);
    expect(findRegistries({ resources: capture })).toHaveLength(1);
    expect(findRegistries(RESOURCE)).toHaveLength(1);
  });

  it('of any JSON is read or is none, and whatever it says, checking does not throw', () => {
    const broken = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom(null, [], {}, '', -1, 1e300, { MapFrom: [null] }),
    );
    const names = fc.constantFrom('Attributes', 'Dependencies');
    const entry = fc.record(
      {
        AttributeName: fc.oneof(fc.constantFrom('BootMode', '__proto__', 'constructor'), broken),
        Type: fc.oneof(fc.constantFrom('Enumeration', 'Integer', 'Map'), broken),
        Value: broken,
        LowerBound: broken,
        UpperBound: broken,
        ScalarIncrement: broken,
        Dependency: fc.record({
          MapFrom: broken,
          MapToAttribute: fc.constant('BootMode'),
          MapToProperty: broken,
        }),
      },
      { requiredKeys: [] },
    );
    const profile = wanting('attributes: {BootMode: 12, __proto__x: true, constructor: Uefi}');
    fc.assert(
      fc.property(
        fc.dictionary(names, fc.oneof(fc.array(fc.oneof(entry, broken)), broken)),
        broken,
        (entries, systems) => {
          const registry = readRegistry({ RegistryEntries: entries, SupportedSystems: systems });
          if (registry !== undefined) checkBios(profile, { registry, from: 'x', now: { BootMode: null } });
        },
      ),
      { numRuns: 250 },
    );
  });
});
