import { type RedfishClient, type Resource, createRedfishClient } from '../../../src/hardware/index.ts';
import { objectOf, textOf } from './json.ts';
import type { BmcAccess } from './types.ts';

/**
 * Logs in to a BMC. Without a CA its certificate is taken as it is, which is how OME discovers unless the CA check is asked
 * for; with one it must be signed by it. Rejects with REDFISH_*.
 */
export async function openBmc(access: BmcAccess, signal: AbortSignal): Promise<RedfishClient> {
  const base = `https://${access.address.includes(':') ? `[${access.address}]` : access.address}:${access.port}`;
  const common = { base, signal, limits: { connectSeconds: 5, backoffSeconds: 0.1 } };
  const trust = access.ca === undefined ? { accept: [await shownBy(common)] } : { ca: access.ca };
  const credential = { username: access.username, password: access.password };
  return createRedfishClient({ ...common, trust, credential });
}

/** The fingerprint of the certificate that a BMC shows. */
async function shownBy(options: Parameters<typeof createRedfishClient>[0]): Promise<string> {
  const client = createRedfishClient(options);
  try {
    await client.root();
    return client.certificate()?.sha256 ?? '';
  } finally {
    await client.close();
  }
}

/** Works with a BMC and logs out of it, whatever happens. */
export async function withBmc<T>(
  opening: Promise<RedfishClient>,
  work: (client: RedfishClient) => Promise<T>,
): Promise<T> {
  const client = await opening;
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

/** The resource that a link of another one leads to. */
export function follow(client: RedfishClient, from: Resource, name: string): Promise<Resource> {
  return client.get(linkOf(from[name]));
}

/** The first member of a collection. */
export async function firstOf(client: RedfishClient, from: Resource, name: string): Promise<Resource> {
  const members = await client.members(linkOf(from[name]));
  return members[0] ?? {};
}

/** The URI of a link. */
export function linkOf(value: unknown): string {
  return textOf(objectOf(value)['@odata.id']);
}

/** Where an action is started. */
export function actionOf(resource: Resource, name: string): Resource {
  return objectOf(objectOf(resource['Actions'])[`#${name}`]);
}
