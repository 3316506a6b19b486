import type { FailureInput, FailureRecord } from '../contract/failure.ts';
import type { ProbeResult } from '../contract/vantage.ts';
import { explainFailure, explainFailures, type Catalogue, type RunNames } from '../failures/index.ts';
import type { Explainer, Settling } from '../runs/index.ts';
import type { NormalisedSite } from '../site/index.ts';
import { attachMatrix, destinationOf, destinationText, type Destination } from '../vantage/index.ts';

/** Destinations that are probed at the end of one stage; they are at once, so it takes no longer than one. */
const MOST_PROBED = 3;

export interface ExplainerPorts {
  readonly site: NormalisedSite;
  readonly catalogue: Catalogue;
  names(): Omit<RunNames, 'addresses'>;
  /** Tries to reach a destination from everywhere, 20 s at most; null where that came to nothing. Never rejects. */
  probe(destination: Destination, signal: AbortSignal): Promise<ProbeResult | null>;
}

/**
 * Explains the failures of a run: each as it is met, and those of a stage as a whole, the root first. Where a root is
 * about reaching something, the run finds out who reaches it, and the broken leg decides whose the failure is.
 */
export function createExplainer({ site, catalogue, names, probe }: ExplainerPorts): Explainer {
  const addresses = addressesOf(site);
  const named = (): RunNames => ({ ...names(), addresses });
  return {
    explain: (input) => explainFailure(input, catalogue, named()),
    async settle(inputs, settling) {
      const records = explainFailures(inputs, catalogue, named());
      const wanted = findDestinations(records, inputs, site, settling);
      if (wanted.size === 0 || settling.signal.aborted) return records;
      const places = new Map([...wanted.values()].map((place) => [destinationText(place), place]));
      settling.onSlow(`finding out who reaches ${[...places.keys()].join(', ')}`);
      const stop = new AbortController();
      const onCancel = (): void => {
        stop.abort();
      };
      settling.signal.addEventListener('abort', onCancel);
      try {
        const found = new Map(
          await Promise.all(
            [...places].map(async ([text, place]) => [text, await probe(place, stop.signal)] as const),
          ),
        );
        const at = names().at;
        return records.map((record) => {
          const place = wanted.get(record);
          const result = place === undefined ? null : (found.get(destinationText(place)) ?? null);
          return result === null ? record : attachMatrix(record, result, at);
        });
      } finally {
        settling.signal.removeEventListener('abort', onCancel);
      }
    },
  };
}

/** Where the failures wanted to go, those that count most first. */
function findDestinations(
  records: readonly FailureRecord[],
  inputs: readonly FailureInput[],
  site: NormalisedSite,
  { outcome }: Settling,
): Map<FailureRecord, Destination> {
  const found = new Map<FailureRecord, Destination>();
  const texts = new Set<string>();
  for (const record of records) {
    const lost = inputs.some(
      ({ unreachable, where }) => unreachable === true && where.task === record.where.task,
    );
    const place = destinationOf(record, site, lost || outcome.status === 'unreachable');
    if (place === undefined) continue;
    texts.add(destinationText(place));
    if (texts.size > MOST_PROBED) break;
    found.set(record, place);
  }
  return found;
}

/** Addresses by machine, as the requests of failures name them; a host's own is the one the deployment VM logs in at. */
function addressesOf(site: NormalisedSite): Record<string, string> {
  const { deployment_vm: vm, kvm_host: kvm } = site;
  const hosts = site.hosts.flatMap((host) => {
    const { address } =
      host.interfaces.find(({ network, address }) => network === vm.network && address !== undefined) ??
      host.interfaces.find(({ address }) => address !== undefined) ??
      {};
    return address === undefined ? [] : [[host.name, address] as const];
  });
  return {
    ...Object.fromEntries(hosts),
    ...{ 'kvm-host': kvm.address, 'deployment-vm': vm.address, [vm.name]: vm.address },
  };
}
