import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LogPage, LogRecord } from '../../src/contract/api.ts';
import { PLAYBOOKS } from './playbooks-ansible.ts';

const READER = readFileSync(`${PLAYBOOKS}/module_utils/bringup_log_store.py`, 'utf8');
const SEVERITIES = ['err', 'warning', 'notice', 'info', 'debug'];
const BEGIN = Date.parse('2026-11-20T22:00:00Z');
const HOUR = 3_600_000;

let folder: string;
/** What was stored, newest first. */
let stored: {
  readonly at: string;
  readonly host: string;
  readonly severity: string;
  readonly text: string;
}[];

/** Messages of a busy machine and of two that say little, over midnight; some lines are a little out of order, one is torn. */
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bringup-log-store-'));
  const files = new Map<string, string[]>();
  stored = [];
  for (const [host, count] of [
    ['busy', 20_000],
    ['calm', 40],
    ['198.18.0.9', 3],
  ] as const) {
    for (let n = 0; n < count; n += 1) {
      const time = BEGIN + Math.floor((n * 4 * HOUR) / count) - (n % 7 === 3 ? 900 : 0);
      const at = new Date(time).toISOString().replace('Z', `${String(n % 1000).padStart(3, '0')}+00:00`);
      const severity = SEVERITIES[n % SEVERITIES.length] ?? '';
      const text = ` line ${n}${n % 97 === 0 ? ' needle "quoted"' : ''}`;
      const file = path.join(folder, host, `${new Date(time).toISOString().slice(0, 10)}.log`);
      const facts = { sent: at, host, from: host, facility: 'daemon', severity, program: 'p', text };
      files.set(file, [...(files.get(file) ?? []), JSON.stringify({ at, ...facts })]);
      stored.push({ at, host, severity, text: text.trim() });
    }
  }
  for (const [file, lines] of files) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `${lines.join('\n')}\n{"at":"2026-11-21T01:59:59.9+00:00","te`);
  }
  stored.sort((one, other) => (one.at < other.at ? 1 : -1));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** All pages of an answer, asked as the app asks: the program and the question over standard input. */
function pages(question: Record<string, unknown>): LogPage[] {
  const program = `${READER}
asked = json.loads(${JSON.stringify(JSON.stringify({ store: folder, ...question }))})
while True:
    answer = page(**asked)
    print(json.dumps(answer))
    if not answer["more"]:
        break
    asked["before"] = json.loads(json.dumps(answer["before"]))
`;
  const { stdout, stderr } = spawnSync('/usr/bin/python3', ['-I', '-B', '-'], {
    ...{ input: program, encoding: 'utf8', maxBuffer: 2 ** 27 },
  });
  if (stderr !== '') throw new Error(stderr);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as LogPage);
}
const told = (all: readonly LogPage[]): LogRecord[] => all.flatMap(({ records }) => records);
const times = (records: readonly { readonly at: string }[]): string[] => records.map(({ at }) => at);

describe('the store of logs, page by page', () => {
  it('tells every message once, newest first, over days and machines', () => {
    const all = pages({ limit: 1000 });
    expect(all).toHaveLength(21);
    expect(times(told(all))).toEqual(times(stored));
    expect(new Set(told(all).map(({ id }) => id)).size).toBe(stored.length);
  });

  it('finds a text in any case, one that is escaped in the store too, and what is as bad or worse', () => {
    const needles = stored.filter(({ text }) => text.includes('needle'));
    expect(times(told(pages({ limit: 50, text: 'NEEDLE' })))).toEqual(times(needles));
    expect(times(told(pages({ limit: 50, text: 'needle "quoted"' })))).toEqual(times(needles));
    const bad = stored.filter(
      ({ host, severity }) => host === 'calm' && ['err', 'warning'].includes(severity),
    );
    expect(times(told(pages({ host: 'calm', severity: 'warning' })))).toEqual(times(bad));
  });

  it('goes on where it stopped for want of time, and says how far it came', () => {
    const needles = stored.filter(({ text }) => text.includes('needle'));
    const all = pages({ text: 'needle', seconds: 1e-9 });
    expect(all.length).toBeGreaterThan(20);
    expect(times(told(all))).toEqual(times(needles));
    const back = all.flatMap(({ back_to: backTo }) => backTo ?? []).map((at) => Date.parse(at));
    expect(back).toEqual([...back].sort((one, other) => other - one));
  });

  it('keeps within its times and kinds of senders', () => {
    const [since, until] = ['2026-11-20T23:30:00Z', '2026-11-21T00:30:00Z'];
    const between = stored.filter(
      ({ at }) => Date.parse(at) >= Date.parse(since) && at.slice(0, 19) < until.slice(0, 19),
    );
    expect(times(told(pages({ since, until, limit: 1000 })))).toEqual(times(between));
    const strangers = told(pages({ kinds: { busy: 'host', calm: 'bmc' }, source: 'other' }));
    expect(strangers).toMatchObject(Array(3).fill({ host: '198.18.0.9', source: 'other' }));
  });
});
