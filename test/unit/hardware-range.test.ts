import { describe, expect, it } from 'vitest';
import { expandRanges, leasesInForce, parseLeases } from '../../src/hardware/index.ts';

describe('ranges', () => {
  it('leaves out the network and broadcast address of a network', () => {
    expect(expandRanges(['10.20.1.0/29'])).toEqual([1, 2, 3, 4, 5, 6].map((last) => `10.20.1.${last}`));
    expect(expandRanges(['10.20.1.77/29']).at(0)).toBe('10.20.1.73');
    expect(expandRanges(['10.20.1.0/24'])).toHaveLength(254);
  });

  it('has all addresses of networks that have none of these', () => {
    expect(expandRanges(['10.20.1.4/31'])).toEqual(['10.20.1.4', '10.20.1.5']);
    expect(expandRanges(['10.20.1.4/32'])).toEqual(['10.20.1.4']);
  });

  it('takes first to last, single addresses, and each address once', () => {
    expect(expandRanges(['10.20.1.254-10.20.2.1', '10.20.2.0', '10.20.9.9'])).toEqual([
      '10.20.1.254',
      '10.20.1.255',
      '10.20.2.0',
      '10.20.2.1',
      '10.20.9.9',
    ]);
    expect(expandRanges(['255.255.255.254-255.255.255.255'])).toHaveLength(2);
  });

  it.each([
    '10.20.1.9-10.20.1.1',
    '10.20.1',
    '10.20.1.256',
    '10.20.1.0/33',
    '10.20.01.1',
    'a-b',
    '',
    '1.1.1.1-1.1.1.2-1.1.1.3',
  ])('refuses %j', (range) => {
    expect(() => expandRanges([range])).toThrow(/no range of IPv4 addresses/);
  });

  it('refuses more than a network of BMCs can be', () => {
    expect(expandRanges(['10.0.0.0/20'])).toHaveLength(4094);
    expect(() => expandRanges(['10.0.0.0/8'])).toThrow('The range 10.0.0.0/8 has 16777214 addresses');
  });
});

const NOW = new Date('2026-11-21T12:00:00Z');
const SOON = NOW.getTime() / 1000 + 600;
const PAST = NOW.getTime() / 1000 - 600;

describe('leases', () => {
  it('reads those of dnsmasq', () => {
    const leases = parseLeases(
      [
        `${SOON} F4:02:70:00:00:11 10.20.1.11 idrac-ABC1234 01:f4:02:70:00:00:11`,
        `0 f4:02:70:00:00:12 10.20.1.12 * *`,
        `${PAST} f4:02:70:00:00:13 10.20.1.13 * *`,
        'duid 00:01:00:01:2c',
        `${SOON} 3735928559 fd00::5 host 00:01`,
        'broken line',
      ].join('\n'),
    );
    expect(leases[0]).toEqual({
      address: '10.20.1.11',
      mac: 'f4:02:70:00:00:11',
      name: 'idrac-ABC1234',
      expires: SOON,
    });
    expect(leasesInForce(leases, NOW).map(({ address }) => address)).toEqual(['10.20.1.11', '10.20.1.12']);
  });

  it('reads those of ISC dhcpd, where the last word on an address counts', () => {
    const lease = (address: string, state: string, mac: string): string =>
      `lease ${address} {\n  starts 6 2026/11/21 11:00:00;\n  ends 6 2026/11/21 13:00:00;\n  binding state ${state};\n  next binding state free;\n  hardware ethernet ${mac};\n  client-hostname "ilo-1";\n}`;
    const leases = parseLeases(
      [
        '# written by dhcpd',
        lease('10.20.1.11', 'free', '94:40:c9:00:00:11'),
        lease('10.20.1.11', 'active', '94:40:C9:00:00:11'),
        lease('10.20.1.12', 'active', '94:40:c9:00:00:12'),
        lease('10.20.1.12', 'free', '94:40:c9:00:00:12'),
      ].join('\n'),
    );
    expect(leases).toEqual([
      {
        address: '10.20.1.11',
        mac: '94:40:c9:00:00:11',
        name: 'ilo-1',
        expires: Date.UTC(2026, 10, 21, 13) / 1000,
      },
    ]);
  });

  it('reads those of Kea by the names of its columns', () => {
    const leases = parseLeases(
      [
        'address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context,pool_id',
        `10.20.1.11,f4:02:70:00:00:11,,3600,${SOON},1,0,0,bmc-1,0,,0`,
        `10.20.1.12,f4:02:70:00:00:12,,3600,${SOON},1,0,0,,0,,0`,
        `10.20.1.12,f4:02:70:00:00:12,,3600,${SOON},1,0,0,,2,,0`,
      ].join('\n'),
    );
    expect(leases).toEqual([
      { address: '10.20.1.11', mac: 'f4:02:70:00:00:11', name: 'bmc-1', expires: SOON },
    ]);
  });

  it('picks by the maker of the card where asked to, and takes any rubbish for no leases', () => {
    const leases = parseLeases(`0 f4:02:70:00:00:11 10.20.1.11 * *\n0 00:50:56:00:00:12 10.20.1.12 * *`);
    expect(leasesInForce(leases, NOW, ['F4-02-70']).map(({ address }) => address)).toEqual(['10.20.1.11']);
    expect(parseLeases('')).toEqual([]);
    expect(parseLeases('\u0000\u0001 lease { } address,hwaddr')).toEqual([]);
  });
});
