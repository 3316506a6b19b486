import type { BmcFacts } from '../../contract/hardware.ts';
import type { Resource } from '../reader.ts';
import type { Collector } from './collector.ts';
import type { Entry } from './entry.ts';
import { at, firstText, isBag, link, list, text } from './values.ts';
import { locate, type Vendor } from './vendors/index.ts';

type Licenses = NonNullable<BmcFacts['licenses']>;

/** Licences by the maker's own list, else by the standard LicenseService; undefined where the BMC has neither. */
export async function readLicenses(
  collector: Collector,
  entry: Entry,
  now: Date,
): Promise<Licenses | undefined> {
  const own = await readOwn(collector, entry, now);
  if (own !== undefined && own.length > 0) return own;
  const service = link(at(entry.root, 'LicenseService'));
  if (service === undefined) return own;
  const standard = await collector.resource('licences', service);
  const members = await collector.members('licences', link(at(standard, 'Licenses')));
  return standard === undefined ? own : members.map((one) => license(one, STANDARD, now));
}

/** Undefined where the maker's list is not known or cannot be read; empty where it is read and holds nothing. */
async function readOwn(collector: Collector, entry: Entry, now: Date): Promise<Licenses | undefined> {
  const table = entry.vendor.licenses;
  const place = locate(table?.place, entry);
  if (table === undefined || place === undefined) return undefined;
  if (table.form === 'json-texts') {
    const found = await jsonTexts(collector, place.uri);
    return found?.map((one) => license(one, table, now));
  }
  const found = place.guessed
    ? await collector.guess('licences', place.uri)
    : await collector.members('licences', place.uri);
  const unread = collector.gaps.some((gap) => gap.uri === place.uri);
  return found.length === 0 && (place.guessed || unread)
    ? undefined
    : found.map((one) => license(one, table, now));
}

/** License of DSP0268, whose Name is often no more than `License`. */
const STANDARD: Pick<NonNullable<Vendor['licenses']>, 'names' | 'states'> = {
  names: [['Name'], ['Description']],
  states: [['Status', 'State']],
};

const TYPE_NAMES = /^(licen[cs]es?( \d+)?|activation key|ilo license|delllicense)$/i;

function license(one: unknown, table: Pick<NonNullable<Vendor['licenses']>, 'names' | 'states'>, now: Date) {
  const names = table.names.map((path) => text(at(one, ...path)));
  const telling = names.find((name) => name !== undefined && !TYPE_NAMES.test(name));
  const expires = firstText(
    at(one, 'ExpirationDate'),
    at(one, 'LicenseEndDate'),
    at(one, 'LicenseExpire'),
    at(one, 'Expires'),
  );
  const end = expires === undefined ? Number.NaN : Date.parse(expires);
  const word = firstText(...table.states.map((path) => at(one, ...path)));
  return {
    name: telling ?? firstText(...names, at(one, 'Id')) ?? 'licence',
    state: end < now.getTime() ? 'expired' : stateOf(word),
  };
}

/** `active` and `expired` where the BMC's word means that, else its word. */
function stateOf(word: string | undefined): string {
  if (
    word === undefined ||
    /^(ok|valid|active|enabled|confirmed|perpetual|installed|subscription)$/i.test(word)
  )
    return 'active';
  return /expired/i.test(word) ? 'expired' : word.toLowerCase();
}

async function jsonTexts(collector: Collector, uri: string): Promise<readonly unknown[] | undefined> {
  const resource: Resource | undefined = await collector.resource('licences', uri);
  if (resource === undefined) return undefined;
  return list(at(resource, 'Licenses')).flatMap((entry): unknown[] => {
    if (isBag(entry)) return [entry];
    try {
      return [JSON.parse(String(entry))];
    } catch {
      return [{ LicenseName: entry }];
    }
  });
}
