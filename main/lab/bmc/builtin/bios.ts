import { link, resource, type Resource } from '../resource.ts';
import { SERVICE_TAG, SYSTEM } from './places.ts';
import { BIOS_VERSION } from './versions.ts';

type Attribute =
  | readonly [name: string, value: string, options: readonly string[]]
  | readonly [name: string, value: number, range: readonly [number, number]]
  | readonly [name: string, value: string, kind: 'text' | 'fixed'];

const SWITCH = ['Enabled', 'Disabled'];

/** Attributes that a profile sets or a person looks at, named and valued as a PowerEdge names them. */
const ATTRIBUTES: readonly Attribute[] = [
  ['SystemModelName', 'PowerEdge R750', 'fixed'],
  ['SystemBiosVersion', BIOS_VERSION, 'fixed'],
  ['SystemServiceTag', SERVICE_TAG, 'fixed'],
  ['SystemManufacturer', 'Dell Inc.', 'fixed'],
  ['Proc1Id', '6-6A-6', 'fixed'],
  ['Proc1NumCores', 32, [32, 32]],
  ['Proc2NumCores', 32, [32, 32]],
  ['AssetTag', '', 'text'],
  ['MemTest', 'Disabled', SWITCH],
  ['NodeInterleave', 'Disabled', SWITCH],
  ['CorrEccSmi', 'Enabled', SWITCH],
  ['LogicalProc', 'Enabled', SWITCH],
  ['ProcVirtualization', 'Enabled', SWITCH],
  ['ProcAdjCacheLine', 'Enabled', SWITCH],
  ['ProcHwPrefetcher', 'Enabled', SWITCH],
  ['ProcX2Apic', 'Enabled', SWITCH],
  ['ProcTurboMode', 'Enabled', SWITCH],
  ['ProcCStates', 'Enabled', ['Enabled', 'Disabled', 'Autonomous']],
  ['ProcC1E', 'Enabled', SWITCH],
  ['ProcPwrPerf', 'SysDbpm', ['SysDbpm', 'MaxPerf', 'OsDbpm', 'HWPDbpm']],
  ['SubNumaCluster', 'Disabled', ['Disabled', '2-Way', '4-Way']],
  ['SriovGlobalEnable', 'Disabled', SWITCH],
  ['IntelTxt', 'Off', ['On', 'Off']],
  ['IntelSgx', 'Off', ['On', 'SwGuard', 'Off']],
  ['AesNi', 'Enabled', ['Enabled']],
  ['TpmSecurity', 'On', ['On', 'Off']],
  ['SecureBoot', 'Disabled', SWITCH],
  ['BootMode', 'Uefi', ['Uefi', 'Bios']],
  ['BootSeqRetry', 'Enabled', SWITCH],
  ['HddFailover', 'Disabled', SWITCH],
  ['GenericUsbBoot', 'Disabled', SWITCH],
  ['PxeDev1EnDis', 'Enabled', SWITCH],
  [
    'PxeDev1Interface',
    'NIC.Integrated.1-1-1',
    ['NIC.Integrated.1-1-1', 'NIC.Integrated.1-2-1', 'NIC.Embedded.1-1-1'],
  ],
  ['PxeDev2EnDis', 'Disabled', SWITCH],
  ['HttpDev1EnDis', 'Disabled', SWITCH],
  ['HttpDev1VlanId', 1, [1, 4094]],
  ['EmbSata', 'AhciMode', ['AhciMode', 'RaidMode', 'Off']],
  ['NvmeMode', 'NonRaid', ['NonRaid', 'Raid']],
  ['SerialComm', 'OnConRedir', ['OnConRedir', 'OnNoConRedir', 'Off']],
  ['FailSafeBaud', '115200', ['115200', '57600', '19200', '9600']],
  ['RedirAfterBoot', 'Enabled', SWITCH],
  [
    'SysProfile',
    'PerfPerWattOptimizedDapc',
    [
      'PerfPerWattOptimizedDapc',
      'PerfPerWattOptimizedOs',
      'PerfOptimized',
      'PerfWorkStationOptimized',
      'Custom',
    ],
  ],
  [
    'WorkloadProfile',
    'NotAvailable',
    [
      'NotAvailable',
      'HpcProfile',
      'LowLatencyOptimizedProfile',
      'VtOptimizedProfile',
      'VtPerWattOptimizedProfile',
    ],
  ],
  ['AcPwrRcvry', 'Last', ['Last', 'On', 'Off']],
  ['AcPwrRcvryDelay', 'Immediate', ['Immediate', 'Random', 'User']],
  ['AcPwrRcvryUserDelay', 120, [120, 600]],
  ['ErrPrompt', 'Enabled', SWITCH],
];

/** Attributes that can be set only while the system profile is Custom, as on a PowerEdge. */
const OF_CUSTOM = ['ProcC1E', 'ProcPwrPerf'];

/** The BIOS resource, its settings and its attribute registry. */
export function biosResources(): readonly Resource[] {
  const uri = `${SYSTEM}/Bios`;
  return [
    resource(uri, 'Bios.v1_2_0', {
      Name: 'BIOS Configuration Current Settings',
      AttributeRegistry: 'BiosAttributeRegistry.v1_0_3',
      Attributes: Object.fromEntries(ATTRIBUTES.map(([name, value]) => [name, value])),
      '@Redfish.Settings': {
        '@odata.type': '#Settings.v1_3_3.Settings',
        SettingsObject: link(`${uri}/Settings`),
        SupportedApplyTimes: ['OnReset', 'AtMaintenanceWindowStart', 'InMaintenanceWindowOnReset'],
      },
      Actions: { '#Bios.ResetBios': { target: `${uri}/Actions/Bios.ResetBios` } },
    }),
    resource(`${uri}/Settings`, 'Bios.v1_2_0', {
      Name: 'BIOS Configuration Pending Settings',
      AttributeRegistry: 'BiosAttributeRegistry.v1_0_3',
      Attributes: {},
      Actions: {
        Oem: {
          'DellManager.v1_0_0#DellManager.ClearPending': {
            target: `${uri}/Settings/Actions/Oem/DellManager.ClearPending`,
          },
        },
      },
    }),
    resource(`${uri}/BiosRegistry`, 'AttributeRegistry.v1_3_6', {
      Id: 'BiosAttributeRegistry.v1_0_3',
      Name: 'BIOS Attribute Registry',
      Language: 'en',
      OwningEntity: 'Dell',
      RegistryVersion: '1.0.3',
      RegistryEntries: {
        Attributes: ATTRIBUTES.map(entry),
        Dependencies: OF_CUSTOM.map(dependency),
        Menus: [],
      },
    }),
  ];
}

function dependency(name: string): Resource {
  const from = {
    MapFromAttribute: 'SysProfile',
    MapFromCondition: 'NEQ',
    MapFromProperty: 'CurrentValue',
    MapFromValue: 'Custom',
  };
  const Dependency = { MapFrom: [from], MapToAttribute: name, MapToProperty: 'ReadOnly', MapToValue: true };
  return { DependencyFor: name, Type: 'Map', Dependency };
}

function entry([name, value, kind]: Attribute, index: number): Resource {
  const common = {
    AttributeName: name,
    DisplayName: name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, ' '),
    DisplayOrder: 100 + index,
    CurrentValue: null,
    Hidden: false,
    Immutable: kind === 'fixed',
    ReadOnly: kind === 'fixed' || /^Proc\dNumCores$/.test(name) || OF_CUSTOM.includes(name),
    ResetRequired: true,
    WriteOnly: false,
  };
  if (typeof value === 'number')
    return { ...common, Type: 'Integer', LowerBound: kind[0], UpperBound: kind[1], ScalarIncrement: 1 };
  if (typeof kind === 'string') return { ...common, Type: 'String', MinLength: 0, MaxLength: 63 };
  const options = kind.map((option) => ({ ValueDisplayName: String(option), ValueName: option }));
  return { ...common, Type: 'Enumeration', Value: options };
}
