// What belongs to the recorded site, and the placeholders that stand for it in a recording.

/** The day on which recordings and the tour are said to be made. */
const BEGAN = Date.parse('2026-03-02T08:04:05Z');
const DAY = 86_400_000;

/** A value with everything replaced that `holes` knows: pairs of a pattern and what stands in its place. */
export function filled(value, holes) {
  if (typeof value === 'string')
    return holes.reduce((text, [known, hole]) => text.replaceAll(known, hole), value);
  if (Array.isArray(value)) return value.map((entry) => filled(entry, holes));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, filled(field, holes)]));
}

function faceOf(host) {
  return host?.interfaces?.find((entry) => entry.address !== undefined);
}

/** The network of the deployment VM. */
export function mainNetwork(site) {
  return site.networks.find(({ name }) => name === site.deployment_vm.network);
}

/** What stands for what belongs to one server, under the name of a role: `{{peer}}`, `{{peer.address}}`... */
export function serverHoles(host, role) {
  return [...addressHoles(host, role), ...macHoles(host, role), nameHole(host, role)];
}

/** What stands for what in the words of a target server `me`; `began` is when the run did, in milliseconds. */
export function placeholders(site, me, bare, began) {
  const vm = site.deployment_vm.name ?? 'deploy';
  const next = site.hosts[(site.hosts.indexOf(me) + 1) % site.hosts.length];
  const others = [
    [me, 'target'],
    [next, 'next'],
    ...(bare === undefined || bare === me || bare === next ? [] : [[bare, 'bare']]),
  ];
  const network = mainNetwork(site);
  const range = network.cidr.split('.').slice(0, 3).join('\\.');
  const word = (text, hole) => [new RegExp(`(?<![\\w-])${escape(text)}(?![\\w-])`, 'g'), hole];
  return [
    [/\/\S*?\/(?=(?:stacks|roles)\/\S+:\d+$)/g, '{{project}}/'],
    // Before the names in it are replaced.
    [new RegExp(`\\d{8}-\\d{6}-${escape(site.site.name)}-[0-9a-f]{4}`, 'g'), 'rehearsal'],
    [/\b(20\d\d-\d\d-\d\d)(?:([T ])(\d\d:\d\d:\d\d))?/g, (...found) => movedDate(found, began)],
    [/(?<![\w:])(?:[0-9a-f]{2}:){5}[0-9a-f]{2}(?![\w:])/gi, knownMac],
    ...(site.parameters?.os === undefined
      ? []
      : [[new RegExp(`(?:https?://[\\w.]+/)?${escape(site.parameters.os.image)}`, 'g'), '{{os.image}}']]),
    [new RegExp(escape(site.site.domain), 'g'), '{{domain}}'],
    [new RegExp(escape(`${site.site.name}-${vm}`), 'g'), '{{site}}-{{deployment_vm}}'],
    [new RegExp(escape(network.cidr), 'g'), '{{network.cidr}}'],
    addressHole(site.kvm_host.address, '{{kvm_host.address}}'),
    addressHole(site.deployment_vm.address, '{{deployment_vm.address}}'),
    ...others.flatMap(([host, role]) => addressHoles(host, role)),
    addressHole(network.gateway, '{{gateway}}'),
    // What is left of that network was leased by DHCP.
    [new RegExp(`(?<![\\d.])${range}\\.\\d+(?!\\d|\\.\\d)`, 'g'), '{{lease}}'],
    ...others.flatMap(([host, role]) => macHoles(host, role)),
    [/\/var\/lib\/libvirt\/images/g, '{{storage}}'],
    // Where there are fewer, they are the target and the next one.
    ...(site.hosts.length > 2
      ? [[new RegExp(site.hosts.map(({ name }) => escape(name)).join(', '), 'g'), '{{servers}}']]
      : []),
    [new RegExp(escape(site.kvm_host.bridge), 'g'), '{{bridge}}'],
    ...others.map(([host, role]) => nameHole(host, role)),
    [/\brke2-(?:server|agent)(?=\.service)/g, '{{target.rke2}}'],
    word('kvm-host', '{{kvm_host}}'),
    word(vm, '{{deployment_vm}}'),
    [new RegExp(`(?<=sites/|[Bb]ringup )${escape(site.site.name)}(?![\\w-])`, 'g'), '{{site}}'],
    ...Object.values(site.parameters ?? {})
      .filter((value) => typeof value?.address === 'string')
      .map(({ address }) => addressHole(address, '{{ome.address}}')),
  ];
}

/** What must not stand in a recording, by what it is called: `machine` is the name of the one that records. */
export function leftovers(text, site, machine) {
  const known = [
    [
      'the name of a server',
      new RegExp(`(?<!\\w)(?:${site.hosts.map(({ name }) => name).join('|')})(?!\\w)`),
    ],
    ['an address', /(?<![\d.])(?:10|172|192|198|203)\.\d+\.\d+\.\d+(?!\d|\.\d)/],
    ['the domain', new RegExp(escape(site.site.domain))],
    // A short one is a word that anybody uses.
    ...(machine.length < 4
      ? []
      : [['the name of this machine', new RegExp(`(?<![\\w-])${escape(machine)}(?![\\w-])`)]]),
    ['a folder of this machine', /\/(?:home|root|tmp|work|mnt)\/|-lab\b/],
    ['a key', /-----BEGIN|PRIVATE KEY/],
  ];
  return known.flatMap(([what, pattern]) => {
    const [found] = pattern.exec(text) ?? [];
    return found === undefined ? [] : [`${what}: ${found}`];
  });
}

function addressHoles(host, role) {
  return [
    [faceOf(host)?.address, `{{${role}.address}}`],
    [host.bmc?.address, `{{${role}.bmc}}`],
  ].flatMap(([address, hole]) => (address === undefined ? [] : [addressHole(address, hole)]));
}

function addressHole(address, hole) {
  return [new RegExp(`(?<![\\d.])${escape(address)}(?!\\d|\\.\\d)`, 'g'), hole];
}

function macHoles(host, role) {
  const { mac } = faceOf(host) ?? {};
  return mac === undefined ? [] : [[new RegExp(escape(mac), 'gi'), `{{${role}.mac}}`]];
}

function nameHole(host, role) {
  return [new RegExp(`(?<!\\w)${escape(host.name)}(?!\\w)`, 'g'), `{{${role}}}`];
}

/** MACs that the lab gives stay; one that this machine made up becomes one set aside for documents (RFC 7042). */
function knownMac(mac) {
  return /^(?:02:00:5e|52:54:00)/i.test(mac) ? mac : '00:00:5e:00:53:01';
}

function movedDate([, day, between, time], began) {
  if (time === undefined) {
    const days = Math.floor(BEGAN / DAY) - Math.floor(began / DAY);
    return new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10);
  }
  const moved = new Date(Date.parse(`${day}T${time}Z`) + BEGAN - began).toISOString();
  return `${moved.slice(0, 10)}${between}${moved.slice(11, 19)}`;
}

function escape(text) {
  return String(text).replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
