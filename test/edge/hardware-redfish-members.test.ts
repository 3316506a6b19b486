import { describe, expect, it } from 'vitest';
import { createRedfishClient } from '../../src/hardware/index.ts';
import { rememberingReader } from '../../src/hardware/redfish/remember.ts';
import type { RedfishClient } from '../../src/hardware/redfish/types.ts';
import {
  collection,
  fail,
  LOGIN,
  reply,
  type Script,
  smallTree,
  startBmc,
  type TestBmc,
} from './hardware-bmc.ts';
import { closeAfterEach } from './hardware-rig.ts';

const opened = closeAfterEach();
const MANY = '/redfish/v1/Many';

/** A BMC with a collection of six, whose service root offers `$expand` as told. */
async function start(offered: object, script?: Script): Promise<{ bmc: TestBmc; client: RedfishClient }> {
  const tree = smallTree({ ...collection(MANY, 6), ...collection('/redfish/v1/More', 2) });
  tree['/redfish/v1']!['ProtocolFeaturesSupported'] = { ExpandQuery: offered };
  const bmc = opened(await startBmc({ tls: false, tree, ...(script === undefined ? {} : { script }) }));
  const client = opened(
    createRedfishClient({
      base: bmc.base,
      credential: LOGIN,
      limits: { backoffSeconds: 0.01, longestPauseSeconds: 0.05, pages: 20 },
    }),
  );
  return { bmc, client };
}

const ids = (members: readonly Readonly<Record<string, unknown>>[]): unknown[] => members.map(({ Id }) => Id);
const urls = (bmc: TestBmc): string[] =>
  bmc.seen.map(({ url }) => decodeURIComponent(url)).filter((url) => /Many|More/.test(url));
const whole = (from: number, to: number): object[] =>
  Array.from({ length: to - from + 1 }, (_, index) => ({
    '@odata.id': `${MANY}/${from + index}`,
    Id: `${from + index}`,
  }));

describe('$expand', () => {
  it('reads a collection with one request where the BMC offers it', async () => {
    const { bmc, client } = await start(
      { NoLinks: true, Levels: true },
      ({ url }, response) =>
        url.startsWith(`${MANY}?`) &&
        reply(response, 200, { Members: whole(1, 6), 'Members@odata.count': 6 }),
    );
    expect(ids(await client.members(MANY))).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(urls(bmc)).toEqual([`${MANY}?$expand=.($levels=1)`]);
    // What is kept can be served again: the collection with links, each member under its own name.
    expect(client.raw().get(MANY)).toMatchObject({
      Members: [
        { '@odata.id': `${MANY}/1` },
        ...whole(2, 6).map(({ '@odata.id': id }: { '@odata.id'?: string }) => ({ '@odata.id': id })),
      ],
    });
    expect(client.raw().get(`${MANY}/3`)).toMatchObject({ Id: '3' });
  });

  it('leaves it where it is not offered', async () => {
    const { bmc, client } = await start({});
    expect(ids(await client.members(MANY))).toHaveLength(6);
    expect(urls(bmc)[0]).toBe(MANY);
  });

  it.each([400, 404, 500, 501])('falls back after %i, and remembers', async (status) => {
    const { bmc, client } = await start(
      { NoLinks: true, ExpandAll: true, Levels: true },
      ({ url }, response) =>
        url.includes('expand') && fail(response, status, 'Base.1.8.QueryNotSupported', 'No.'),
    );
    expect(ids(await client.members(MANY))).toHaveLength(6);
    expect(ids(await client.members('/redfish/v1/More'))).toHaveLength(2);
    expect(urls(bmc).filter((url) => url.includes('expand'))).toEqual([
      `${MANY}?$expand=.($levels=1)`,
      `${MANY}?$expand=*($levels=1)`,
    ]);
  });

  it('reads members one by one where the BMC offers it and does not do it', async () => {
    const { bmc, client } = await start({ ExpandAll: true });
    expect(ids(await client.members(MANY))).toHaveLength(6);
    expect(ids(await client.members('/redfish/v1/More'))).toHaveLength(2);
    expect(urls(bmc).filter((url) => url.includes('expand'))).toEqual([`${MANY}?$expand=*`]);
  });

  it('completes a collection of which only a part came expanded', async () => {
    const { client } = await start(
      { NoLinks: true },
      ({ url }, response) =>
        url.startsWith(`${MANY}?`) &&
        reply(response, 200, { Members: whole(1, 4), 'Members@odata.count': 6 }),
    );
    expect(ids(await client.members(MANY))).toEqual(['1', '2', '3', '4', '5', '6']);
  });
});

describe('pages', () => {
  it('follows them to the end, also when links are absolute', async () => {
    const { client } = await start({}, ({ url }, response) => {
      const skip = Number(/skip=(\d)/.exec(url)?.[1] ?? 0);
      if (!/Many($|\?)/.test(url)) return false;
      const next = skip < 4 ? { 'Members@odata.nextLink': `https://127.0.0.1${MANY}?$skip=${skip + 2}` } : {};
      return reply(response, 200, { Members: whole(skip + 1, skip + 2), ...next });
    });
    expect(ids(await client.members(MANY))).toEqual(['1', '2', '3', '4', '5', '6']);
  });

  it('ends where pages go round, and where they never end', async () => {
    const round = await start(
      {},
      ({ url }, response) =>
        /Many($|\?)/.test(url) &&
        reply(response, 200, { Members: whole(1, 1), 'Members@odata.nextLink': `${MANY}?$skip=1` }),
    );
    expect(await round.client.members(MANY)).toHaveLength(2);
    const endless = await start({}, ({ url }, response) => {
      const skip = Number(/skip=(\d+)/.exec(url)?.[1] ?? 0);
      if (!/Many($|\?)/.test(url)) return false;
      return reply(response, 200, { Members: whole(1, 1), '@odata.nextLink': `${MANY}?$skip=${skip + 1}` });
    });
    const gaps: string[] = [];
    expect(
      await endless.client.members(MANY, (_, error) => gaps.push((error as Error).message)),
    ).toHaveLength(20);
    expect(gaps).toEqual([expect.stringContaining('20 pages')]);
  });
});

describe('gaps', () => {
  it('tells members that cannot be read and gives the others', async () => {
    const { client } = await start({}, ({ url }, response) => {
      if (url === `${MANY}/2`) return fail(response, 404, 'x', 'Gone.');
      return url === `${MANY}/5` && reply(response, 200, 'broken');
    });
    const gaps: string[] = [];
    const members = await client.members(MANY, (uri, error) =>
      gaps.push(`${uri} ${(error as { code: string }).code}`),
    );
    expect(ids(members)).toEqual(['1', '3', '4', '6']);
    expect(gaps.sort()).toEqual([`${MANY}/2 REDFISH_NOT_FOUND`, `${MANY}/5 REDFISH_MALFORMED`]);
  });

  it('takes a collection for empty that has no members, or none that are any', async () => {
    const { client } = await start({}, ({ url }, response) => {
      if (url === MANY) return reply(response, 200, { Name: 'no members' });
      return (
        url === '/redfish/v1/More' && reply(response, 200, { Members: [null, 'x', {}, { '@odata.id': '' }] })
      );
    });
    expect(await client.members(MANY)).toEqual([]);
    expect(await client.members('/redfish/v1/More')).toEqual([]);
  });

  it('reads nothing twice for a snapshot', async () => {
    const { bmc, client } = await start({});
    const reader = rememberingReader(client);
    await reader.members(MANY);
    await reader.members(`${MANY}/`);
    await reader.get(`${MANY}/3`);
    await reader.get('/redfish/v1/many/3/');
    expect(urls(bmc)).toHaveLength(7);
  });
});
