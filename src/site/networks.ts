import { BringupError } from '../contract/errors.ts';
import type { NormalisedNetwork, NormalisedSite } from './normalise.ts';

/** The network of that name. Throws BringupError SITE_UNKNOWN_NETWORK; in a parsed site every name used is known. */
export function networkOf(site: NormalisedSite, name: string): NormalisedNetwork {
  const network = site.networks.find((entry) => entry.name === name);
  if (network !== undefined) return network;
  throw new BringupError({
    code: 'SITE_UNKNOWN_NETWORK',
    message: `The site has no network named ${name}.`,
    hint: `Its networks are: ${site.networks.map((entry) => entry.name).join(', ')}.`,
  });
}

/** The prefix length of a network in CIDR form: 24 for 10.20.0.0/24. */
export function prefixLength(cidr: string): number {
  return Number(cidr.slice(cidr.indexOf('/') + 1));
}
