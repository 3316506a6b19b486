import type { DraftSite } from '../draft.ts';
import type { Finding, Path } from '../finding.ts';
import { addressNumber, parseCidr, subnetsOf } from './addressing.ts';
import { entriesOf, error, warning, type SiteCheck } from './check.ts';

/** Most addresses of one entry of `discovery.ranges`; a /20 has as many. */
const MAX_RANGE = 4096;

interface Range {
  readonly text: string;
  readonly first: number;
  readonly last: number;
  readonly path: Path;
}

/** The ranges in which BMCs are looked for are real, lie in the site's networks, and there is a credential to try. */
export const discoveryFits: SiteCheck = {
  id: 'discovery-fits',
  *find(site, { files }) {
    const { discovery } = site;
    if (discovery === undefined) return;
    const ranges: Range[] = [];
    for (const [index, text] of entriesOf(discovery.ranges)) {
      const path = ['discovery', 'ranges', index];
      const found = readRange(text, path);
      if ('severity' in found) yield found;
      else ranges.push(found);
    }
    if ((discovery.ranges ?? []).length > 0 && !('credential' in discovery)) {
      yield {
        ...error(
          'SITE_MISSING_FIELD',
          ['discovery', 'ranges'],
          'discovery.ranges are searched for BMCs, but discovery needs the field credential to log in to them.',
          'credential: the name of a credential, stored with: bringup credentials set NAME.',
        ),
        at: 'key',
      };
    }
    yield* searchedTwice(ranges);
    yield* outsideNetworks(site, ranges);
    if (discovery.ca !== undefined && files?.exists(discovery.ca) === false) {
      yield error(
        'SITE_FILE_MISSING',
        ['discovery', 'ca'],
        `There is no CA certificate at ${discovery.ca}.`,
        'Copy it there, or correct the path; it counts from the folder of the site file.',
      );
    }
  },
};

function readRange(text: string, path: Path): Range | Finding {
  const cidr = text.includes('/') ? parseCidr(text) : undefined;
  if (cidr !== undefined) {
    if (text.startsWith(`${cidr.base}/`)) return { text, first: cidr.first, last: cidr.last, path };
    return error(
      'SITE_DISCOVERY_RANGE',
      path,
      `${text} is an address inside a network, not the network itself.`,
      `Did you mean ${cidr.base}/${cidr.prefix}?`,
    );
  }
  const [from = '', to = from] = text.split('-');
  const [first, last] = [addressNumber(from), addressNumber(to)];
  if (first > last) {
    return error(
      'SITE_DISCOVERY_RANGE',
      path,
      `The range begins at ${from}, after its end ${to}.`,
      `Write ${to}-${from}.`,
    );
  }
  if (last - first >= MAX_RANGE) {
    return error(
      'SITE_DISCOVERY_RANGE',
      path,
      `The range ${text} has ${last - first + 1} addresses, but at most ${MAX_RANGE} are searched.`,
      'Name the part of the network in which the BMCs are.',
    );
  }
  return { text, first, last, path };
}

function* searchedTwice(ranges: readonly Range[]): Generator<Finding> {
  const sorted = ranges.toSorted((a, b) => a.first - b.first);
  let widest: Range | undefined;
  for (const range of sorted) {
    if (widest !== undefined && range.first <= widest.last) {
      const message = `The range ${range.text} shares addresses with ${widest.text}.`;
      yield warning(
        'SITE_DISCOVERY_OVERLAP',
        range.path,
        message,
        'Each address is searched once; name it once.',
      );
    }
    if (widest === undefined || range.last > widest.last) widest = range;
  }
}

function* outsideNetworks(site: DraftSite, ranges: readonly Range[]): Generator<Finding> {
  const subnets = subnetsOf(site);
  if (subnets.length === 0) return;
  const names = subnets
    .map((one) => `${one.name} ${one.cidr}`)
    .slice(0, 5)
    .join(', ');
  for (const { text, first, last, path } of ranges) {
    if (subnets.some((subnet) => first <= subnet.last && last >= subnet.first)) continue;
    const message = `The range ${text} is in none of the networks.`;
    yield warning(
      'SITE_ADDRESS_NOWHERE',
      path,
      message,
      `The file lists ${names}; add the network if it is missing.`,
    );
  }
}
