import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createRedfishClient } from '../../src/hardware/index.ts';
import { collection, fail, LOGIN, reply, SESSIONS, smallTree } from './hardware-bmc.ts';
import { counted, createRedfishRig, QUICK, SYSTEM } from './hardware-rig.ts';
import { refusal } from './remote-sshd.ts';

const { bmcWith, clientOf } = createRedfishRig();

describe('quirks of real BMCs', () => {
  it.each([
    ['an empty body', ''],
    ['half a document', '{"Id": "1", "Ser'],
    ['two documents in one', '{"error": {}}\n{"Id": "1"}'],
  ])('reads again after %s', async (_, body) => {
    const bmc = await bmcWith(
      ({ url }, response, times) => url === SYSTEM && times === 1 && reply(response, 200, body),
    );
    expect(await clientOf(bmc).get(SYSTEM)).toMatchObject({ SerialNumber: 'TEST0001' });
  });

  it('gives up on a body that stays broken, and says what it is', async () => {
    const bmc = await bmcWith(({ url }, response) => url === SYSTEM && reply(response, 200, '{"Id":'));
    const error = await refusal(clientOf(bmc).get(SYSTEM));
    expect(error).toMatchObject({ code: 'REDFISH_MALFORMED', exit: 3 });
    expect(error.message).toContain('malformed JSON');
    expect(counted(bmc, `GET ${SYSTEM}`)).toBe(3);
  });

  it('waits for a busy BMC as long as it asks, and one request at a time from then on', async () => {
    let most = 0;
    let inside = 0;
    const bmc = await bmcWith(
      async ({ url }, response, times) => {
        if (url === SYSTEM && times < 3) return reply(response, 503, '', { 'Retry-After': '0' });
        if (!url.startsWith('/redfish/v1/Many/')) return false;
        most = Math.max(most, (inside += 1));
        await new Promise((resolve) => setTimeout(resolve, 5));
        inside -= 1;
        return false;
      },
      smallTree(collection('/redfish/v1/Many', 6)),
    );
    const client = clientOf(bmc);
    expect(await client.get(SYSTEM)).toMatchObject({ Id: '1' });
    expect(await client.members('/redfish/v1/Many')).toHaveLength(6);
    expect(most).toBe(1);
  });

  it('does not wait for ever', async () => {
    const bmc = await bmcWith(
      ({ url }, response) => url === SYSTEM && reply(response, 503, '', { 'Retry-After': '86400' }),
    );
    expect(await refusal(clientOf(bmc).get(SYSTEM))).toMatchObject({ code: 'REDFISH_BUSY', exit: 3 });
    expect(counted(bmc, `GET ${SYSTEM}`)).toBe(5);
  });

  it('reads again after a fault while starting and after a broken connection', async () => {
    const bmc = await bmcWith(({ url }, response, times) => {
      if (url !== SYSTEM || times > 2) return false;
      if (times === 1) return fail(response, 500, 'x', 'Starting.');
      response.destroy();
      return true;
    });
    expect(await clientOf(bmc).get(SYSTEM)).toMatchObject({ Id: '1' });
  });

  it('unpacks what was packed unasked, with a byte order mark before it', async () => {
    const packed = gzipSync(`\uFEFF{"Id": "packed"}`);
    const bmc = await bmcWith(({ url }, response) => {
      if (url !== SYSTEM) return false;
      response.writeHead(200, { 'Content-Encoding': 'gzip' });
      response.end(packed);
      return true;
    });
    expect(await clientOf(bmc).get(SYSTEM)).toEqual({ Id: 'packed' });
  });

  it('keeps memory bounded whatever is sent, packed or not', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, ' '));
    const bmc = await bmcWith(({ url }, response) => {
      if (url === `${SYSTEM}/Bomb`) {
        response.writeHead(200, { 'Content-Encoding': 'gzip' });
        response.end(bomb);
        return true;
      }
      if (url !== SYSTEM) return false;
      response.writeHead(200);
      const block = ' '.repeat(65536);
      const pour = (): void => {
        while (!response.destroyed && response.write(block));
      };
      response.on('drain', pour).on('error', () => undefined);
      pour();
      return true;
    });
    const client = clientOf(bmc, { limits: { ...QUICK, bodyBytes: 2 ** 20 } });
    expect(await refusal(client.get(SYSTEM))).toMatchObject({ code: 'REDFISH_TOO_LARGE' });
    expect((await refusal(client.get(`${SYSTEM}/Bomb`))).message).toContain('more than 1 MiB');
  });

  it('does not wait for an answer that drips', async () => {
    const bmc = await bmcWith(({ url }, response) => {
      if (url !== SYSTEM) return false;
      response.writeHead(200);
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drip));
      return true;
    });
    const error = await refusal(clientOf(bmc, { limits: { ...QUICK, requestSeconds: 0.3 } }).get(SYSTEM));
    expect(error).toMatchObject({ code: 'REDFISH_TIMEOUT', exit: 3 });
    expect(error.message).toContain(`GET ${SYSTEM} within 0.3 s`);
  });

  it('refuses nesting without end', async () => {
    const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
    const bmc = await bmcWith(({ url }, response) => url === SYSTEM && reply(response, 200, deep));
    expect((await refusal(clientOf(bmc).get(SYSTEM))).message).toContain('nested deeper than 64 levels');
  });

  it('does not take a BMC for gone that breaks the link at one resource only', async () => {
    const bmc = await bmcWith(({ url }, response) => {
      if (url !== '/redfish/v1/Bad') return false;
      response.destroy();
      return true;
    });
    const client = clientOf(bmc);
    expect((await refusal(client.get('/redfish/v1/Bad'))).code).toBe('REDFISH_CLOSED');
    expect(await client.get(SYSTEM)).toMatchObject({ Id: '1' });
    expect(client.lost()).toBeUndefined();
  });

  it('stops asking a BMC that has gone', async () => {
    const bmc = await bmcWith(
      ({ url }, response) => {
        if (!url.startsWith('/redfish/v1/Many/')) return false;
        response.destroy();
        return true;
      },
      smallTree(collection('/redfish/v1/Many', 50)),
    );
    const gaps: string[] = [];
    const members = await clientOf(bmc).members('/redfish/v1/Many', (uri) => gaps.push(uri));
    expect(members).toEqual([]);
    expect(gaps).toHaveLength(50);
    expect(bmc.seen.length).toBeLessThan(30);
  });
});

describe('links', () => {
  it('follows redirects on the same BMC and no others', async () => {
    const bmc = await bmcWith(({ url }, response) => {
      if (url === '/redfish/v1/Old') return reply(response, 308, '', { Location: SYSTEM });
      if (url === '/redfish/v1/Away')
        return reply(response, 302, '', { Location: 'https://192.0.2.1/redfish/v1' });
      if (url === '/redfish/v1/Round') return reply(response, 301, '', { Location: '/redfish/v1/Round' });
      return false;
    });
    const client = clientOf(bmc);
    expect(await client.get('/redfish/v1/Old')).toMatchObject({ SerialNumber: 'TEST0001' });
    expect((await refusal(client.get('/redfish/v1/Away'))).message).toContain('https://192.0.2.1/redfish/v1');
    expect((await refusal(client.get('/redfish/v1/Round'))).code).toBe('REDFISH_REDIRECT');
  });

  it('takes absolute links to itself, refuses those to another host, and reads into a resource by fragment', async () => {
    const tree = smallTree({
      '/redfish/v1/Chassis/1/Power': { PowerSupplies: [{ Name: 'PSU 1' }, { Name: 'PSU 2' }] },
    });
    const bmc = await bmcWith(undefined, tree);
    const client = clientOf(bmc);
    expect(await client.get(`https://127.0.0.1${SYSTEM}`)).toMatchObject({ Id: '1' });
    expect(await client.get('/redfish/v1/Chassis/1/Power#/PowerSupplies/1')).toEqual({ Name: 'PSU 2' });
    expect(await client.get('/redfish/v1/Chassis/1/Power#PowerSupplies/0')).toEqual({ Name: 'PSU 1' });
    for (const link of ['https://192.0.2.1/redfish/v1', '//192.0.2.1/redfish/v1']) {
      expect((await refusal(client.get(link))).code).toBe('REDFISH_FOREIGN_ADDRESS');
    }
  });

  it('keeps resources under their own spelling, whatever slash and case a link has', async () => {
    const bmc = await bmcWith(
      ({ url }, response) =>
        url === '/redfish/v1/systems/1/' && reply(response, 200, { '@odata.id': `${SYSTEM}/`, Id: '1' }),
    );
    const client = clientOf(bmc);
    await client.get('/redfish/v1/systems/1/');
    await client.get(SYSTEM);
    expect([...client.raw().keys()]).toEqual(['/redfish/v1', SYSTEM]);
  });

  it('refuses to send a password unencrypted to another machine', () => {
    const to = (base: string) => () => createRedfishClient({ base, credential: LOGIN });
    expect(to('http://192.0.2.1')).toThrow(/unencrypted/);
    expect(to('ftp://192.0.2.1')).toThrow(/not the address of a BMC/);
    expect(to('http://127.0.0.1.example.com')).toThrow(/unencrypted/);
  });
});

describe('changes', () => {
  it('sends the ETag it has read, and tells when somebody was faster', async () => {
    let etag = '"1"';
    const bmc = await bmcWith(({ method, url, headers }, response) => {
      if (url !== SYSTEM) return false;
      if (method === 'PATCH') {
        if (headers['if-match'] !== etag)
          return fail(response, 412, 'Base.1.8.PreconditionFailed', 'Changed.');
        return reply(response, 202, {}, { Location: '/redfish/v1/TaskService/Tasks/7' });
      }
      if (headers['if-none-match'] === etag) return reply(response, 304, '');
      return reply(response, 200, { '@odata.id': SYSTEM, AssetTag: etag }, { ETag: etag });
    });
    const client = clientOf(bmc);
    const first = await client.get(SYSTEM);
    expect(await client.get(SYSTEM)).toBe(first);
    expect(await client.patch(SYSTEM, { AssetTag: 'x' })).toMatchObject({
      status: 202,
      location: '/redfish/v1/TaskService/Tasks/7',
    });
    etag = '"2"';
    expect((await refusal(client.patch(SYSTEM, { AssetTag: 'y' }))).code).toBe('REDFISH_CHANGED');
    expect(await client.get(SYSTEM)).toMatchObject({ AssetTag: '"2"' });
  });

  it('never sends a change twice after a fault', async () => {
    const bmc = await bmcWith(({ method, url }, response) => {
      if (method !== 'POST' || url === SESSIONS) return false;
      return fail(response, 500, 'x', 'Broken.');
    });
    expect((await refusal(clientOf(bmc).post(`${SYSTEM}/Reset`, {}))).code).toBe('REDFISH_HTTP');
    expect(counted(bmc, `POST ${SYSTEM}/Reset`)).toBe(1);
  });
});
