/** A Redfish resource as JSON. */
export type RedfishResource = Readonly<Record<string, unknown>>;

/** What the simulator remembers of one machine between requests and restarts. */
export interface BmcState {
  readonly powerState: 'On' | 'Off';
  readonly bootTarget: string;
  readonly bootEnabled: 'Disabled' | 'Once' | 'Continuous';
  readonly lastReset: string;
}

/** One machine as its BMC tells it. */
export interface BmcMachine {
  readonly name: string;
  readonly serial: string;
  readonly macs: readonly string[];
  readonly bmcAddress: string;
}

/** What a machine's BMC says before anything was done to it. */
export const INITIAL_STATE: BmcState = {
  powerState: 'On',
  bootTarget: 'None',
  bootEnabled: 'Disabled',
  lastReset: '2026-01-01T00:00:00Z',
};

/** ResetType values the simulator accepts, as DSP0268 names them. */
export const RESET_TYPES = [
  'On',
  'ForceOff',
  'GracefulShutdown',
  'ForceRestart',
  'GracefulRestart',
  'PowerCycle',
] as const;

/** Boot targets the simulator accepts. */
export const BOOT_TARGETS = ['None', 'Pxe', 'Cd', 'Hdd', 'BiosSetup', 'UefiHttp'] as const;

export const SYSTEM = '/redfish/v1/Systems/System.Embedded.1';
const CHASSIS = '/redfish/v1/Chassis/System.Embedded.1';
const MANAGER = '/redfish/v1/Managers/iDRAC.Embedded.1';
const OK = { State: 'Enabled', Health: 'OK', HealthRollup: 'OK' };

/** The resource tree of one machine by URI, the shape of a PowerEdge R750 with an iDRAC 9, cut down to what a first discovery reads. */
export function redfishResources(machine: BmcMachine, state: BmcState): ReadonlyMap<string, RedfishResource> {
  const nics = machine.macs.map((mac, index) => nic(mac, index + 1));
  return new Map<string, RedfishResource>(
    [
      serviceRoot(machine),
      collection('/redfish/v1/Systems', 'ComputerSystemCollection', [SYSTEM]),
      collection('/redfish/v1/Chassis', 'ChassisCollection', [CHASSIS]),
      collection('/redfish/v1/Managers', 'ManagerCollection', [MANAGER]),
      system(machine, state),
      collection(`${SYSTEM}/EthernetInterfaces`, 'EthernetInterfaceCollection', nics.map(uriOf)),
      ...nics,
      chassis(machine, state),
      manager(),
      resource('/redfish/v1/SessionService', '#SessionService.v1_1_8.SessionService', {
        Name: 'Session Service',
        ServiceEnabled: true,
        SessionTimeout: 1800,
        Sessions: link('/redfish/v1/SessionService/Sessions'),
      }),
    ].map((entry) => [uriOf(entry), entry]),
  );
}

/** A collection resource listing its members. */
export function collection(uri: string, type: string, members: readonly string[]): RedfishResource {
  return resource(uri, `#${type}.${type}`, {
    Name: type.replace(/([a-z])([A-Z])/g, '$1 $2'),
    'Members@odata.count': members.length,
    Members: members.map(link),
  });
}

/** A resource with its identity; `Id` is the last segment of its URI. */
export function resource(uri: string, type: string, properties: RedfishResource): RedfishResource {
  return { '@odata.id': uri, '@odata.type': type, Id: uri.split('/').at(-1), ...properties };
}

function serviceRoot(machine: BmcMachine): RedfishResource {
  return resource('/redfish/v1', '#ServiceRoot.v1_10_0.ServiceRoot', {
    Id: 'RootService',
    Name: 'Root Service',
    Product: 'Integrated Dell Remote Access Controller',
    Vendor: 'Dell',
    RedfishVersion: '1.13.1',
    Systems: link('/redfish/v1/Systems'),
    Chassis: link('/redfish/v1/Chassis'),
    Managers: link('/redfish/v1/Managers'),
    SessionService: link('/redfish/v1/SessionService'),
    Links: { Sessions: link('/redfish/v1/SessionService/Sessions') },
    Oem: { Dell: { '@odata.type': '#DellServiceRoot.v1_0_0.DellServiceRoot', ServiceTag: machine.serial } },
  });
}

function system(machine: BmcMachine, state: BmcState): RedfishResource {
  return resource(SYSTEM, '#ComputerSystem.v1_16_0.ComputerSystem', {
    Name: 'System',
    Manufacturer: 'Dell Inc.',
    Model: 'PowerEdge R750',
    SystemType: 'Physical',
    SKU: machine.serial,
    SerialNumber: machine.serial,
    BiosVersion: '1.8.2',
    HostName: machine.name,
    PowerState: state.powerState,
    LastResetTime: state.lastReset,
    Status: OK,
    ProcessorSummary: {
      Count: 2,
      CoreCount: 64,
      LogicalProcessorCount: 128,
      Model: 'Intel(R) Xeon(R) Gold 6338 CPU @ 2.00GHz',
      Status: OK,
    },
    MemorySummary: { TotalSystemMemoryGiB: 256, Status: OK },
    Boot: {
      BootSourceOverrideEnabled: state.bootEnabled,
      BootSourceOverrideTarget: state.bootTarget,
      BootSourceOverrideMode: 'UEFI',
      'BootSourceOverrideTarget@Redfish.AllowableValues': BOOT_TARGETS,
    },
    EthernetInterfaces: link(`${SYSTEM}/EthernetInterfaces`),
    Links: { Chassis: [link(CHASSIS)], ManagedBy: [link(MANAGER)] },
    Actions: {
      '#ComputerSystem.Reset': {
        target: `${SYSTEM}/Actions/ComputerSystem.Reset`,
        'ResetType@Redfish.AllowableValues': RESET_TYPES,
      },
    },
  });
}

function chassis(machine: BmcMachine, state: BmcState): RedfishResource {
  return resource(CHASSIS, '#Chassis.v1_16_0.Chassis', {
    Name: 'Computer System Chassis',
    ChassisType: 'RackMount',
    Manufacturer: 'Dell Inc.',
    Model: 'PowerEdge R750',
    SKU: machine.serial,
    SerialNumber: machine.serial,
    PowerState: state.powerState,
    Status: OK,
    Links: { ComputerSystems: [link(SYSTEM)], ManagedBy: [link(MANAGER)] },
  });
}

function manager(): RedfishResource {
  return resource(MANAGER, '#Manager.v1_12_0.Manager', {
    Name: 'Manager',
    ManagerType: 'BMC',
    Model: '16G Monolithic',
    FirmwareVersion: '6.10.30.00',
    DateTime: new Date().toISOString(),
    PowerState: 'On',
    Status: OK,
    Links: { ManagerForServers: [link(SYSTEM)], ManagerForChassis: [link(CHASSIS)] },
  });
}

function nic(mac: string, number: number): RedfishResource {
  const id = `NIC.Embedded.${number}-1-1`;
  return resource(`${SYSTEM}/EthernetInterfaces/${id}`, '#EthernetInterface.v1_6_2.EthernetInterface', {
    Name: 'System Ethernet Interface',
    MACAddress: mac,
    PermanentMACAddress: mac,
    SpeedMbps: 10_000,
    LinkStatus: 'LinkUp',
    Status: OK,
  });
}

function link(uri: string): RedfishResource {
  return { '@odata.id': uri };
}

function uriOf(entry: RedfishResource): string {
  return String(entry['@odata.id']);
}
