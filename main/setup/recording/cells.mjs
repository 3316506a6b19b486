// The cells of a matrix as a recording keeps them: of the other servers one stands for each.
import { filled, mainNetwork, serverHoles } from './placeholders.mjs';

/**
 * What a machine told of the others, {{peer}} in place of another server: a test that it made with several of them is kept once.
 * A rehearsal makes it again for each server of its site.
 */
export function recordedCells(cells, from, site) {
  const others = site.hosts.filter(({ name }) => name !== from);
  const seen = new Set();
  return cells.flatMap((cell) => {
    const peer = others.find((host) => isAbout(cell, host));
    if (peer === undefined) return [inPlace(cell, site)];
    const pattern = filled(cell, serverHoles(peer, 'peer'));
    const key = `${cell.probe} ${pattern.to} ${cell.to === undefined ? pattern.at : ''}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [inPlace(pattern, site)];
  });
}

function isAbout({ to, at }, host) {
  const holes = serverHoles(host, 'peer');
  return [to, at].some((text) => text !== undefined && filled(text, holes) !== text);
}

/** What follows from the site file follows from that of the rehearsed site. */
function inPlace(cell, site) {
  const network = mainNetwork(site);
  const [, prefix] = network.cidr.split('/');
  const { at, seen, ...rest } = filled(cell, serviceHoles(cell.probe, site));
  const isOther = site.networks.some(({ name }) => name === at && name !== network.name);
  const place = at === network.name ? '{{network}}' : isOther ? undefined : at;
  const told = seen
    .replace(new RegExp(`(?<=^[\\d.]+)/${prefix}(?= on )`), '/{{network.prefix}}')
    .replace(new RegExp(`^${network.mtu ?? 1500}(?= bytes$)`), '{{network.mtu}}');
  return { ...rest, ...(place === undefined ? {} : { at: place }), seen: told };
}

/** The deployment VM is the server of a service here, which may be the customer's elsewhere. */
function serviceHoles(probe, { services, deployment_vm: vm }) {
  const service = { dns: 'dns', ntp: 'ntp', clock: 'ntp' }[probe];
  if (service === undefined || services[service].mode !== 'managed') return [];
  return [[vm.address, `{{${service}.server}}`]];
}
