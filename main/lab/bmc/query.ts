import { takeFault } from './faults.ts';
import type { Machine } from './types.ts';
import { type RedfishAnswer, refuse } from './messages.ts';
import { at, linkOf, objectOf, type Resource } from './resource.ts';
import { readResource } from './views.ts';

interface Expand {
  readonly what: '.' | '*' | '~';
  readonly levels: number;
}

/** Options of a query, DSP0266 section "Query parameters". */
interface Query {
  readonly expand?: Expand;
  readonly select?: readonly string[];
  readonly top?: number;
  readonly skip: number;
  readonly filter?: { readonly property: string; readonly value: string };
  readonly only: boolean;
}

const COUNT = /^\d+$/;

/** Answers a GET with query options: the resource, or the refusal of an option the service does not offer or understand. */
export function queryResource(
  machine: Machine,
  uri: string,
  options: URLSearchParams,
): Resource | RedfishAnswer | undefined {
  const found = readResource(machine, uri);
  if (found === undefined) return undefined;
  const query = parseQuery(machine, uri, options);
  if ('status' in query) return query;
  let shown: Resource = found;
  if (Array.isArray(found['Members'])) shown = page(machine, uri, found, query, options);
  const only = query.only && Array.isArray(shown['Members']) && shown['Members'].length === 1;
  if (only) shown = readResource(machine, linkOf((shown['Members'] as unknown[])[0]) ?? '') ?? shown;
  if (query.expand !== undefined) shown = expand(machine, shown, query.expand);
  if (query.select !== undefined) shown = select(shown, query.select);
  return shown;
}

/** Whether a query result is a refusal; a resource has no `status` number. */
export function isAnswer(result: Resource | RedfishAnswer): result is RedfishAnswer {
  return typeof result['status'] === 'number';
}

function parseQuery(machine: Machine, uri: string, options: URLSearchParams): Query | RedfishAnswer {
  const features = objectOf(machine.at(machine.capture.outline.root)?.['ProtocolFeaturesSupported']);
  let query: Query = { skip: 0, only: false };
  for (const [name, value] of options) {
    if (name === 'only') query = { ...query, only: true };
    if (!name.startsWith('$')) continue;
    if (name === '$expand') {
      const broken = takeFault(machine.faults, 'expand-broken', uri);
      if (broken?.how === 'ignored') continue;
      if (broken !== undefined)
        return refuse(500, 'InternalError', 'The request failed due to an internal service error.');
      const parsed = parseExpand(value, objectOf(features['ExpandQuery']));
      if ('status' in parsed) return parsed;
      query = { ...query, expand: parsed };
    } else if (name === '$select' && features['SelectQuery'] === true) {
      query = { ...query, select: value.split(',').map((part) => part.trim()) };
    } else if ((name === '$top' || name === '$skip') && COUNT.test(value)) {
      query = name === '$top' ? { ...query, top: Number(value) } : { ...query, skip: Number(value) };
    } else if (name === '$filter' && features['FilterQuery'] === true) {
      const match = /^\s*([\w/]+)\s+eq\s+(?:'([^']*)'|(\S+))\s*$/.exec(value);
      if (match === null) return invalidOption(name, value);
      query = { ...query, filter: { property: match[1] ?? '', value: match[2] ?? match[3] ?? '' } };
    } else if (name === '$top' || name === '$skip') return invalidOption(name, value);
    else return unsupported(name);
  }
  return query;
}

function parseExpand(text: string, offered: Resource): Expand | RedfishAnswer {
  const match = /^([.*~])(?:\(\$levels=(\d+|max)\))?$/.exec(text);
  if (match === null) return invalidOption('$expand', text);
  const what = match[1] as Expand['what'];
  const feature = { '.': 'NoLinks', '~': 'Links', '*': 'ExpandAll' }[what];
  if (offered[feature] !== true) return unsupported(`$expand=${what}`);
  const most = Number(offered['MaxLevels'] ?? 1);
  const levels = match[2] === 'max' ? most : Number(match[2] ?? 1);
  if (levels < 1 || levels > most)
    return refuse(
      400,
      'QueryParameterOutOfRange',
      `The value ${levels} for $levels is not between 1 and ${most}.`,
    );
  return { what, levels };
}

/** Members asked for, and a link to the next ones when the service or the client limits the page. */
function page(
  machine: Machine,
  uri: string,
  found: Resource,
  query: Query,
  options: URLSearchParams,
): Resource {
  const all = found['Members'] as readonly unknown[];
  const matching = all.filter((member) => {
    if (query.filter === undefined) return true;
    const whole =
      Object.keys(objectOf(member)).length > 1 ? member : readResource(machine, linkOf(member) ?? '');
    return String(at(whole, ...query.filter.property.split('/'))) === query.filter.value;
  });
  const size = Math.min(query.top ?? Infinity, machine.limits.pageSize ?? Infinity);
  const end = query.skip + size;
  const shown = {
    ...found,
    Members: matching.slice(query.skip, end),
    'Members@odata.count': matching.length,
  };
  if (query.top !== undefined || end >= matching.length) return shown;
  const next = new URLSearchParams(options);
  next.set('$skip', String(end));
  return { ...shown, 'Members@odata.nextLink': `${uri}?${decodeURIComponent(next.toString())}` };
}

function expand(machine: Machine, value: Resource, { what, levels }: Expand): Resource {
  const inner = (part: unknown, inLinks: boolean, isTop: boolean): unknown => {
    if (Array.isArray(part)) return part.map((item) => inner(item, inLinks, false));
    if (typeof part !== 'object' || part === null) return part;
    const keys = Object.keys(part);
    const uri = linkOf(part);
    if (!isTop && uri !== undefined && keys.length === 1) {
      if (what !== '*' && (what === '~') !== inLinks) return part;
      const found = uri.includes('#') ? undefined : readResource(machine, uri);
      if (found === undefined) return part;
      return levels > 1 ? expand(machine, found, { what, levels: levels - 1 }) : found;
    }
    const entries = Object.entries(part).map(([name, item]: [string, unknown]) => {
      const skipped = name === 'Actions' || name.startsWith('@Redfish.');
      return [name, skipped ? item : inner(item, inLinks || name === 'Links', false)];
    });
    return Object.fromEntries(entries) as unknown;
  };
  return inner(value, false, true) as Resource;
}

function select(found: Resource, properties: readonly string[]): Resource {
  const wanted = new Set(properties.map((property) => property.split('/')[0]));
  return Object.fromEntries(
    Object.entries(found).filter(([name]) => name.startsWith('@odata.') || wanted.has(name)),
  );
}

function invalidOption(name: string, value: string): RedfishAnswer {
  return refuse(
    400,
    'QueryParameterValueFormatError',
    `The value ${value} for the query option ${name} is not understood.`,
  );
}

function unsupported(name: string): RedfishAnswer {
  return refuse(501, 'QueryNotSupported', `The query option ${name} is not offered by this service.`, {
    resolution: 'Remove the query option and resubmit the request.',
  });
}
