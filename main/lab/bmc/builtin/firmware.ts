import { collection, link, resource, type Resource } from '../resource.ts';
import { OK, UPDATE } from './places.ts';
import { uriOf } from './system.ts';
import {
  BIOS_VERSION,
  BOSS_VERSION,
  IDRAC_VERSION,
  NIC_VERSION,
  PSU_VERSION,
  RAID_VERSION,
} from './versions.ts';

const INSTALLED = [
  ['159', BIOS_VERSION, 'BIOS.Setup.1-1', 'BIOS'],
  ['25227', IDRAC_VERSION, 'iDRAC.Embedded.1-1', 'Integrated Dell Remote Access Controller'],
  ['27763', '1.0.6', 'CPLD.Embedded.1', 'System CPLD'],
  ['104298', RAID_VERSION, 'RAID.SL.3-1', 'PERC H755 Front'],
  ['106018', BOSS_VERSION, 'AHCI.SL.6-1', 'BOSS-S2'],
  ['108089', NIC_VERSION, 'NIC.Integrated.1-1-1', 'Broadcom Adv. Dual 25Gb Ethernet'],
  ['108255', '21.80.9', 'NIC.Embedded.1-1-1', 'Broadcom Gigabit Ethernet BCM5720'],
  ['108076', PSU_VERSION, 'PSU.Slot.1', 'PSU.Slot.1'],
  ['108076', PSU_VERSION, 'PSU.Slot.2', 'PSU.Slot.2'],
  ['109673', '7.2.2.0', 'TPM.Integrated.1-1', 'TPM'],
] as const;

/** The update service and what is installed. */
export function firmwareResources(): readonly Resource[] {
  const inventory = `${UPDATE}/FirmwareInventory`;
  const items = INSTALLED.map(([id, version, place, name]) =>
    resource(`${inventory}/Installed-${id}-${version}__${place}`, 'SoftwareInventory.v1_4_0', {
      Name: name,
      SoftwareId: id,
      Version: version,
      Updateable: name !== 'TPM',
      Status: OK,
    }),
  );
  return [
    resource(UPDATE, 'UpdateService.v1_9_0', {
      Name: 'Update Service',
      ServiceEnabled: true,
      FirmwareInventory: link(inventory),
      SoftwareInventory: link(`${UPDATE}/SoftwareInventory`),
      HttpPushUri: inventory,
      MultipartHttpPushUri: `${UPDATE}/MultipartUpload`,
      Status: OK,
      Actions: {
        '#UpdateService.SimpleUpdate': {
          target: `${UPDATE}/Actions/UpdateService.SimpleUpdate`,
          'TransferProtocol@Redfish.AllowableValues': ['HTTP', 'NFS', 'CIFS', 'TFTP', 'HTTPS'],
        },
      },
    }),
    collection(inventory, 'SoftwareInventoryCollection', items.map(uriOf)),
    ...items,
    collection(`${UPDATE}/SoftwareInventory`, 'SoftwareInventoryCollection', []),
  ];
}
