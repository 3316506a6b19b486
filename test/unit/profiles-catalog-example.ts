/** One update package; `models` as the catalogue writes them. */
export interface ExamplePackage {
  readonly type?: string;
  readonly name: string;
  readonly component: string;
  readonly version: string;
  readonly models: readonly string[];
}

/** A package as XML in the form of Dell's catalogues. */
export function packageOf({ type = 'FRMW', name, component, version, models }: ExamplePackage): string {
  const display = (text: string): string => `<Display lang="en"><![CDATA[${text}]]></Display>`;
  const listed = models.map(
    (model) => `<Model systemID="090F" systemIDType="BIOS">${display(model)}</Model>`,
  );
  return `<SoftwareComponent schemaVersion="2.4" path="F/1/X.EXE" dellVersion='A00' vendorVersion="${version}" rebootRequired="true">
  <Name>${display(name)}</Name>
  <ComponentType value="${type}">${display(type)}</ComponentType>
  <Description>${display('Fixes > and <')}</Description>
  <SupportedDevices><Device componentID="${component}" embedded="1">${display(name)}<RollbackInformation rollbackTimeout="1"/></Device></SupportedDevices>
  <SupportedSystems><Brand key="3" prefix="PE">${display('PowerEdge')}${listed.join('')}</Brand></SupportedSystems>
</SoftwareComponent>`;
}

/** A whole catalogue of such packages. */
export function catalogXml(packages: readonly string[]): string {
  return `<?xml version="1.0" encoding="utf-16"?>\n<Manifest baseLocation="" version="26.11.01" dateTime="2026-11-01T00:00:00Z">\n<InventoryComponent osCode="LIN64" vendorVersion="1" />\n${packages.join('\n')}\n</Manifest>\n`;
}
