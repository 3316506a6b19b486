import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { probeText } from '../../main/cli/probe-text.ts';
import type { FailureRecord } from '../../src/contract/failure.ts';
import type { ProbeResult, ProbeRow } from '../../src/contract/vantage.ts';
import { attachMatrix } from '../../src/vantage/attach.ts';
import { judgeMatrix } from '../../src/vantage/verdict.ts';
import { destination, POINTS } from './vantage-matrix.ts';

const to = '10.20.2.12:443/https';
const ping = { to: '10.20.2.12/ping', check: 'machine', status: 'ok', ms: 1, text: 'answers' } as const;
const size = {
  to: '10.20.2.12/1500 bytes',
  check: 'size',
  status: 'ok',
  text: 'packets of 1500 bytes pass',
} as const;
const matrix: readonly ProbeRow[] = [
  { from: 'laptop', to, check: 'service', status: 'timeout', text: 'no answer' },
  { from: 'laptop', ...ping },
  { from: 'laptop', ...size },
  { from: 'laptop', to: '10.9.0.1/ping', check: 'gateway', status: 'ok', ms: 0, text: 'answers' },
  { from: 'laptop', to: '10.20.2.1/ping', check: 'far-gateway', status: 'ok', ms: 1, text: 'answers' },
  { from: 'laptop', to: '10.20.2.11/ping', check: 'beside', status: 'timeout', text: 'no answer' },
  { from: 'kvm-host', to, check: 'service', status: 'ok', ms: 3, text: 'HTTP 200' },
  { from: 'kvm-host', ...ping },
  {
    from: 'deployment-vm',
    to,
    check: 'service',
    status: 'not-asked',
    text: 'deployment VM (10.20.0.10:22) does not answer.',
  },
  { from: 'bmc of node-2', to: 'node-2/power', check: 'power', status: 'ok', text: 'switched on' },
];
const points = ['laptop', 'kvm', 'vm', 'bmc'].map((name) => POINTS[name]!);
const result: ProbeResult = {
  site: 'plant-7',
  destination: to,
  label: 'node-2 (10.20.2.12)',
  points,
  matrix,
  verdict: judgeMatrix(points, matrix, destination),
};

it('shows the matrix within 80 columns, what was not asked as such, and whose the broken leg is', () => {
  const text = stripVTControlCharacters(probeText(result, 80));
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(text.split('\n').slice(2, 6)).toEqual([
    'from           service      ping    full size  gateway  far side  beside',
    'laptop         ✖ silence    ✔ 1 ms  ✔ ok       ✔ 0 ms   ✔ 1 ms    ✖ silence',
    'KVM host       ✔ 3 ms       ✔ 1 ms  ·          ·        ·         ·',
    'deployment VM  ? not asked  ·       ·          ·        ·         ·',
  ]);
  expect(text).toContain('deployment VM  not asked: deployment VM (10.20.0.10:22) does not answer.');
  expect(text).toContain('BMC of node-2  node-2/power: switched on');
  expect(text).toContain('whose customer network');
  expect(text).toContain('Please open 443/tcp from 10.9.0.2 (laptop) to node-2 (10.20.2.12).');
});

it('stays within 80 columns with the longest words everywhere', () => {
  const checks = ['service', 'machine', 'size', 'gateway', 'far-gateway', 'beside'] as const;
  const from = { ...POINTS['node2']!, label: 'a-host-with-a-long-name-of-its-own' };
  const worst = checks.map((check): ProbeRow => ({
    from: from.id,
    to,
    check,
    status: 'no-route',
    text: 'it has no route',
  }));
  const service = { ...worst[0]!, from: 'laptop', status: 'not-asked' } as const;
  const wide = { ...result, points: [POINTS['laptop']!, from], matrix: [...worst, service] };
  const lines = stripVTControlCharacters(probeText(wide, 80)).split('\n');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
});

const record: FailureRecord = {
  reference: 'F-0001',
  what: 'It failed.',
  where: { stage: 'preflight', runs_on: 'laptop' },
  why: { key: 'redfish.timeout', summary: 'It does not answer.', chain: [], evidence: [] },
  owner: 'vendor',
  fixes: [{ title: 'Wait.' }],
  request: 'Site s, run r\nFor the vendor\n\nPlease wait less.\n\nWhat: It failed.\n',
};

const AT = '2026-11-21T02:00:00Z';

it('puts the matrix, its telling rows and the verdict into a failure record, and its owner in place of the guess', () => {
  const told = attachMatrix(record, result, AT);
  expect(told.owner).toBe('customer-network');
  expect(told.why.chain).toEqual([result.verdict.summary]);
  expect(told.why.evidence).toEqual([
    {
      source: 'who reaches node-2 (10.20.2.12)',
      text: expect.stringMatching(/^10\.9\.0\.2 \(laptop\) to .*no answer[^]*\nnot asked: deployment VM$/),
    },
  ]);
  const { site: _site, ...matrix } = result;
  expect(told.matrix).toEqual({ ...matrix, at: AT });
  expect(told.fixes.at(-1)).toEqual({ title: 'Wait.' });
  expect(told.request).toMatch(
    /^Please open 443\/tcp[^]*What was tried:[^]*\nSite s, run r\n\nWhat: It failed\.\n$/,
  );
});

it('leaves owner and request of the record alone where the matrix does not tell whose it is', () => {
  const open = [{ from: 'laptop', to, check: 'service', status: 'timeout', text: 'no answer' }] as const;
  const unclear = { ...result, matrix: open, verdict: judgeMatrix(points, open, destination) };
  const told = attachMatrix(record, unclear, AT);
  expect(told).toMatchObject({ owner: 'vendor', fixes: [{ title: 'Wait.' }] });
  expect(told.request).toContain(record.request);
  expect(told.request).toMatch(/What was tried:\n- 10\.9\.0\.2 \(laptop\) to .*no answer\n$/);
  expect(told.why.chain).toHaveLength(1);
});
