import { expandRanges } from '../../../src/hardware/index.ts';
import { takeInventory } from './devices.ts';
import { invalidValue, malformedValue } from './errors.ts';
import { forEach } from './jobs.ts';
import { listOf, objectOf, textOf } from './json.ts';
import type { BmcAccess, Job, JobResult, Json, Ome } from './types.ts';

/** How each address of a discovery is to be reached; refused where a range or a connection profile makes no sense. */
export function targetsOf(payload: Json): readonly BmcAccess[] {
  const models = listOf(payload['DiscoveryConfigModels']).map(objectOf);
  if (models.length === 0) throw invalidValue('DiscoveryConfigModels');
  return models.flatMap((model) => {
    const access = accessOf(model);
    return addressesOf(model).map((address) => ({ address, ...access }));
  });
}

function addressesOf(model: Json): readonly string[] {
  const details = listOf(model['DiscoveryConfigTargets']).map((target) =>
    textOf(objectOf(target)['NetworkAddressDetail']),
  );
  if (details.length === 0) throw invalidValue('DiscoveryConfigTargets');
  return details.flatMap((detail) => {
    // Host names and IPv6 addresses are single ones; only IPv4 comes in ranges here.
    if (!/^[\d./-]+$/.test(detail)) return [detail];
    try {
      return expandRanges([detail]);
    } catch {
      throw malformedValue(`NetworkAddressDetail: ${detail}`);
    }
  });
}

/** Redfish is what the simulator speaks; WS-Man comes with the same login as Redfish, as the modules send it. */
function accessOf(model: Json): Omit<BmcAccess, 'address'> {
  const profile = parsed(textOf(model['ConnectionProfile']));
  const offers = listOf(profile['credentials']).map(objectOf);
  const redfish = offers.find((offer) => textOf(offer['type']) === 'REDFISH');
  const login = objectOf(redfish?.['credentials']);
  if (redfish === undefined || textOf(login['username']) === '') throw invalidValue('ConnectionProfile');
  const certificate = textOf(login['certificateData']);
  return {
    username: textOf(login['username']),
    password: textOf(login['password']),
    port: Number(login['port'] ?? 443),
    ...(login['caCheck'] === true && certificate !== '' ? { ca: certificate } : {}),
  };
}

function parsed(text: string): Json {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    throw malformedValue('ConnectionProfile');
  }
}

/** The job of a discovery: every address is asked by Redfish; what does not answer or does not let in fails alone. */
export async function runDiscoveryJob(ome: Ome, job: Job): Promise<readonly JobResult[]> {
  const discovery = ome.state.discoveries.find(({ jobId }) => jobId === job.id);
  if (discovery === undefined) return [];
  const results = await forEach(
    targetsOf(discovery.payload),
    (access) => access.address,
    async (access) => {
      const device = await takeInventory(ome, access);
      return `Discovered ${device.model} with the service tag ${device.tag}.`;
    },
  );
  discovery.discovered = results.filter(({ status }) => status === 2060).length;
  discovery.updatedAt = ome.now();
  return results;
}
