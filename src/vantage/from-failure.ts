import type { FailureRecord } from '../contract/failure.ts';
import type { NormalisedSite } from '../site/index.ts';
import { parseDestination, type Destination, type ProbeKind } from './destination.ts';
import { machinesOf, networkAt } from './machines.ts';
import { reachingOf } from './reach-keys.ts';

/**
 * Where a failure wanted to go, read from its cause, its texts and its place; undefined for a failure that was not about
 * reaching something, or that does not tell where. `unreachable` says that Ansible or the engine called it so, which counts
 * where no cause is known: a refused login is called so too.
 */
export function destinationOf(
  record: FailureRecord,
  site: NormalisedSite,
  unreachable = false,
): Destination | undefined {
  const kind = reachingOf(record.why.key) ?? (unreachable && record.why.key === null ? 'ssh' : undefined);
  if (kind === undefined) return undefined;
  const texts = [record.why.summary, record.what, ...record.why.evidence.map(({ text }) => text)];
  const url = kind === 'http' ? fromUrls(texts, site) : undefined;
  // A tunnel's end is named behind the machine that opens it.
  if (record.why.key === 'tunnel.refused') return fromTexts(texts, kind, site, 'last');
  const found =
    url ?? fromTexts(texts, kind, site) ?? fromPlace(record, kind, site) ?? fromServices(kind, site);
  const question = kind === 'dns' ? questionOf(texts) : undefined;
  return found === undefined || question === undefined ? found : { ...found, question };
}

/** The name that did not resolve, as resolvers and their users put it. */
function questionOf(texts: readonly string[]): string | undefined {
  const named =
    /(?:resolve|resolving|lookup|lookup of)(?: host(?:name)?)?:? ['"‘“]?([a-z0-9-]+(?:\.[a-z0-9-]+)+)/i;
  return texts
    .map((text) => named.exec(text)?.[1])
    .find((name) => name !== undefined && !/^[\d.]+$/.test(name));
}

function fromUrls(texts: readonly string[], site: NormalisedSite): Destination | undefined {
  for (const text of texts) {
    const url = /https?:\/\/[A-Za-z0-9_.-]+(?::\d+)?(?:\/[^\s'"<>)\],]*)?/.exec(text)?.[0];
    if (url !== undefined) return parse(url, site);
  }
  return undefined;
}

const ADDRESS = /(?<![\d.])((?:\d{1,3}\.){3}\d{1,3})(?:(?::| port |#)(\d{1,5}))?(?![\d.]*\d)/g;

/** The first or last address in the texts that is in a network of the site, else of all, with the port behind it. */
function fromTexts(
  texts: readonly string[],
  kind: ProbeKind,
  site: NormalisedSite,
  which: 'first' | 'last' = 'first',
): Destination | undefined {
  const seen = texts.flatMap((text) =>
    [...text.matchAll(ADDRESS)].flatMap(([, host, port]) => (host === undefined ? [] : [{ host, port }])),
  );
  if (which === 'last') seen.reverse();
  const servers = new Set(serversOf(kind, site));
  const fitting = seen.filter(({ host }) => servers.size === 0 || servers.has(host));
  const known = (fitting.length > 0 ? fitting : seen).filter(
    ({ host }) => host !== '127.0.0.1' && host !== '0.0.0.0',
  );
  const own = known.find(({ host }) => networkAt(site, host) !== undefined) ?? known[0];
  if (own === undefined) return undefined;
  const withPort = known.find(({ host, port }) => host === own.host && port !== undefined) ?? own;
  return parse(`${own.host}${portText(kind, withPort.port, site, own.host)}`, site);
}

/** The port that was named, else the one the site file gives the machine, else the usual one. */
function portText(kind: ProbeKind, port: string | undefined, site: NormalisedSite, host: string): string {
  if (port !== undefined) return kind === 'http' ? `:${port}` : `:${port}/${kind}`;
  const machine = machinesOf(site).find(({ address }) => address === host);
  if (kind === 'ssh') return `:${machine?.sshPort ?? 22}/ssh`;
  if (kind === 'https' && machine?.isBmc === true) return `:${machine.host?.bmc?.port ?? 443}/https`;
  return `/${kind}`;
}

/** The machine at which the task failed; a failure of a stage itself is about reaching the machine it runs on. */
function fromPlace({ where }: FailureRecord, kind: ProbeKind, site: NormalisedSite): Destination | undefined {
  if (kind === 'dns' || kind === 'ntp' || kind === 'http') return undefined;
  const name = where.host?.split(',')[0]?.trim() ?? (where.runs_on === 'laptop' ? 'kvm-host' : where.runs_on);
  const named = name === site.deployment_vm.name ? 'deployment-vm' : name;
  const machine = machinesOf(site).find(({ id, isBmc }) => id === named && isBmc !== true);
  if (machine === undefined) return undefined;
  if (kind === 'https') return machine.host?.bmc === undefined ? undefined : parse(`${machine.id}/bmc`, site);
  return parse(`${machine.address}${portText(kind, undefined, site, machine.address)}`, site);
}

/** The site's servers for DNS and NTP: those outside, else the deployment VM. */
function serversOf(kind: ProbeKind, site: NormalisedSite): readonly string[] {
  if (kind !== 'dns' && kind !== 'ntp') return [];
  const { mode, servers = [], upstream } = site.services[kind];
  return mode === 'existing' ? servers : [...upstream, site.deployment_vm.address];
}

function fromServices(kind: ProbeKind, site: NormalisedSite): Destination | undefined {
  if (kind === 'http') {
    const { url } = site.services.repository;
    return url === undefined ? undefined : parse(url, site);
  }
  const [server] = serversOf(kind, site);
  return server === undefined ? undefined : parse(`${server}/${kind}`, site);
}

function parse(text: string, site: NormalisedSite): Destination | undefined {
  try {
    return parseDestination(text, site);
  } catch {
    return undefined;
  }
}
