import { collection, link, resource, type Resource } from '../resource.ts';
import { CHASSIS, OK, OK_ROLLUP, SYSTEM } from './places.ts';
import { uriOf } from './system.ts';
import { NIC_VERSION } from './versions.ts';

interface Adapter {
  readonly id: string;
  readonly model: string;
  readonly firmware: string;
  readonly speed: number;
  /** Ports by the first and second number of their ids; only cabled ones have a link. */
  readonly ports: readonly { readonly id: string; readonly mac: string; readonly isUp: boolean }[];
}

const ADAPTERS: readonly Adapter[] = [
  {
    id: 'NIC.Integrated.1',
    model: 'BRCM 2P 25G SFP 57414S OCP NIC',
    firmware: NIC_VERSION,
    speed: 25_000,
    ports: [
      { id: 'NIC.Integrated.1-1', mac: '02:00:5e:0b:01:01', isUp: true },
      { id: 'NIC.Integrated.1-2', mac: '02:00:5e:0b:01:02', isUp: true },
    ],
  },
  {
    id: 'NIC.Embedded.1',
    model: 'PowerEdge Rx5xx LOM Board',
    firmware: '21.80.9',
    speed: 1000,
    ports: [
      { id: 'NIC.Embedded.1-1', mac: '02:00:5e:0b:02:01', isUp: false },
      { id: 'NIC.Embedded.2-1', mac: '02:00:5e:0b:02:02', isUp: false },
    ],
  },
];

const ADAPTER_ROOT = `${CHASSIS}/NetworkAdapters`;
const CONNECTIONS = `${SYSTEM}/NetworkPorts/Oem/Dell/DellSwitchConnections`;

/** Two adapters with two ports each, as adapters, as ports, as functions and as interfaces of the system, and their switch connections. */
export function networkResources(): readonly Resource[] {
  const ports = ADAPTERS.flatMap((adapter) => adapter.ports);
  const connections = ports.map(({ id }) => switchConnection(`${id}-1`));
  return [
    collection(
      ADAPTER_ROOT,
      'NetworkAdapterCollection',
      ADAPTERS.map(({ id }) => `${ADAPTER_ROOT}/${id}`),
    ),
    collection(
      `${SYSTEM}/NetworkInterfaces`,
      'NetworkInterfaceCollection',
      ADAPTERS.map(({ id }) => `${SYSTEM}/NetworkInterfaces/${id}`),
    ),
    collection(
      `${SYSTEM}/EthernetInterfaces`,
      'EthernetInterfaceCollection',
      ports.map(({ id }) => `${SYSTEM}/EthernetInterfaces/${id}-1`),
    ),
    ...ADAPTERS.flatMap(adapterResources),
    collection(CONNECTIONS, 'DellSwitchConnectionCollection', connections),
    ...connections,
  ];
}

function adapterResources(adapter: Adapter): readonly Resource[] {
  const uri = `${ADAPTER_ROOT}/${adapter.id}`;
  const ports = adapter.ports.map((port) =>
    resource(`${uri}/NetworkPorts/${port.id}`, 'NetworkPort.v1_4_1', {
      Name: 'Network Port View',
      ActiveLinkTechnology: 'Ethernet',
      AssociatedNetworkAddresses: [port.mac],
      CurrentLinkSpeedMbps: port.isUp ? adapter.speed : 0,
      LinkStatus: port.isUp ? 'Up' : 'Down',
      PhysicalPortNumber: port.id.split('-').at(-1),
      SupportedLinkCapabilities: [
        { AutoSpeedNegotiation: true, LinkNetworkTechnology: 'Ethernet', LinkSpeedMbps: adapter.speed },
      ],
      Status: OK_ROLLUP,
    }),
  );
  const functions = adapter.ports.map((port) =>
    resource(`${uri}/NetworkDeviceFunctions/${port.id}-1`, 'NetworkDeviceFunction.v1_7_0', {
      Name: 'NetworkDeviceFunction',
      NetDevFuncType: 'Ethernet',
      NetDevFuncCapabilities: ['Disabled', 'Ethernet'],
      Ethernet: { MACAddress: port.mac, PermanentMACAddress: port.mac },
      Links: { PhysicalPortAssignment: link(`${uri}/NetworkPorts/${port.id}`) },
      Status: OK_ROLLUP,
    }),
  );
  return [
    resource(uri, 'NetworkAdapter.v1_7_0', {
      Name: 'Network Adapter View',
      Manufacturer: 'Broadcom Inc. and subsidiaries',
      Model: adapter.model,
      SerialNumber: adapter.id.includes('Integrated') ? 'MYFLM1C1A3019' : 'MYFLM1C1E0255',
      Controllers: [
        {
          FirmwarePackageVersion: adapter.firmware,
          ControllerCapabilities: {
            NetworkPortCount: ports.length,
            NetworkDeviceFunctionCount: functions.length,
          },
          Links: {
            NetworkPorts: ports.map((port) => link(uriOf(port))),
            NetworkDeviceFunctions: functions.map((one) => link(uriOf(one))),
          },
        },
      ],
      NetworkPorts: link(`${uri}/NetworkPorts`),
      NetworkDeviceFunctions: link(`${uri}/NetworkDeviceFunctions`),
      Status: OK_ROLLUP,
    }),
    collection(`${uri}/NetworkPorts`, 'NetworkPortCollection', ports.map(uriOf)),
    ...ports,
    collection(`${uri}/NetworkDeviceFunctions`, 'NetworkDeviceFunctionCollection', functions.map(uriOf)),
    ...functions,
    resource(`${SYSTEM}/NetworkInterfaces/${adapter.id}`, 'NetworkInterface.v1_2_1', {
      Name: 'Network Interface View',
      Links: { NetworkAdapter: link(uri) },
      NetworkPorts: link(`${uri}/NetworkPorts`),
      NetworkDeviceFunctions: link(`${uri}/NetworkDeviceFunctions`),
      Status: OK_ROLLUP,
    }),
    ...adapter.ports.map((port) =>
      resource(`${SYSTEM}/EthernetInterfaces/${port.id}-1`, 'EthernetInterface.v1_6_4', {
        Name: 'System Ethernet Interface',
        EthernetInterfaceType: 'Physical',
        MACAddress: port.mac,
        PermanentMACAddress: port.mac,
        LinkStatus: port.isUp ? 'LinkUp' : 'LinkDown',
        SpeedMbps: port.isUp ? adapter.speed : 0,
        AutoNeg: true,
        FullDuplex: port.isUp,
        InterfaceEnabled: true,
        IPv4Addresses: [],
        IPv6Addresses: [],
        Links: { Chassis: link(CHASSIS) },
        Status: OK,
      }),
    ),
  ];
}

/** What LLDP told of a port's other end, in Dell's own form. */
function switchConnection(id: string): Resource {
  return resource(`${CONNECTIONS}/${id}`, 'DellSwitchConnection.v1_1_0', {
    Name: 'DellSwitchConnection',
    FQDD: id,
    InstanceID: id,
    StaleData: 'NotStale',
    SwitchConnectionID: 'No Link',
    SwitchPortConnectionID: 'No Link',
  });
}
