import { existsSync, readFileSync } from 'node:fs';
import { NAMESPACES, type LabContext, namespaceOf } from './context.ts';
import { BARE_NODE, LAB, type LabNode, SERVERS } from './layout.ts';
import { runTool, tryTool } from './run-tool.ts';

/** Path by which nsenter and systemd-nspawn join a machine's network namespace. */
export function namespacePath(lab: LabContext, machine: string): string {
  return `/run/netns/${namespaceOf(lab, machine)}`;
}

/** Namespaces of this lab that exist now, by machine. */
export function presentNamespaces(lab: LabContext): readonly string[] {
  return NAMESPACES.filter((machine) => existsSync(namespacePath(lab, machine)));
}

/** Whether every namespace and the laptop's cable are there. */
export function isNetworkUp(lab: LabContext): boolean {
  return presentNamespaces(lab).length === NAMESPACES.length && isLaptopCabled(lab);
}

/**
 * Makes the namespaces, the two bridges in the KVM host's, and a cable from each machine to its bridge. The gateway
 * forwards between the two networks and has no route out, so nothing in a lab can reach the internet.
 */
export async function createNetwork(lab: LabContext): Promise<void> {
  const kvmHost = namespaceOf(lab, LAB.kvmHost.name);
  await ip([], [...NAMESPACES.map((machine) => `netns add ${namespaceOf(lab, machine)}`), ...cables(lab)]);
  await ip(['-n', kvmHost], kvmHostLinks());
  for (const machine of NAMESPACES.filter((name) => name !== LAB.kvmHost.name)) {
    await ip(['-n', namespaceOf(lab, machine)], machineLinks(machine));
  }
  await ip(
    [],
    [`addr add ${LAB.laptop}/${LAB.prefix} dev ${lab.laptopLink}`, `link set ${lab.laptopLink} up`],
  );
  await runTool('nsenter', [
    `--net=${namespacePath(lab, 'gateway')}`,
    'sh',
    '-c',
    'echo 1 > /proc/sys/net/ipv4/ip_forward',
  ]);
}

/** Gives a server that had no operating system the address and the route that its system sets; again changes nothing. */
export async function configureNode(lab: LabContext, node: LabNode): Promise<void> {
  await ip(['-n', namespaceOf(lab, node.name)], nodeLinks(node));
}

/** Removes the laptop's cable and all namespaces; their processes must have ended, for a namespace lives as long as they do. */
export async function removeNetwork(lab: LabContext): Promise<void> {
  if (isLaptopCabled(lab)) await tryTool('ip', ['link', 'del', lab.laptopLink]);
  for (const machine of presentNamespaces(lab)) {
    await runTool('ip', ['netns', 'del', namespaceOf(lab, machine)]);
  }
}

/** /sys shows the interfaces of the namespace it was mounted in; /proc/self those of this process. */
function isLaptopCabled(lab: LabContext): boolean {
  const lines = readFileSync('/proc/self/net/dev', 'utf8').split('\n');
  return lines.some((line) => line.trimStart().startsWith(`${lab.laptopLink}:`));
}

function cables(lab: LabContext): readonly string[] {
  const toSwitch = (from: string, port: string) =>
    `${from} type veth peer name ${port} netns ${namespaceOf(lab, 'kvm-host')}`;
  const inside = (machine: string, link: string, mac?: string) =>
    `link add ${link}${mac === undefined ? '' : ` address ${mac}`} netns ${namespaceOf(lab, machine)}`;
  return [
    toSwitch(`link add ${lab.laptopLink}`, 'laptop'),
    toSwitch(inside('gateway', 'mgmt'), 'gw-mgmt'),
    toSwitch(inside('gateway', 'oob'), 'gw-oob'),
    toSwitch(inside('bmc', 'oob'), 'bmc-oob'),
    toSwitch(inside('ome', 'oob'), 'ome-oob'),
    ...SERVERS.flatMap((node) => [
      toSwitch(inside(node.name, 'nic1', node.mac), `${node.name}-nic1`),
      toSwitch(inside(node.name, 'nic2', node.spareMac), `${node.name}-nic2`),
    ]),
  ];
}

function kvmHostLinks(): readonly string[] {
  const { mgmt, oob, kvmHost, prefix } = LAB;
  const ports = [
    ...['laptop', 'gw-mgmt', ...SERVERS.flatMap((node) => [`${node.name}-nic1`, `${node.name}-nic2`])].map(
      (port) => [port, mgmt.bridge] as const,
    ),
    ...['gw-oob', 'bmc-oob', 'ome-oob'].map((port) => [port, oob.bridge] as const),
  ];
  return [
    'link set lo up',
    // Fixed addresses: a bridge otherwise takes a new one with each guest that comes or goes.
    `link add ${mgmt.bridge} address 02:00:5e:00:01:05 type bridge`,
    `link add ${oob.bridge} address 02:00:5e:00:02:05 type bridge`,
    ...ports.map(([port, bridge]) => `link set ${port} master ${bridge} up`),
    `link set ${mgmt.bridge} up`,
    `link set ${oob.bridge} up`,
    `addr add ${kvmHost.address}/${prefix} dev ${mgmt.bridge}`,
    `addr add ${kvmHost.oobAddress}/${prefix} dev ${oob.bridge}`,
    `route add default via ${mgmt.gateway}`,
  ];
}

function machineLinks(machine: string): readonly string[] {
  const { mgmt, oob, prefix } = LAB;
  if (machine === 'gateway') {
    return [
      'link set lo up',
      'link set mgmt up',
      'link set oob up',
      `addr add ${mgmt.gateway}/${prefix} dev mgmt`,
      `addr add ${oob.gateway}/${prefix} dev oob`,
    ];
  }
  if (machine === 'bmc' || machine === 'ome') {
    const addresses = machine === 'ome' ? [LAB.ome.address] : SERVERS.map((node) => node.bmcAddress);
    return [
      'link set lo up',
      'link set oob up',
      ...addresses.map((address) => `addr add ${address}/${prefix} dev oob`),
      `route add default via ${oob.gateway}`,
    ];
  }
  const node = SERVERS.find(({ name }) => name === machine);
  return ['link set lo up', ...(node === undefined || node === BARE_NODE ? [] : nodeLinks(node))];
}

/** Each may be done again. */
function nodeLinks(node: LabNode): readonly string[] {
  return [
    'link set nic1 up',
    'link set nic2 up',
    `addr replace ${node.address}/${LAB.prefix} dev nic1`,
    `route replace default via ${LAB.mgmt.gateway}`,
  ];
}

async function ip(where: readonly string[], commands: readonly string[]): Promise<void> {
  await runTool('ip', [...where, '-batch', '-'], { input: `${commands.join('\n')}\n` });
}
