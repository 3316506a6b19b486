import ipaddr from 'ipaddr.js';
import type { DraftSite } from '../draft.ts';
import { quoted, spoken, type Finding, type Path } from '../finding.ts';
import { suggest } from '../suggest.ts';
import { entriesOf, error, warning, type SiteCheck } from './check.ts';
import { describedParameters, type DescribedValue } from './parameter-words.ts';

type HostDraft = NonNullable<NonNullable<DraftSite['hosts']>[number]>;

/** Names that are listed in a hint; of more only so many. */
const LISTED = 12;

/** What parameters name is there: hosts with what is needed of them, networks, addresses; and a name stands once in its list. */
export const parameterNames: SiteCheck = {
  id: 'parameter-names',
  *find(site, context) {
    const hosts = new Map<string, HostDraft>();
    for (const [, host] of entriesOf(site.hosts)) if (host.name !== undefined) hosts.set(host.name, host);
    const networks = [...entriesOf(site.networks)].flatMap(([, { name }]) => name ?? []);
    for (const described of describedParameters(site, context)) {
      const { value, schema, path } = described;
      yield* twice(described);
      if (typeof value !== 'string') continue;
      if (schema['refers_to'] === 'host') yield* host(value, path, hosts, schema['host_has']);
      if (schema['refers_to'] === 'network' && !networks.includes(value))
        yield unknown('network', 'SITE_UNKNOWN_NETWORK', value, path, networks);
      if (schema['refers_to'] === 'address' && !ipaddr.IPv4.isValidFourPartDecimal(value))
        yield error(
          'SITE_BAD_ADDRESS',
          path,
          `${spoken(path)} must be an IPv4 address, not ${quoted(value)}.`,
          'Write it as four numbers from 0 to 255 without leading zeros, like 10.20.0.5.',
        );
      yield* repository(described, site);
    }
  },
};

function* host(
  name: string,
  path: Path,
  hosts: ReadonlyMap<string, HostDraft>,
  needed: unknown,
): Generator<Finding> {
  const found = hosts.get(name);
  if (found === undefined) {
    yield unknown('host', 'SITE_UNKNOWN_HOST', name, path, [...hosts.keys()]);
    return;
  }
  const fields = Array.isArray(needed) ? (needed as unknown[]) : [];
  const missing = fields.filter((field) => !Object.hasOwn(found, String(field)));
  if (missing.length === 0) return;
  yield error(
    'SITE_HOST_LACKS',
    path,
    `${spoken(path)} names ${name}, which has no ${missing.join(' and no ')} in the site file.`,
    `Add ${missing.join(' and ')} to the host ${name}, or take it from this list.`,
  );
}

function unknown(what: string, code: string, name: string, path: Path, known: readonly string[]): Finding {
  const meant = suggest(name, known);
  const listed = known.slice(0, LISTED).join(', ') + (known.length > LISTED ? ', ...' : '');
  const hint =
    meant !== undefined
      ? `Did you mean ${meant}?`
      : known.length === 0
        ? `The site file has no ${what}s.`
        : `The ${what}s are: ${listed}.`;
  return error(code, path, `There is no ${what} named ${name}.`, hint);
}

/** Entries of a list whose field named by `unique_by` another one has too. */
function* twice({ value, schema, path }: DescribedValue): Generator<Finding> {
  const field = schema['unique_by'];
  if (typeof field !== 'string' || !Array.isArray(value)) return;
  const seen = new Map<unknown, number>();
  for (const [index, entry] of (value as unknown[]).entries()) {
    const name: unknown = typeof entry === 'object' && entry !== null ? Reflect.get(entry, field) : undefined;
    const first = seen.get(name);
    if (name === undefined) continue;
    if (first === undefined) seen.set(name, index);
    else
      yield error(
        'SITE_DUPLICATE_NAME',
        [...path, index, field],
        `${quoted(name)} is named already by ${spoken([...path, first, field])}.`,
        'Put both into one entry.',
      );
  }
}

/** A path in the repository wants one: a folder is read on the deployment VM itself, a file may be served by another one. */
function* repository({ value, schema, path }: DescribedValue, site: DraftSite): Generator<Finding> {
  const kind = schema['in_repository'];
  if (kind === undefined || typeof value !== 'string' || value.startsWith('/') || value.includes('://'))
    return;
  const mode = site.services?.repository?.mode ?? 'none';
  if (mode === 'managed' || (mode === 'existing' && kind === 'file')) return;
  yield warning(
    'SITE_NO_REPOSITORY',
    path,
    `${spoken(path)} is a path in the repository of the deployment VM, but services.repository has the mode ${mode}.`,
    kind === 'file'
      ? 'Set services.repository.mode to managed, or name a whole address (http://...).'
      : 'Set services.repository.mode to managed, or name a folder on the deployment VM (/...).',
  );
}
