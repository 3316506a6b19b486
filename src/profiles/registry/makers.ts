/** Names under which makers go in Redfish and in their own registries and catalogues, as snapshots have shown them. */
const MAKERS: readonly (readonly string[])[] = [
  ['Dell', 'Dell Inc.', 'Dell EMC', 'Dell Technologies'],
  ['HPE', 'Hewlett Packard Enterprise', 'HP'],
  ['Lenovo', 'LENOVO'],
  ['Supermicro', 'Super Micro Computer', 'Super Micro Computer, Inc.'],
  ['Fujitsu', 'FUJITSU'],
  ['Cisco', 'Cisco Systems Inc', 'Cisco Systems, Inc.'],
];

/** All names of a maker, that one first. */
export function makerNames(name: string): readonly string[] {
  const same = MAKERS.find((names) => names.some((one) => one.toLowerCase() === name.trim().toLowerCase()));
  return [...new Set([name, ...(same ?? [])])];
}
