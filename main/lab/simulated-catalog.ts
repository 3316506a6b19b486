/** What an update package says of itself, in a catalogue as in its own file. */
export interface SimulatedPackage {
  readonly name: string;
  readonly file: string;
  readonly version: string;
  readonly component: string;
  readonly model: string;
  readonly reboot: boolean;
}

const BIOS = { name: 'BIOS', component: '159', model: 'R750', reboot: true };

/** A BIOS for the model of the simulated servers. */
export const BIOS_PACKAGE: SimulatedPackage = {
  ...BIOS,
  file: 'BIOS_7H3K0_WN64_1.9.2.EXE',
  version: '1.9.2',
};
/** A controller for them, which needs no restart. */
export const IDRAC_PACKAGE: SimulatedPackage = {
  name: 'iDRAC',
  component: '25227',
  file: 'iDRAC-with-Lifecycle-Controller_Firmware_8HPD1_WN64_6.10.30.00.EXE',
  version: '6.10.30.00',
  model: 'R750',
  reboot: false,
};
/** The BIOS of another model. */
export const OTHER_PACKAGE: SimulatedPackage = {
  ...BIOS,
  file: 'BIOS_9XY12_WN64_2.17.1.EXE',
  version: '2.17.1',
  model: 'R640',
};

/** Where a package lies, from the folder of the catalogue. */
export function packagePath({ file }: SimulatedPackage): string {
  return `FOLDER01/1/${file}`;
}

/** A package as XML, the way a catalogue and package.xml hold it. */
export function packageXml(one: SimulatedPackage): string {
  const { name, version, component, model, reboot } = one;
  return `<SoftwareComponent path="${packagePath(one)}" vendorVersion="${version}" packageID="${component}" rebootRequired="${String(reboot)}">
    <Name><Display lang="en"><![CDATA[${name}]]></Display></Name>
    <SupportedDevices><Device componentID="${component}"><Display lang="en"><![CDATA[${name}]]></Display></Device></SupportedDevices>
    <SupportedSystems><Brand prefix="PE"><Display lang="en"><![CDATA[PowerEdge]]></Display><Model systemID="090F"><Display lang="en"><![CDATA[${model}]]></Display></Model></Brand></SupportedSystems>
    <Criticality value="2"><Display lang="en"><![CDATA[Urgent]]></Display></Criticality>
  </SoftwareComponent>`;
}

/** A catalogue of these packages. */
export function catalogXml(packages: readonly SimulatedPackage[]): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n<Manifest baseLocation="" identifier="5c1e" version="26.11.01" dateTime="2026-11-01T00:00:00Z">\n${packages.map(packageXml).join('\n')}\n</Manifest>`;
}
