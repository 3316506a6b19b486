import { describe, expect, it } from 'vitest';
import { type Json, basic, testDevice, testOme } from './ome-appliance.ts';

const DEVICES = '/api/DeviceService/Devices';
const three = [
  testDevice(1, 'AAA0001'),
  testDevice(2, 'AAA0002', { health: 'Critical' }),
  testDevice(3, 'BBB0003'),
];
const tagsOf = (json: Json) => json.value.map((device) => device.DeviceServiceTag);

describe('sessions', () => {
  it('are opened by a login, named by their token, and closed', async () => {
    const { ask } = testOme();
    const opened = await ask('POST', '/api/SessionService/Sessions', {
      UserName: 'admin',
      Password: 'a-long-test-password',
      SessionType: 'API',
    });
    expect(opened).toMatchObject({ status: 201, json: { UserName: 'admin', Password: null } });
    const token = { authorization: '', 'x-auth-token': opened.headers['X-Auth-Token'] ?? '' };
    expect(await ask('GET', DEVICES, undefined, token)).toMatchObject({ status: 200 });
    const own = `/api/SessionService/Sessions('${opened.json.Id}')`;
    expect(await ask('DELETE', own, undefined, token)).toMatchObject({ status: 204 });
    expect(await ask('GET', DEVICES, undefined, token)).toMatchObject({ status: 401 });
  });

  it('end after half an hour without a request', async () => {
    const { ask, pass } = testOme();
    const login = { UserName: 'admin', Password: 'a-long-test-password' };
    const opened = await ask('POST', '/api/SessionService/Sessions', login);
    const token = { authorization: '', 'x-auth-token': opened.headers['X-Auth-Token'] ?? '' };
    pass(1799);
    expect(await ask('GET', DEVICES, undefined, token)).toMatchObject({ status: 200 });
    pass(1801);
    expect(await ask('GET', DEVICES, undefined, token)).toMatchObject({ status: 401 });
  });

  it.each([{ authorization: '' }, { authorization: basic('admin', 'wrong') }, { 'x-auth-token': 'wrong' }])(
    'are needed: %o is refused in the shape of an error of OME',
    async (headers) => {
      const refused = await testOme().ask('GET', DEVICES, undefined, headers);
      expect(refused).toMatchObject({
        status: 401,
        json: {
          error: {
            code: 'Base.1.0.GeneralError',
            '@Message.ExtendedInfo': [{ MessageId: expect.any(String), Message: expect.any(String) }],
          },
        },
      });
    },
  );
});

describe('collections', () => {
  it('count all and come in pages with a next link', async () => {
    const { ask } = testOme({ devices: three });
    const first = await ask('GET', DEVICES);
    expect(first.json).toMatchObject({ '@odata.count': 3, '@odata.nextLink': `${DEVICES}?$skip=2` });
    expect(tagsOf(first.json)).toEqual(['AAA0001', 'AAA0002']);
    const second = await ask('GET', first.json['@odata.nextLink']);
    expect(tagsOf(second.json)).toEqual(['BBB0003']);
    expect(second.json).not.toHaveProperty('@odata.nextLink');
  });

  it('keep the filter in the next link', async () => {
    const { ask } = testOme({ devices: three });
    const filter = encodeURIComponent('Type eq 1000');
    const first = await ask('GET', `${DEVICES}?$filter=${filter}`);
    expect(tagsOf((await ask('GET', first.json['@odata.nextLink'])).json)).toEqual(['BBB0003']);
  });

  it('give more than a page where $top asks for it, as modules do with 9999', async () => {
    const { ask } = testOme({ devices: three });
    const { json } = await ask('GET', `${DEVICES}?$top=9999`);
    expect(json.value).toHaveLength(3);
    expect(json).not.toHaveProperty('@odata.nextLink');
  });

  it.each([
    ["DeviceServiceTag eq 'AAA0002'", ['AAA0002']],
    ["DeviceServiceTag eq 'AAA0001' or Id eq 3", ['AAA0001', 'BBB0003']],
    ["contains(DeviceServiceTag,'aaa') and Status eq 1000", ['AAA0001']],
    ["(Id eq 1 or Id eq 2) and not startswith(DeviceServiceTag,'BBB')", ['AAA0001', 'AAA0002']],
    ['Id gt 1 and Id le 2', ['AAA0002']],
    ["DeviceServiceTag eq 'it''s'", []],
    ['NoSuchProperty eq 1', []],
  ])('are filtered by %s', async (filter, tags) => {
    const { ask } = testOme({ devices: three });
    const { json } = await ask('GET', `${DEVICES}?$top=9&$filter=${encodeURIComponent(filter)}`);
    expect(tagsOf(json)).toEqual(tags);
    expect(json['@odata.count']).toBe(tags.length);
  });

  it.each(['Id eq', 'Id equals 1', "Id eq 'open", '(Id eq 1', 'Id eq 1 2', 'nosuch(Id,1)'])(
    'refuse the filter %s',
    async (filter) => {
      const answer = await testOme().ask('GET', `${DEVICES}?$filter=${encodeURIComponent(filter)}`);
      expect(answer).toMatchObject({ status: 400 });
    },
  );
});

describe('addresses', () => {
  it('may have doubled slashes, as next links get them in the modules', async () => {
    expect(await testOme().ask('GET', '/api//DeviceService/Devices')).toMatchObject({ status: 200 });
  });

  it.each([
    ['GET', '/api/NoService', 404],
    ['GET', `${DEVICES}(4711)`, 404],
    ['GET', '/', 404],
    ['DELETE', DEVICES, 405],
    ['GET', '/api/TemplateService/Actions/TemplateService.Deploy', 405],
  ])('%s %s is answered by %i', async (method, url, status) => {
    expect(await testOme().ask(method, url)).toMatchObject({ status });
  });

  it('refuse a body that is no JSON', async () => {
    expect(await testOme().ask('POST', '/api/JobService/Jobs', '{')).toMatchObject({ status: 400 });
  });
});

describe('groups', () => {
  const create = (GroupModel: unknown) =>
    ['POST', '/api/GroupService/Actions/GroupService.CreateGroup', { GroupModel }] as const;

  it('hold their own devices and those of the groups below', async () => {
    const { ask } = testOme({ devices: three });
    const { json: above } = await ask(...create({ Name: 'above', MembershipTypeId: 12, ParentId: 1021 }));
    const { json: below } = await ask(...create({ Name: 'below', MembershipTypeId: 12, ParentId: above }));
    const add = (GroupId: unknown, id: number) =>
      ask('POST', '/api/GroupService/Actions/GroupService.AddMemberDevices', {
        GroupId,
        MemberDeviceIds: [id],
      });
    await add(above, 1);
    await add(below, 3);
    const { json } = await ask('GET', `/api/GroupService/Groups(${Number(above)})/Devices`);
    expect(tagsOf(json)).toEqual(['AAA0001', 'BBB0003']);
  });

  it('cannot be put below themselves, renamed to a taken name, or made without one', async () => {
    const { ask } = testOme();
    const { json: id } = await ask(...create({ Name: 'one', ParentId: 1021 }));
    const update = (GroupModel: unknown) =>
      ask('POST', '/api/GroupService/Actions/GroupService.UpdateGroup', { GroupModel });
    const loop = await update({ Id: id, Name: 'one', ParentId: id });
    expect(loop.json.error['@Message.ExtendedInfo'][0]).toMatchObject({ MessageId: 'CGRP9013' });
    expect(await update({ Id: id, Name: 'Servers', ParentId: 1021 })).toMatchObject({ status: 400 });
    expect(await ask(...create({ ParentId: 1021 }))).toMatchObject({ status: 400 });
  });
});

it('answers 503 from the request on that a fault names, with the time to wait', async () => {
  const { ome, ask } = testOme();
  ome.faults = [{ kind: 'unavailable', after: 1, times: 1, retryAfter: 7, path: '/api/DeviceService' }];
  expect(await ask('GET', DEVICES)).toMatchObject({ status: 200 });
  expect(await ask('GET', '/api/ApplicationService/Info')).toMatchObject({ status: 200 });
  expect(await ask('GET', DEVICES)).toMatchObject({ status: 503, headers: { 'Retry-After': '7' } });
  expect(await ask('GET', DEVICES)).toMatchObject({ status: 200 });
});
