import { collection, link, resource, type Resource } from '../resource.ts';
import { CHASSIS, MANAGER, OK, OK_ROLLUP, ROOT, SERVICE_TAG, SYSTEM } from './places.ts';
import { uriOf } from './system.ts';
import { PSU_VERSION } from './versions.ts';

/** The chassis with its power supplies and fans, in the older and the newer form as iDRACs give both. */
export function chassisResources(): readonly Resource[] {
  const supplies = [1, 2].map(powerSupply);
  return [
    collection(`${ROOT}/Chassis`, 'ChassisCollection', [CHASSIS]),
    resource(CHASSIS, 'Chassis.v1_17_0', {
      Name: 'Computer System Chassis',
      ChassisType: 'RackMount',
      Manufacturer: 'Dell Inc.',
      Model: 'PowerEdge R750',
      SKU: SERVICE_TAG,
      SerialNumber: SERVICE_TAG,
      AssetTag: null,
      IndicatorLED: 'Lit',
      PowerState: 'On',
      NetworkAdapters: link(`${CHASSIS}/NetworkAdapters`),
      Power: link(`${CHASSIS}/Power`),
      PowerSubsystem: link(`${CHASSIS}/PowerSubsystem`),
      Thermal: link(`${CHASSIS}/Thermal`),
      Links: { ComputerSystems: [link(SYSTEM)], ManagedBy: [link(MANAGER)] },
      Status: OK_ROLLUP,
    }),
    resource(`${CHASSIS}/PowerSubsystem`, 'PowerSubsystem.v1_1_0', {
      Name: 'Power Subsystem for Chassis',
      CapacityWatts: 1400,
      PowerSupplies: link(`${CHASSIS}/PowerSubsystem/PowerSupplies`),
      Status: OK,
    }),
    collection(`${CHASSIS}/PowerSubsystem/PowerSupplies`, 'PowerSupplyCollection', supplies.map(uriOf)),
    ...supplies,
    power(),
    thermal(),
  ];
}

function powerSupply(slot: number): Resource {
  return resource(`${CHASSIS}/PowerSubsystem/PowerSupplies/PSU.Slot.${slot}`, 'PowerSupply.v1_1_0', {
    ...supplyFacts(slot),
    InputNominalVoltageType: 'AC240V',
  });
}

function supplyFacts(slot: number): Resource {
  return {
    Name: `PS${slot} Status`,
    Manufacturer: 'DELL',
    Model: 'PWR SPLY,1400W,RDNT,DELTA',
    PartNumber: '0CMPGMA00',
    SerialNumber: `CNDED0014A${slot}0C3`,
    FirmwareVersion: PSU_VERSION,
    PowerCapacityWatts: 1400,
    PowerSupplyType: 'AC',
    HotPluggable: true,
    Status: OK,
  };
}

function power(): Resource {
  const uri = `${CHASSIS}/Power`;
  return resource(uri, 'Power.v1_6_1', {
    Name: 'Power',
    PowerControl: [
      {
        '@odata.id': `${uri}#/PowerControl/0`,
        MemberId: 'PowerControl',
        Name: 'System Power Control',
        PowerConsumedWatts: 286,
        PowerCapacityWatts: 1400,
        Status: OK,
      },
    ],
    PowerSupplies: [1, 2].map((slot) => ({
      '@odata.id': `${uri}#/PowerSupplies/${slot - 1}`,
      MemberId: `PSU.Slot.${slot}`,
      ...supplyFacts(slot),
      LineInputVoltage: 230,
      LineInputVoltageType: 'AC240V',
      LastPowerOutputWatts: 143,
    })),
    Voltages: [],
  });
}

function thermal(): Resource {
  const uri = `${CHASSIS}/Thermal`;
  return resource(uri, 'Thermal.v1_7_1', {
    Name: 'Thermal',
    Fans: [1, 2, 3, 4, 5, 6].map((number) => ({
      '@odata.id': `${uri}#/Fans/${number - 1}`,
      MemberId: `Fan.Embedded.${number}A`,
      Name: `System Board Fan${number}A`,
      Reading: 6120,
      ReadingUnits: 'RPM',
      Status: OK,
    })),
    Temperatures: [
      {
        '@odata.id': `${uri}#/Temperatures/0`,
        MemberId: 'SystemBoardInletTemp',
        Name: 'System Board Inlet Temp',
        ReadingCelsius: 22,
        UpperThresholdCritical: 47,
        PhysicalContext: 'SystemBoard',
        Status: OK,
      },
    ],
  });
}
