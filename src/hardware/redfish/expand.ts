import type { Resource } from '../reader.ts';
import { isObject } from './json.ts';

/** Which form of `$expand` a BMC takes, found out by using it. */
export interface Expansion {
  /** The query to add to a collection, or undefined when members are to be read one by one. */
  query(): string | undefined;
  /** What came of it: the members were there, the BMC refused, or it ignored the query. */
  tell(query: string, outcome: 'worked' | 'refused' | 'ignored'): void;
}

/**
 * Reads what the service root offers (DSP0266, ProtocolFeaturesSupported.ExpandQuery). A form that has never worked is
 * given up at its first failure; one that has worked stays, since then only that collection is at fault.
 */
export function createExpansion(root: Resource): Expansion {
  const features = root['ProtocolFeaturesSupported'];
  const offered = isObject(features) && isObject(features['ExpandQuery']) ? features['ExpandQuery'] : {};
  const levels = offered['Levels'] === true ? '($levels=1)' : '';
  const forms: string[] = [];
  if (offered['NoLinks'] === true) forms.push(`$expand=.${levels}`);
  if (offered['ExpandAll'] === true) forms.push(`$expand=*${levels}`);
  let worked = false;
  return {
    query: () => forms[0],
    tell: (query, outcome) => {
      if (query !== forms[0]) return;
      if (outcome === 'worked') worked = true;
      else if (!worked) forms.shift();
    },
  };
}

/** Answers to a `$expand` after which the same collection is read without it. */
export function refusesExpand(code: string): boolean {
  return [
    'REDFISH_HTTP',
    'REDFISH_NOT_FOUND',
    'REDFISH_FORBIDDEN',
    'REDFISH_MALFORMED',
    'REDFISH_TOO_LARGE',
  ].includes(code);
}

/** Members of one page of a collection; what is no object is left out. */
export function membersOf(page: Resource): readonly Resource[] {
  const members = page['Members'];
  return Array.isArray(members) ? members.filter(isObject) : [];
}

/** Whether a member is only a link: nothing but annotations. */
export function isLink(member: Resource): boolean {
  return Object.keys(member).every((key) => key.startsWith('@'));
}

/** The link of a member or a resource to itself. */
export function idOf(resource: Resource): string | undefined {
  const id = resource['@odata.id'];
  return typeof id === 'string' && id !== '' ? id : undefined;
}

/** The next page of a collection, where there is one. */
export function nextLinkOf(page: Resource): string | undefined {
  const next = page['Members@odata.nextLink'] ?? page['@odata.nextLink'];
  const link = isObject(next) ? next['@odata.id'] : next;
  return typeof link === 'string' && link !== '' ? link : undefined;
}
