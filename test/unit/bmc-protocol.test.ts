import { describe, expect, it } from 'vitest';
import { testMachine } from './bmc-machine.ts';

const SYSTEM = '/redfish/v1/Systems/System.Embedded.1';
const SESSIONS = '/redfish/v1/SessionService/Sessions';
const NOBODY = { authorization: '' };
const LOGIN = { UserName: 'root', Password: 'a-long-test-password' };

describe('logging in', () => {
  it('is not needed for the service root, /redfish and the service document', () => {
    const { ask } = testMachine();
    for (const uri of ['/redfish', '/redfish/v1', '/redfish/v1/', '/redfish/v1/odata'])
      expect(ask('GET', uri, undefined, NOBODY).status).toBe(200);
    const refused = ask('GET', '/redfish/v1/Systems', undefined, NOBODY);
    expect(refused).toMatchObject({ status: 401, headers: { 'WWW-Authenticate': 'Basic realm="Redfish"' } });
  });

  it('makes a session with token and location that ends by DELETE and by time', () => {
    const { ask, get, pass } = testMachine({ limits: { sessionSeconds: 60 } });
    const session = ask('POST', SESSIONS, LOGIN, NOBODY);
    expect(session.status).toBe(201);
    const token = { ...NOBODY, 'x-auth-token': session.headers?.['X-Auth-Token'] ?? '' };
    expect(ask('GET', SYSTEM, undefined, token).status).toBe(200);
    expect(ask('GET', session.headers?.['Location'] ?? '', undefined, token).json.UserName).toBe('root');
    expect(ask('DELETE', session.headers?.['Location'] ?? '', undefined, token).status).toBe(204);
    expect(ask('GET', SYSTEM, undefined, token).status).toBe(401);
    ask('POST', SESSIONS, LOGIN, NOBODY);
    expect(get(SESSIONS)['Members@odata.count']).toBe(1);
    pass(61);
    expect(get(SESSIONS)['Members@odata.count']).toBe(0);
  });

  it('stops at the limit with the words of an iDRAC', () => {
    const { ask } = testMachine({ limits: { sessions: 1 } });
    expect(ask('POST', SESSIONS, LOGIN, NOBODY).status).toBe(201);
    expect(ask('POST', SESSIONS, LOGIN, NOBODY)).toMatchObject({
      status: 503,
      messages: ['IDRAC.2.7.RAC0218'],
    });
  });

  it('locks the account after failures, also for the right password, and opens it later', () => {
    const { machine, ask, pass } = testMachine();
    machine.faults = [{ kind: 'lockout', after: 2, seconds: 100 }];
    const wrong = () => ask('POST', SESSIONS, { ...LOGIN, Password: 'wrong' }, NOBODY).status;
    expect([wrong(), wrong(), ask('POST', SESSIONS, LOGIN, NOBODY).status]).toEqual([401, 401, 401]);
    pass(101);
    expect(ask('POST', SESSIONS, LOGIN, NOBODY).status).toBe(201);
  });
});

describe('reading', () => {
  it('treats a trailing slash as the same resource and answers HEAD without a body', () => {
    const { ask, get } = testMachine();
    expect(get(`${SYSTEM}/`)).toEqual(get(SYSTEM));
    expect(ask('HEAD', SYSTEM)).toMatchObject({ status: 200, json: undefined });
  });

  it('gives every resource an id, a type, and members that can be read', () => {
    const { get } = testMachine();
    const seen = new Set<string>();
    const walk = (uri: string) => {
      if (seen.has(uri)) return;
      seen.add(uri);
      const resource = get(uri);
      expect(resource['@odata.id'], uri).toBe(uri);
      if (!uri.endsWith('/odata')) expect(resource['@odata.type'], uri).toMatch(/^#\w+\./);
      if (resource.Members) expect(resource['Members@odata.count'], uri).toBe(resource.Members.length);
      for (const [, link] of JSON.stringify(resource).matchAll(/"@odata\.id":"([^"#]+)"/g)) walk(link ?? '');
    };
    walk('/redfish/v1');
    expect(seen.size).toBeGreaterThan(100);
  });

  it('answers 304 for an ETag that still holds, which its running clock does not change', () => {
    const { ask, pass } = testMachine();
    const manager = '/redfish/v1/Managers/iDRAC.Embedded.1';
    const etag = ask('GET', manager).headers?.['ETag'] ?? '';
    pass(1000);
    expect(ask('GET', manager, undefined, { 'if-none-match': etag }).status).toBe(304);
    ask('PATCH', manager, { DateTimeLocalOffset: '+05:00' });
    expect(ask('GET', manager, undefined, { 'if-none-match': etag }).status).toBe(200);
  });

  it('refuses a change that was made against an older state', () => {
    const { ask } = testMachine();
    const etag = ask('GET', SYSTEM).headers?.['ETag'] ?? '';
    const change = (tag: string) => ask('PATCH', SYSTEM, { AssetTag: tag }, { 'if-match': etag }).status;
    expect([change('first'), change('second')]).toEqual([200, 412]);
  });

  it('says what is allowed instead', () => {
    const { ask } = testMachine();
    expect(ask('DELETE', SYSTEM)).toMatchObject({ status: 405, headers: { Allow: 'GET, HEAD, PATCH' } });
    expect(ask('GET', `${SYSTEM}/Actions/ComputerSystem.Reset`)).toMatchObject({
      status: 405,
      headers: { Allow: 'POST' },
    });
    expect(ask('GET', '/redfish/v1/Nothing')).toMatchObject({
      status: 404,
      messages: ['Base.1.12.ResourceMissingAtURI'],
    });
    expect(ask('PATCH', SYSTEM, '{broken')).toMatchObject({
      status: 400,
      messages: ['Base.1.12.MalformedJSON'],
    });
    expect(ask('PATCH', SYSTEM, { Colour: 'red', Model: 'R760' }).messages).toEqual([
      'Base.1.12.PropertyUnknown',
      'Base.1.12.PropertyNotWritable',
    ]);
  });
});

interface Page {
  readonly Members: readonly { readonly Id: string }[];
  readonly 'Members@odata.count': number;
  readonly 'Members@odata.nextLink'?: string;
}

describe('query options', () => {
  const memory = `${SYSTEM}/Memory`;

  it('expand one level, links apart as asked', () => {
    const { get } = testMachine();
    expect(get(`${memory}?$expand=.`).Members[0].CapacityMiB).toBe(32768);
    expect(get(`${memory}?$expand=*($levels=1)`).Members).toHaveLength(8);
    const all = get(`${SYSTEM}?$expand=~`);
    expect(all.Links.Chassis[0].ChassisType).toBe('RackMount');
    expect(all.Bios).toEqual({ '@odata.id': `${SYSTEM}/Bios` });
  });

  it('are refused when they are not offered, out of range, or not understood', () => {
    const { ask } = testMachine();
    expect(ask('GET', `${memory}?$expand=.($levels=9)`)).toMatchObject({
      status: 400,
      messages: ['Base.1.12.QueryParameterOutOfRange'],
    });
    expect(ask('GET', `${memory}?$expand=all`).status).toBe(400);
    expect(ask('GET', `${memory}?$orderby=Name`)).toMatchObject({
      status: 501,
      messages: ['Base.1.12.QueryNotSupported'],
    });
    expect(ask('GET', `${memory}?vendor=x`).status).toBe(200);
  });

  it('page through a collection by next links', () => {
    const { get } = testMachine({ limits: { pageSize: 3 } });
    const ids: string[] = [];
    for (let next: string | undefined = memory; next !== undefined;) {
      const page: Page = get(next === memory ? `${memory}?$expand=.` : next);
      expect(page['Members@odata.count']).toBe(8);
      ids.push(...page.Members.map((member) => member.Id));
      next = page['Members@odata.nextLink'];
    }
    expect(new Set(ids).size).toBe(8);
  });

  it('select, skip, take the top, filter', () => {
    const { get } = testMachine();
    expect(
      Object.keys(get(`${SYSTEM}?$select=Model`) as object).filter((name) => !name.startsWith('@')),
    ).toEqual(['Model']);
    expect(get(`${memory}?$skip=6&$top=5`).Members).toHaveLength(2);
    expect(get(`${memory}?$filter=DeviceLocator eq 'DIMM A1'&$expand=.`).Members).toHaveLength(1);
  });

  it('can be broken by fault: an error, or ignored without a word', () => {
    const { machine, ask, get } = testMachine();
    machine.faults = [{ kind: 'expand-broken', how: 'error' }];
    expect(ask('GET', `${memory}?$expand=.`).status).toBe(500);
    machine.faults = [{ kind: 'expand-broken', how: 'ignored' }];
    expect(Object.keys(get(`${memory}?$expand=.`).Members[0] as object)).toEqual(['@odata.id']);
  });
});
