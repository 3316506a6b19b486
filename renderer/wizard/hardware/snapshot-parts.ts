import type { HardwareSnapshot, NicPort } from '../../../src/contract/hardware.ts';
import { hardwareText as text } from '../../text/hardware.ts';

type Rows = readonly (readonly (string | undefined)[])[];

/** The parts of a machine as rows of words, in the order in which an engineer asks for them. */
export function partsOf(snapshot: HardwareSnapshot): readonly (readonly [string, Rows])[] {
  const { sections: name } = text;
  return [
    [name.nics, snapshot.nics.map(nicRow)],
    [name.disks, diskRows(snapshot)],
    [name.dimms, dimmRows(snapshot)],
    [name.processors, processorRows(snapshot)],
    [
      name.accelerators,
      snapshot.accelerators.map((one) => [one.id, one.kind, one.model, text.health(one.health)]),
    ],
    [name.controllers, controllerRows(snapshot)],
    [name.supplies, supplyRows(snapshot)],
    [name.firmware, snapshot.firmware.map((one) => [one.name, one.version])],
    [name.jobs, snapshot.jobs.map((one) => [one.id, one.name, one.state, one.message])],
    [name.media, mediaRows(snapshot)],
    [name.gaps, snapshot.gaps.map((one) => [one.what, one.reason, one.uri])],
  ];
}

/** BIOS attributes by name; one that waits for a restart says so. */
export function attributeRows({ bios }: HardwareSnapshot): readonly (readonly [string, string, string])[] {
  const names = new Set([...Object.keys(bios.attributes), ...Object.keys(bios.pending)]);
  return [...names].sort().map((name) => {
    const pending = bios.pending[name];
    const value = String(bios.attributes[name] ?? text.none);
    return [name, value, pending === undefined ? '' : text.pending(String(pending))];
  });
}

function nicRow(nic: NicPort): (string | undefined)[] {
  const speed = nic.speed_mbps === undefined || nic.speed_mbps === 0 ? '' : `, ${text.speed(nic.speed_mbps)}`;
  return [
    nic.id,
    `${text.link(nic.link)}${speed}`,
    nic.mac,
    nic.lldp === undefined ? undefined : `${nic.lldp.switch}:${nic.lldp.port}`,
    nic.model,
  ];
}

function diskRows({ disks }: HardwareSnapshot): Rows {
  return disks.map((disk) => [
    disk.name,
    disk.kind,
    text.gigabytes(disk.size_gb),
    disk.model,
    disk.serial,
    disk.failure_predicted === true ? 'failure predicted' : text.health(disk.health),
  ]);
}

function dimmRows({ memory }: HardwareSnapshot): Rows {
  return memory.dimms.map((dimm) => [
    dimm.slot,
    text.gib(dimm.size_gib),
    dimm.speed_mhz === undefined ? undefined : text.megahertz(dimm.speed_mhz),
    dimm.part_number,
    text.health(dimm.health),
  ]);
}

function processorRows({ cpu }: HardwareSnapshot): Rows {
  return cpu.processors.map((one) => [
    one.id,
    one.model,
    one.cores === undefined ? undefined : `${one.cores} cores`,
    one.threads === undefined ? undefined : `${one.threads} threads`,
    text.health(one.health),
  ]);
}

function controllerRows({ controllers }: HardwareSnapshot): Rows {
  return controllers.flatMap((one) => [
    [one.name, one.model, one.firmware_version, text.health(one.health)],
    ...one.volumes.map((volume) => [
      `  ${volume.name}`,
      volume.raid_type,
      volume.size_gb === undefined ? undefined : text.gigabytes(volume.size_gb),
      text.health(volume.health),
    ]),
  ]);
}

function supplyRows({ power_supplies: supplies }: HardwareSnapshot): Rows {
  return supplies.map((one) => [
    one.name,
    one.capacity_watts === undefined ? undefined : `${one.capacity_watts} W`,
    one.input_volts === undefined ? undefined : `${one.input_volts} V`,
    one.present ? text.health(one.health) : 'not present',
  ]);
}

function mediaRows({ virtual_media: media }: HardwareSnapshot): Rows {
  return media.map((slot) => [slot.id, slot.inserted ? text.mediaIn(slot.image ?? '') : text.empty]);
}
