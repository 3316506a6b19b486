import { collection, link, resource, type Resource } from '../resource.ts';
import { BIOS_VERSION } from './versions.ts';
import { BMC_MAC, CHASSIS, MANAGER, OK, OK_ROLLUP, ROOT, SERVICE_TAG, SYSTEM } from './places.ts';

const SERVICES = {
  AccountService: 'AccountService',
  CertificateService: 'CertificateService',
  Chassis: 'Chassis',
  JobService: 'JobService',
  Managers: 'Managers',
  SessionService: 'SessionService',
  Systems: 'Systems',
  Tasks: 'TaskService',
  UpdateService: 'UpdateService',
} as const;

/** Service root and OData service document. */
export function rootResources(): readonly Resource[] {
  const services = Object.entries(SERVICES);
  return [
    resource(ROOT, 'ServiceRoot.v1_10_0', {
      Id: 'RootService',
      Name: 'Root Service',
      Product: 'Integrated Dell Remote Access Controller',
      Vendor: 'Dell',
      RedfishVersion: '1.13.1',
      ProtocolFeaturesSupported: {
        DeepOperations: { DeepPATCH: false, DeepPOST: false },
        ExcerptQuery: false,
        ExpandQuery: { ExpandAll: true, Levels: true, Links: true, MaxLevels: 1, NoLinks: true },
        FilterQuery: true,
        OnlyMemberQuery: true,
        SelectQuery: true,
      },
      ...Object.fromEntries(services.map(([name, path]) => [name, link(`${ROOT}/${path}`)])),
      Links: { Sessions: link(`${ROOT}/SessionService/Sessions`) },
      Oem: {
        Dell: {
          '@odata.type': '#DellServiceRoot.v1_0_0.DellServiceRoot',
          IsBranded: 0,
          ManagerMACAddress: BMC_MAC,
          ServiceTag: SERVICE_TAG,
        },
      },
    }),
    {
      '@odata.id': `${ROOT}/odata`,
      '@odata.context': `${ROOT}/$metadata`,
      value: [
        { kind: 'Singleton', name: 'Service', url: ROOT },
        ...services.map(([name, path]) => ({ kind: 'Singleton', name, url: `${ROOT}/${path}` })),
      ],
    },
    collection(`${ROOT}/Systems`, 'ComputerSystemCollection', [SYSTEM]),
  ];
}

/** The system, its processors, memory and boot options. */
export function systemResources(): readonly Resource[] {
  const cpus = [1, 2].map(processor);
  const dimms = ['A', 'B'].flatMap((bank) => [1, 2, 3, 4].map((slot) => dimm(bank, slot)));
  const boots = BOOT_OPTIONS.map(([reference, name, path]) => bootOption(reference, name, path));
  return [
    system(),
    collection(`${SYSTEM}/Processors`, 'ProcessorCollection', cpus.map(uriOf)),
    ...cpus,
    collection(`${SYSTEM}/Memory`, 'MemoryCollection', dimms.map(uriOf)),
    ...dimms,
    collection(`${SYSTEM}/BootOptions`, 'BootOptionCollection', boots.map(uriOf)),
    ...boots,
    resource(`${SYSTEM}/SecureBoot`, 'SecureBoot.v1_1_0', {
      Name: 'UEFI Secure Boot',
      SecureBootCurrentBoot: 'Disabled',
      SecureBootEnable: false,
      SecureBootMode: 'DeployedMode',
    }),
  ];
}

/** The URI of a resource made here. */
export function uriOf(made: Resource): string {
  return String(made['@odata.id']);
}

const BOOT_OPTIONS = [
  [
    'Boot0000',
    'PXE Device 1: Integrated NIC 1 Port 1 Partition 1',
    'PciRoot(0x2)/Pci(0x4,0x0)/Pci(0x0,0x0)/MAC(02005E0B0101,0x1)',
  ],
  ['Boot0001', 'BOSS-S2 Virtual Disk 0: Debian', 'PciRoot(0x0)/Pci(0x1C,0x4)/Pci(0x0,0x0)/HD(1,GPT)'],
  ['Boot0002', 'Virtual Optical Drive', 'PciRoot(0x0)/Pci(0x14,0x0)/USB(0xD,0x0)'],
] as const;

function system(): Resource {
  return resource(SYSTEM, 'ComputerSystem.v1_16_0', {
    Name: 'System',
    Manufacturer: 'Dell Inc.',
    Model: 'PowerEdge R750',
    PartNumber: '06V45NA05',
    SystemType: 'Physical',
    SKU: SERVICE_TAG,
    SerialNumber: SERVICE_TAG,
    UUID: '4c4c4544-004c-5410-8049-c2c04f303131',
    AssetTag: '',
    HostName: 'builtin-host',
    BiosVersion: BIOS_VERSION,
    IndicatorLED: 'Lit',
    PowerState: 'On',
    LastResetTime: '2026-01-01T00:00:00+00:00',
    Status: OK_ROLLUP,
    ProcessorSummary: {
      Count: 2,
      CoreCount: 64,
      LogicalProcessorCount: 128,
      Model: CPU_MODEL,
      Status: OK_ROLLUP,
    },
    MemorySummary: { TotalSystemMemoryGiB: 256, MemoryMirroring: 'System', Status: OK_ROLLUP },
    Boot: {
      BootOptions: link(`${SYSTEM}/BootOptions`),
      BootOrder: BOOT_OPTIONS.map(([reference]) => reference),
      BootSourceOverrideEnabled: 'Disabled',
      BootSourceOverrideMode: 'UEFI',
      BootSourceOverrideTarget: 'None',
      'BootSourceOverrideTarget@Redfish.AllowableValues': [
        ...[
          'None',
          'Pxe',
          'Floppy',
          'Cd',
          'Hdd',
          'BiosSetup',
          'Utilities',
          'UefiTarget',
          'SDCard',
          'UefiHttp',
        ],
      ],
      UefiTargetBootSourceOverride: null,
    },
    Bios: link(`${SYSTEM}/Bios`),
    EthernetInterfaces: link(`${SYSTEM}/EthernetInterfaces`),
    Memory: link(`${SYSTEM}/Memory`),
    NetworkInterfaces: link(`${SYSTEM}/NetworkInterfaces`),
    Processors: link(`${SYSTEM}/Processors`),
    SecureBoot: link(`${SYSTEM}/SecureBoot`),
    Storage: link(`${SYSTEM}/Storage`),
    VirtualMedia: link(`${SYSTEM}/VirtualMedia`),
    Links: { Chassis: [link(CHASSIS)], ManagedBy: [link(MANAGER)] },
    Actions: {
      '#ComputerSystem.Reset': {
        target: `${SYSTEM}/Actions/ComputerSystem.Reset`,
        'ResetType@Redfish.AllowableValues': [
          ...[
            'On',
            'ForceOff',
            'ForceRestart',
            'GracefulRestart',
            'GracefulShutdown',
            'PushPowerButton',
            'Nmi',
            'PowerCycle',
          ],
        ],
      },
    },
  });
}

const CPU_MODEL = 'Intel(R) Xeon(R) Gold 6338 CPU @ 2.00GHz';

function processor(number: number): Resource {
  return resource(`${SYSTEM}/Processors/CPU.Socket.${number}`, 'Processor.v1_12_0', {
    Name: `CPU ${number}`,
    Socket: `CPU.Socket.${number}`,
    ProcessorType: 'CPU',
    ProcessorArchitecture: 'x86',
    InstructionSet: 'x86-64',
    Manufacturer: 'Intel',
    Model: CPU_MODEL,
    MaxSpeedMHz: 4000,
    OperatingSpeedMHz: 2000,
    TotalCores: 32,
    TotalEnabledCores: 32,
    TotalThreads: 64,
    ProcessorId: { VendorId: 'GenuineIntel', EffectiveFamily: '6', EffectiveModel: '106', Step: '6' },
    Status: OK,
  });
}

function dimm(bank: string, slot: number): Resource {
  return resource(`${SYSTEM}/Memory/DIMM.Socket.${bank}${slot}`, 'Memory.v1_12_0', {
    Name: `DIMM ${bank}${slot}`,
    DeviceLocator: `DIMM ${bank}${slot}`,
    MemoryType: 'DRAM',
    MemoryDeviceType: 'DDR4',
    BaseModuleType: 'RDIMM',
    CapacityMiB: 32_768,
    OperatingSpeedMhz: 3200,
    AllowedSpeedsMHz: [3200],
    ErrorCorrection: 'MultiBitECC',
    RankCount: 2,
    Manufacturer: 'Micron Technology',
    PartNumber: '36ASF4G72PZ-3G2E1',
    SerialNumber: `3C0FD1${bank}${slot}`,
    Status: OK,
  });
}

function bootOption(reference: string, name: string, path: string): Resource {
  return resource(`${SYSTEM}/BootOptions/${reference}`, 'BootOption.v1_0_4', {
    Name: 'Uefi Boot Option',
    BootOptionEnabled: true,
    BootOptionReference: reference,
    DisplayName: name,
    UefiDevicePath: path,
  });
}
