import { collection, link, resource, type Resource } from '../resource.ts';
import { BMC_MAC, CHASSIS, MANAGER, OK, ROOT, SYSTEM } from './places.ts';
import { IDRAC_VERSION } from './versions.ts';

const DELL = `${MANAGER}/Oem/Dell`;
const LICENSE = 'FD00000099000001';

/** The iDRAC: its network, virtual media, job services, licence and certificate. */
export function managerResources(): readonly Resource[] {
  return [
    collection(`${ROOT}/Managers`, 'ManagerCollection', [MANAGER]),
    manager(),
    collection(`${MANAGER}/EthernetInterfaces`, 'EthernetInterfaceCollection', [
      `${MANAGER}/EthernetInterfaces/NIC.1`,
    ]),
    resource(`${MANAGER}/EthernetInterfaces/NIC.1`, 'EthernetInterface.v1_6_4', {
      Name: 'Manager Ethernet Interface',
      HostName: 'builtin-host-bmc',
      MACAddress: BMC_MAC,
      PermanentMACAddress: BMC_MAC,
      IPv4Addresses: [
        {
          Address: '192.0.2.120',
          AddressOrigin: 'Static',
          Gateway: '192.0.2.1',
          SubnetMask: '255.255.255.0',
        },
      ],
      IPv6Addresses: [],
      InterfaceEnabled: true,
      SpeedMbps: 1000,
      VLAN: { VLANEnable: false, VLANId: 1 },
      Status: OK,
    }),
    resource(`${MANAGER}/NetworkProtocol`, 'ManagerNetworkProtocol.v1_8_1', {
      Name: 'Manager Network Protocol',
      HostName: 'builtin-host-bmc',
      HTTPS: { ProtocolEnabled: true, Port: 443 },
      SSH: { ProtocolEnabled: true, Port: 22 },
      IPMI: { ProtocolEnabled: false, Port: 623 },
      NTP: { ProtocolEnabled: false, NTPServers: [] },
      Status: OK,
    }),
    ...media(`${SYSTEM}/VirtualMedia`, ['1', '2'], ['CD', 'DVD', 'USBStick']),
    ...media(`${MANAGER}/VirtualMedia`, ['CD'], ['CD', 'DVD'], ['RemovableDisk']),
    ...jobServices(),
    ...license(),
    ...certificates(),
  ];
}

function manager(): Resource {
  return resource(MANAGER, 'Manager.v1_12_0', {
    Name: 'Manager',
    ManagerType: 'BMC',
    Model: '15G Monolithic',
    FirmwareVersion: IDRAC_VERSION,
    UUID: '3430424f-c0b5-3080-4c10-00444c4c4544',
    DateTime: '2026-01-01T00:00:00+00:00',
    DateTimeLocalOffset: '+00:00',
    PowerState: 'On',
    Status: OK,
    EthernetInterfaces: link(`${MANAGER}/EthernetInterfaces`),
    NetworkProtocol: link(`${MANAGER}/NetworkProtocol`),
    VirtualMedia: link(`${MANAGER}/VirtualMedia`),
    Links: {
      ManagerForServers: [link(SYSTEM)],
      ManagerForChassis: [link(CHASSIS)],
      Oem: {
        Dell: {
          '@odata.type': '#DellOem.v1_3_0.DellOemLinks',
          DellJobService: link(`${DELL}/DellJobService`),
          DellLicenseCollection: link(`${DELL}/DellLicenses`),
          DellSwitchConnectionCollection: link(`${SYSTEM}/NetworkPorts/Oem/Dell/DellSwitchConnections`),
          Jobs: link(`${DELL}/Jobs`),
        },
      },
    },
    Actions: {
      '#Manager.Reset': {
        target: `${MANAGER}/Actions/Manager.Reset`,
        'ResetType@Redfish.AllowableValues': ['GracefulRestart'],
      },
    },
  });
}

/** Slots of one collection; further ids are removable disks. */
function media(
  uri: string,
  ids: readonly string[],
  types: readonly string[],
  disks: readonly string[] = [],
): Resource[] {
  const slot = (id: string, mediaTypes: readonly string[]) =>
    resource(`${uri}/${id}`, 'VirtualMedia.v1_4_0', {
      Name: /^\d/.test(id) ? `VirtualMedia Instance ${id}` : `Virtual ${id}`,
      MediaTypes: mediaTypes,
      ConnectedVia: 'NotConnected',
      Image: null,
      ImageName: null,
      Inserted: false,
      Password: null,
      TransferMethod: null,
      TransferProtocolType: null,
      UserName: null,
      WriteProtected: true,
      Actions: {
        '#VirtualMedia.EjectMedia': { target: `${uri}/${id}/Actions/VirtualMedia.EjectMedia` },
        '#VirtualMedia.InsertMedia': { target: `${uri}/${id}/Actions/VirtualMedia.InsertMedia` },
      },
    });
  const all = [...disks, ...ids];
  return [
    collection(
      uri,
      'VirtualMediaCollection',
      all.map((id) => `${uri}/${id}`),
    ),
    ...ids.map((id) => slot(id, types)),
    ...disks.map((id) => slot(id, ['USBStick'])),
  ];
}

function jobServices(): readonly Resource[] {
  return [
    resource(`${ROOT}/JobService`, 'JobService.v1_0_4', {
      Name: 'Job Service',
      DateTime: '2026-01-01T00:00:00+00:00',
      ServiceEnabled: true,
      ServiceCapabilities: { MaxJobs: 256, MaxSteps: 1, Scheduling: true },
      Jobs: link(`${ROOT}/JobService/Jobs`),
      Status: OK,
    }),
    resource(`${DELL}/DellJobService`, 'DellJobService.v1_2_0', {
      Name: 'DellJobService',
      MaximumNumberOfJobs: 256,
      Actions: {
        '#DellJobService.DeleteJobQueue': {
          target: `${DELL}/DellJobService/Actions/DellJobService.DeleteJobQueue`,
        },
      },
    }),
  ];
}

function license(): readonly Resource[] {
  const made = resource(`${DELL}/DellLicenses/${LICENSE}`, 'DellLicense.v1_2_0', {
    Name: 'DellLicense',
    EntitlementID: LICENSE,
    AssignedDevices: ['iDRAC.Embedded.1'],
    LicenseDescription: ['iDRAC9 15g Enterprise License'],
    LicensePrimaryStatus: 'OK',
    LicenseType: 'Perpetual',
    LicenseStartDate: null,
    LicenseEndDate: null,
  });
  return [collection(`${DELL}/DellLicenses`, 'DellLicenseCollection', [made]), made];
}

function certificates(): readonly Resource[] {
  const uri = `${ROOT}/CertificateService`;
  const own = `${MANAGER}/NetworkProtocol/HTTPS/Certificates`;
  return [
    resource(uri, 'CertificateService.v1_0_3', {
      Name: 'Certificate Service',
      CertificateLocations: link(`${uri}/CertificateLocations`),
    }),
    resource(`${uri}/CertificateLocations`, 'CertificateLocations.v1_0_2', {
      Name: 'Certificate Locations',
      Links: { Certificates: [link(`${own}/SecurityCertificate.1`)] },
    }),
    collection(own, 'CertificateCollection', [`${own}/SecurityCertificate.1`]),
    resource(`${own}/SecurityCertificate.1`, 'Certificate.v1_5_0', {
      Name: 'SSL Certificate',
      CertificateUsageTypes: ['Web'],
      Subject: { CommonName: 'builtin-host', Organization: 'Bringup BMC simulator' },
      ValidNotBefore: '2026-01-01T00:00:00Z',
      ValidNotAfter: '2046-01-01T00:00:00Z',
    }),
  ];
}
