import { describe, expect, it } from 'vitest';
import type { ProbeRow } from '../../src/contract/vantage.ts';
import { readMatrix } from '../../src/vantage/facts.ts';
import { fits } from '../../src/vantage/rule.ts';
import { RULES } from '../../src/vantage/rules.ts';
import { judgeMatrix } from '../../src/vantage/verdict.ts';
import { destination, POINTS, verdictOf, type Found } from './vantage-matrix.ts';

const silent: Found = { service: 'timeout', machine: 'timeout' };
const filtered: Found = { service: 'timeout', machine: 'ok', gateway: 'ok' };

/** What was found, who is the destination's own machine, and the verdict it must give. */
type PatternRow = readonly [
  title: string,
  found: Readonly<Record<string, Found>>,
  key: string,
  owner: string | null,
  itself?: string,
];
const PATTERNS: readonly PatternRow[] = [
  ['everybody gets through', { laptop: 'ok', kvm: 'ok' }, 'works', null],
  ['nobody could be asked', { laptop: 'not-asked', kvm: 'not-asked' }, 'not-asked', null],
  ['the BMC says that it is off', { laptop: silent, bmc: { power: 'down' } }, 'target.off', 'field-engineer'],
  [
    'the BMC alone could be asked',
    { laptop: 'not-asked', bmc: { power: 'down' } },
    'target.off',
    'field-engineer',
  ],
  [
    'the BMC says that its port has no link',
    { laptop: silent, bmc: { power: 'ok', link: 'down' } },
    'target.unplugged',
    'field-engineer',
  ],
  ['refused for all', { laptop: 'refused', kvm: 'refused' }, 'service.down', 'field-engineer'],
  [
    'only the machine itself gets through',
    { laptop: silent, kvm: silent, node2: 'ok' },
    'target.firewall',
    'field-engineer',
    'node2',
  ],
  [
    'refused for all but itself',
    { laptop: 'refused', kvm: 'refused', node2: 'ok' },
    'target.firewall',
    'field-engineer',
    'node2',
  ],
  [
    'refused for all and itself',
    { laptop: 'refused', node2: 'refused' },
    'service.down',
    'field-engineer',
    'node2',
  ],
  ['open for all, and no TLS', { laptop: 'tls', kvm: 'tls' }, 'service.tls', 'field-engineer'],
  [
    'open for all, and another service',
    { laptop: 'wrong-answer', kvm: 'wrong-answer' },
    'service.wrong',
    'field-engineer',
  ],
  [
    'open and mute, large packets lost',
    { laptop: { service: 'tls', size: 'too-big' }, kvm: { service: 'tls', size: 'too-big' } },
    'path.mtu',
    'customer-network',
  ],
  [
    'all well but large packets',
    { laptop: { service: 'ok', size: 'too-big' }, kvm: { service: 'ok', size: 'ok' } },
    'path.mtu',
    'customer-network',
  ],
  [
    'ping passes from all, the port from none, a neighbour among them',
    { laptop: filtered, node2: filtered },
    'target.filtered',
    'field-engineer',
  ],
  [
    'ping passes from all outside, the port from none',
    { laptop: filtered, kvm: filtered },
    'path.filtered',
    null,
  ],
  [
    'silence also within its own network',
    { laptop: silent, node2: { service: 'unreachable', machine: 'unreachable' } },
    'target.down',
    'field-engineer',
  ],
  [
    'silence, asked from its own network alone',
    { laptopInside: { ...silent, beside: 'unreachable' } },
    'point.alone',
    'field-engineer',
  ],
  [
    'silence, asked from its own network alone, where the gateway answers',
    { laptopInside: { ...silent, beside: 'ok' } },
    'target.down',
    'field-engineer',
  ],
  [
    'silence of all that stand in its network',
    { kvm: silent, node2: { ...silent, beside: 'timeout' } },
    'network.silent',
    'customer-network',
  ],
  [
    'silence beside another machine that answers',
    { laptop: { ...silent, gateway: 'ok', 'far-gateway': 'ok', beside: 'ok' } },
    'target.down',
    'field-engineer',
  ],
  [
    'silence behind a gateway that answers',
    { laptop: { ...silent, gateway: 'ok', 'far-gateway': 'ok', beside: 'timeout' } },
    'unclear.behind-gateway',
    null,
  ],
  [
    'silence up to its own gateway',
    { laptop: { ...silent, gateway: 'timeout' } },
    'point.cut',
    'field-engineer',
  ],
  [
    'a whole network silent',
    { laptop: { ...silent, gateway: 'ok', 'far-gateway': 'timeout' } },
    'path.router',
    'customer-network',
  ],
  ['silence, and no more is known', { laptop: silent }, 'unclear', null],
  [
    'it reaches out, nobody reaches it',
    { laptop: silent, node2: { service: 'timeout', back: 'ok' } },
    'path.one-way',
    'customer-network',
    'node2',
  ],
  ['the name resolves nowhere', { laptop: 'name', kvm: 'name' }, 'name.unresolved', 'customer-network'],
  ['the name resolves elsewhere', { laptop: 'name', kvm: 'ok' }, 'name.partly', 'field-engineer'],
  ['the laptop forbids it itself', { laptop: 'prohibited', kvm: 'ok' }, 'point.firewall', 'field-engineer'],
  ['the laptop has no route', { laptop: 'no-route', kvm: 'ok' }, 'point.no-route', 'field-engineer'],
  ['only the laptop fails', { laptop: silent, kvm: 'ok', node2: 'ok' }, 'path.laptop', 'customer-network'],
  ['only the laptop fails, ping passes', { laptop: filtered, kvm: 'ok' }, 'path.port', 'customer-network'],
  ['only the laptop is refused', { laptop: 'refused', kvm: 'ok' }, 'path.rejected', 'customer-network'],
  ['only the laptop has broken TLS', { laptop: 'tls', kvm: 'ok' }, 'path.tls', 'customer-network'],
  [
    'the laptop does not even reach its gateway',
    { laptop: { ...silent, gateway: 'timeout' }, kvm: 'ok' },
    'point.cut',
    'field-engineer',
  ],
  [
    'only beyond the router',
    { laptop: silent, kvm: silent, vm: silent, node2: 'ok' },
    'path.router',
    'customer-network',
  ],
  [
    'only one network fails',
    { laptop: 'ok', kvm: silent, vm: silent, node2: 'ok' },
    'path.network',
    'customer-network',
  ],
  [
    'only one machine fails',
    { laptop: 'ok', kvm: silent, vm: 'ok', node2: 'ok' },
    'path.point',
    'customer-network',
  ],
  [
    'only the laptop fails, which stands in the same network',
    { laptopInside: silent, node2: 'ok' },
    'point.local',
    'field-engineer',
  ],
  [
    'only a neighbour fails, which ping tells from a cut',
    { laptop: 'ok', kvm: 'ok', node2: { service: 'timeout', machine: 'ok' } },
    'target.firewall',
    'field-engineer',
  ],
  ['only a neighbour fails', { laptop: 'ok', kvm: 'ok', node2: silent }, 'target.inside', 'field-engineer'],
  ['no plain line between them', { laptop: silent, kvm: silent, vm: 'ok', node2: 'ok' }, 'path.mixed', null],
  [
    'the way is open in one direction only',
    { laptop: silent, kvm: 'ok', node2: { service: 'ok', back: 'ok' } },
    'path.one-way',
    'customer-network',
    'node2',
  ],
];

describe('every pattern of a matrix has its verdict', () => {
  for (const [title, found, key, owner, itself] of PATTERNS) {
    it(title, () => {
      expect(verdictOf(found, itself)).toMatchObject({ key, owner });
    });
  }

  it('tells two machines at one address by their certificates', () => {
    const row = { to: destination.host, check: 'service', status: 'ok', text: '' } as const;
    const matrix: ProbeRow[] = [
      { ...row, from: 'laptop', identity: 'aa' },
      { ...row, from: 'kvm-host', identity: 'bb' },
    ];
    const points = [POINTS['laptop']!, POINTS['kvm']!];
    expect(judgeMatrix(points, matrix, destination)).toMatchObject({ key: 'address.shared', legs: [] });
  });
});

describe('half known', () => {
  it('counts a point that was not asked neither way', () => {
    const verdict = verdictOf({ laptop: 'refused', kvm: 'not-asked', node2: 'not-asked' });
    expect(verdict).toMatchObject({ key: 'service.down', legs: [{ from: 'laptop' }] });
  });

  it('takes silence over UDP for no result', () => {
    expect(verdictOf({ laptop: 'unclear' }).key).toBe('not-asked');
  });
});

describe('the request', () => {
  it('can be sent as it is: port, both ends with their addresses, and what was tried', () => {
    const { request, summary } = verdictOf({ laptop: filtered, kvm: 'ok' });
    expect(summary).toBe(
      'From the laptop ping reaches node-2 (10.20.2.12) and 443/tcp does not; from the KVM host it does: a firewall filters the port.',
    );
    expect(request.split('\n')[0]).toBe('Please open 443/tcp from 10.9.0.2 (laptop) to node-2 (10.20.2.12).');
    expect(request).toContain('- 10.20.0.5 (KVM host) to 10.20.2.12:443/https: seen ok');
  });

  it('is empty where nothing is broken', () => {
    expect(verdictOf({ laptop: 'ok' }).request).toBe('');
  });

  it('leaves no place unfilled', () => {
    for (const [, found, , , itself] of PATTERNS) {
      const { summary, request, fixes } = verdictOf(found, itself);
      expect([summary, request, ...fixes.map(({ title }) => title)].join(' ')).not.toMatch(
        /\{\w+\}|undefined/,
      );
    }
  });
});

it('uses every rule for at least one pattern', () => {
  const used = new Set(PATTERNS.map(([, , key]) => key));
  const keys = new Set(RULES.map(({ key }) => key));
  expect([...keys].filter((key) => !used.has(key) && key !== 'address.shared')).toEqual([]);
});

it('says of an empty matrix only that nobody was asked', () => {
  const { facts } = readMatrix([], [], undefined);
  expect(RULES.filter(({ when }) => fits(facts, when)).map(({ key }) => key)).toEqual([
    'not-asked',
    'unclear',
  ]);
});
