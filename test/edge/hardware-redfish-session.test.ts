import { describe, expect, it } from 'vitest';
import { createLoginLedger } from '../../src/hardware/index.ts';
import { fail, reply, SESSIONS, smallTree, type TestBmc } from './hardware-bmc.ts';
import { counted, createRedfishRig, SYSTEM } from './hardware-rig.ts';
import { refusal } from './remote-sshd.ts';

const { bmcWith, clientOf } = createRedfishRig();

describe('sessions', () => {
  it('opens one for many reads side by side, and ends it', async () => {
    const bmc = await bmcWith();
    const client = clientOf(bmc);
    const systems = await Promise.all([1, 2, 3, 4, 5].map(() => client.get(SYSTEM)));
    expect(systems[4]).toMatchObject({ SerialNumber: 'TEST0001' });
    expect(counted(bmc, `POST ${SESSIONS}`)).toBe(1);
    expect(counted(bmc, `GET ${SYSTEM}`)).toBe(1);
    expect(bmc.sessions.size).toBe(1);
    await client.close();
    expect(bmc.sessions.size).toBe(0);
  });

  it('ends it also after an error and after a cancel', async () => {
    const bmc = await bmcWith();
    const failing = clientOf(bmc);
    expect((await refusal(failing.get('/redfish/v1/Nothing'))).code).toBe('REDFISH_NOT_FOUND');
    const controller = new AbortController();
    const cancelledClient = clientOf(bmc, { signal: controller.signal });
    await cancelledClient.get(SYSTEM);
    expect(bmc.sessions.size).toBe(2);
    controller.abort();
    expect(await refusal(cancelledClient.get(SYSTEM))).toMatchObject({ code: 'CANCELLED', exit: 4 });
    await failing.close();
    await cancelledClient.close();
    expect(bmc.sessions.size).toBe(0);
  });

  it('ends a session whose login was under way when the engineer cancelled', async () => {
    const controller = new AbortController();
    const bmc = await bmcWith(({ method }) => {
      if (method === 'POST') controller.abort();
      return false;
    });
    const client = clientOf(bmc, { signal: controller.signal });
    expect((await refusal(client.get(SYSTEM))).code).toBe('CANCELLED');
    await client.close();
    expect(counted(bmc, `POST ${SESSIONS}`)).toBe(1);
    expect(bmc.sessions.size).toBe(0);
  });

  it.each([404, 405, 501])(
    'uses basic authorisation where the BMC answers a login with %i',
    async (status) => {
      const bmc = await bmcWith(
        ({ method }, response) => method === 'POST' && fail(response, status, 'x', 'No.'),
      );
      expect(await clientOf(bmc).get(SYSTEM)).toMatchObject({ Id: '1' });
      expect(bmc.seen.at(-1)?.headers.authorization).toMatch(/^Basic /);
    },
  );

  it('uses basic authorisation where all sessions are taken, and does not wait as for a busy BMC', async () => {
    const bmc = await bmcWith(
      ({ method }, response) =>
        method === 'POST' &&
        fail(response, 503, 'IDRAC.2.4.RAC0218', 'The maximum number of user sessions is reached.'),
    );
    expect(await clientOf(bmc).get(SYSTEM)).toMatchObject({ Id: '1' });
    expect(counted(bmc, `POST ${SESSIONS}`)).toBe(1);
  });

  it('logs in where the service root says, as iDRAC 8 needs', async () => {
    const tree = smallTree();
    tree['/redfish/v1']!['Links'] = { Sessions: { '@odata.id': '/redfish/v1/Sessions' } };
    const bmc = await bmcWith(({ method, url }, response) => {
      if (method !== 'POST') return false;
      if (url !== '/redfish/v1/Sessions') return fail(response, 405, 'x', 'No.');
      bmc.sessions.set('token', '/redfish/v1/Sessions/1');
      return reply(response, 201, {}, { 'X-Auth-Token': 'token', Location: '/redfish/v1/Sessions/1' });
    }, tree);
    const client = clientOf(bmc);
    await client.get(SYSTEM);
    await client.close();
    expect(bmc.sessions.size).toBe(0);
  });

  it('logs in once more when the session has expired, for all reads together', async () => {
    const bmc = await bmcWith();
    const client = clientOf(bmc);
    await client.get(SYSTEM);
    bmc.sessions.clear();
    await Promise.all([client.get(SYSTEM), client.get('/redfish/v1/Systems')]);
    expect(counted(bmc, `POST ${SESSIONS}`)).toBe(2);
  });

  it('does not log in again and again where 401 means that the user may not', async () => {
    const bmc = await bmcWith(
      ({ url }, response) => url.startsWith('/redfish/v1/Secret') && fail(response, 401, 'x', 'No.'),
    );
    const client = clientOf(bmc);
    for (const part of [1, 2, 3]) {
      expect((await refusal(client.get(`/redfish/v1/Secret/${part}`))).code).toBe('REDFISH_FORBIDDEN');
    }
    expect(counted(bmc, `POST ${SESSIONS}`)).toBe(2);
  });

  it('reads a service root that needs a login, against the standard', async () => {
    const bmc = await bmcWith(({ url, headers }, response) => {
      if (url !== '/redfish/v1/' || headers['x-auth-token'] !== undefined) return false;
      return fail(response, 401, 'x', 'No.');
    });
    expect(await clientOf(bmc).root()).toMatchObject({ RedfishVersion: '1.13.0' });
  });

  it('keeps connections open between reads', async () => {
    const bmc = await bmcWith();
    const client = clientOf(bmc);
    for (let round = 0; round < 5; round += 1) await client.get(SYSTEM);
    expect(bmc.connections()).toBe(1);
  });
});

const WRONG = { username: 'admin', password: 'wrong-bmc-password' };
const logins = (bmc: TestBmc): number => counted(bmc, `POST ${SESSIONS}`);

describe('refused logins', () => {
  it('says who was refused, tries once however much is asked for, and never tells the password', async () => {
    const bmc = await bmcWith();
    const client = clientOf(bmc, { credential: WRONG, label: 'BMC of node-1' });
    const errors = await Promise.all([1, 2, 3, 4].map(() => refusal(client.get(SYSTEM))));
    await refusal(client.members('/redfish/v1/Systems'));
    expect(errors[0]).toMatchObject({ code: 'REDFISH_LOGIN_REFUSED', exit: 3 });
    expect(errors[0]!.message).toContain(`BMC of node-1 (${bmc.base}) does not let admin in`);
    expect(logins(bmc)).toBe(1);
    expect(JSON.stringify([errors, errors.map((error) => error.message)])).not.toContain(
      'wrong-bmc-password',
    );
  });

  it('does not try a refused password by basic authorisation, and basic authorisation only once', async () => {
    const bmc = await bmcWith();
    await refusal(clientOf(bmc, { credential: WRONG }).get(SYSTEM));
    expect(bmc.seen.filter(({ headers }) => headers.authorization !== undefined)).toEqual([]);
    const old = await bmcWith(({ method }, response) => method === 'POST' && fail(response, 405, 'x', 'No.'));
    const client = clientOf(old, { credential: WRONG });
    const errors = await Promise.all([1, 2, 3, 4].map(() => refusal(client.get(SYSTEM))));
    expect(errors.map(({ code }) => code)).toEqual(Array(4).fill('REDFISH_LOGIN_REFUSED'));
    expect(old.seen.filter(({ headers }) => headers.authorization !== undefined)).toHaveLength(1);
  });

  it('knows a locked account and a password that must be changed', async () => {
    const locked = await bmcWith(
      ({ method }, response) =>
        method === 'POST' && fail(response, 403, 'x', 'The account is locked out for 300 seconds.'),
    );
    const error = await refusal(clientOf(locked).get(SYSTEM));
    expect(error.code).toBe('REDFISH_LOGIN_LOCKED');
    expect(error.hint).toContain('Wait until the lock ends');
    const fresh = await bmcWith(
      ({ method }, response) =>
        method === 'POST' && fail(response, 403, 'Base.1.8.PasswordChangeRequired', 'Change it.'),
    );
    expect((await refusal(clientOf(fresh).get(SYSTEM))).code).toBe('REDFISH_PASSWORD_CHANGE');
  });

  it('holds a credential back after three BMCs in a row have refused it, side by side or one by one', async () => {
    const ledger = createLoginLedger();
    const bmcs = await Promise.all(Array.from({ length: 12 }, () => bmcWith()));
    const errors = await Promise.all(
      bmcs.map((bmc) => refusal(clientOf(bmc, { credential: WRONG, logins: ledger }).get(SYSTEM))),
    );
    const codes = errors.map(({ code }) => code);
    expect(codes.filter((code) => code === 'REDFISH_LOGIN_REFUSED')).toHaveLength(3);
    expect(codes.filter((code) => code === 'REDFISH_LOGIN_HELD_BACK')).toHaveLength(9);
    expect(bmcs.reduce((sum, bmc) => sum + logins(bmc), 0)).toBe(3);
    expect(errors.at(-1)?.message).toContain('could lock the account');
    // Another credential is another account.
    await expect(clientOf(bmcs[0]!, { logins: ledger }).get(SYSTEM)).resolves.toMatchObject({ Id: '1' });
  });

  it('goes on where a credential works elsewhere, and asks no BMC twice', async () => {
    const ledger = createLoginLedger();
    const [good, odd] = [
      await bmcWith(),
      await bmcWith(({ method }, response) => method === 'POST' && fail(response, 401, 'x', 'No.')),
    ];
    for (let round = 0; round < 4; round += 1) {
      expect((await refusal(clientOf(odd, { logins: ledger }).get(SYSTEM))).code).toBe(
        'REDFISH_LOGIN_REFUSED',
      );
      await clientOf(good, { logins: ledger }).get(SYSTEM);
    }
    expect(logins(odd)).toBe(1);
  });

  it('waits for a busy BMC at login, and counts that as no refusal', async () => {
    const bmc = await bmcWith(
      ({ method }, response, times) => method === 'POST' && times < 3 && fail(response, 503, 'x', 'Busy.'),
    );
    await expect(clientOf(bmc).get(SYSTEM)).resolves.toMatchObject({ Id: '1' });
  });

  it('sends no password to what answers, but is no BMC', async () => {
    for (const page of ['<html>Switch login</html>', '{"hello": "world"}', '[]', '']) {
      const web = await bmcWith((_, response) => reply(response, 200, page));
      const error = await refusal(clientOf(web).get(SYSTEM));
      expect(error.code).toBe('REDFISH_NOT_REDFISH');
      expect(
        web.seen.filter(({ method, headers }) => method === 'POST' || headers.authorization !== undefined),
      ).toEqual([]);
    }
  });
});
