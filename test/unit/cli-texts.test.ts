import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { credentialsText, targetsText } from '../../main/cli/credentials-text.ts';
import { doctorText } from '../../main/cli/commands/doctor.ts';
import { failureText } from '../../main/cli/failure-text.ts';
import { discoverText } from '../../main/cli/hardware-text.ts';
import { paragraph } from '../../main/cli/paragraph.ts';
import { nextText, runsText, showText } from '../../main/cli/run-text.ts';
import { runDocument } from '../../src/app/show.ts';
import type { CredentialTarget, RunDocument, WantedCredential } from '../../src/contract/api.ts';
import type { RunEvent } from '../../src/contract/events.ts';
import { EMPTY_RUN, reduceRun, summariseRun } from '../../src/runs/index.ts';
import { failedRun, okRun, preflightFailedRun, runningRun } from '../fixtures/journals/samples.ts';

const WIDTH = 80;
const plain = (text: string): string => stripVTControlCharacters(text);
const stateOf = (events: readonly RunEvent[]) => reduceRun(EMPTY_RUN, events);
function documentOf(events: readonly RunEvent[]): RunDocument {
  const state = stateOf(events);
  return runDocument({ state, stored: { run: state.run, site: state.site, path: '', stamp: '' } });
}
const longest = (text: string): number =>
  Math.max(
    ...plain(text)
      .split('\n')
      .map((line) => line.length),
  );

describe('what the command line says, in 80 columns', () => {
  const samples = [failedRun, okRun, preflightFailedRun, runningRun];

  it('never runs over the edge', () => {
    for (const sample of samples)
      expect(longest(showText(documentOf(sample), WIDTH))).toBeLessThanOrEqual(80);
    const runs = samples.map((sample) => summariseRun(stateOf(sample)));
    expect(longest(runsText(runs, WIDTH))).toBeLessThanOrEqual(80);
  });

  it('sets what a line wraps to in beside its mark, however wide that is', () => {
    expect(paragraph('error', ['one two three four five six seven eight nine ten'], 40).split('\n')).toEqual([
      'error one two three four five six seven',
      '      eight nine ten',
    ]);
  });

  it('keeps what each stage came to in one column', () => {
    const run = documentOf(failedRun);
    const [first, ...rest] = run.stages;
    const long = { ...first!, title: 'Devices in OpenManage Enterprise', text: 'word '.repeat(30).trim() };
    const lines = plain(showText({ ...run, stages: [long, ...rest] }, WIDTH)).split('\n');
    const column = lines.find((line) => line.includes(long.title))!.indexOf(long.status);
    expect(lines.find((line) => line.includes(rest[0]!.title))!.indexOf(rest[0]!.status)).toBe(column);
    const wrapped = lines.filter((line) => line.trim().startsWith('word'));
    expect(new Set(wrapped.map((line) => line.indexOf('word')))).toEqual(new Set([column]));
  });

  it('keeps the lines of an output as they were, below their source', () => {
    const [record] = documentOf(failedRun).stages.flatMap(({ failures }) => failures);
    const lines = plain(failureText(record!, WIDTH)).split('\n');
    const at = lines.findIndex((line) => line.includes('dhclient -v nic1:'));
    expect(lines[at + 1]).toMatch(/^ {12}DHCPDISCOVER on nic1 to 255\.255\.255\.255 port 67 interval 3$/);
  });
});

describe('the next command to type', () => {
  it('stands at the end of every run', () => {
    const next = (sample: readonly RunEvent[], change: Partial<RunDocument> = {}): string =>
      plain(nextText({ ...documentOf(sample), ...change })).replace(/\S*-\d{4}\d*-\S+/, 'RUN');
    expect(next(okRun)).toMatch(/^Write the report: bringup report \S+ -o report\.html$/);
    const rehearsal = { pace: 'max', faults: [] } as const;
    expect(next(failedRun, { choices: { rehearsal } })).toBe(
      'Go on as if it were mended: bringup resume RUN',
    );
    expect(next(failedRun, { choices: { rehearsal }, status: 'cancelled' })).toBe(
      'Go on: bringup resume RUN',
    );
    const early = { choices: { until: 'preflight', left: 3 } };
    expect(next(okRun, early)).toMatch(/^Go on behind preflight: bringup resume /);
    expect(next(failedRun)).toMatch(/^When it is mended, go on: bringup resume /);
    expect(next(runningRun)).toMatch(/^Follow it: bringup logs --follow /);
    expect(next(runningRun, { interrupted: 'killed' })).toMatch(/^Go on: bringup resume /);
    expect(next(failedRun, { opened: 'x.bringup' })).toMatch(/^See what happened: bringup logs /);
  });

  it('says what the button of the window would do', () => {
    const [record] = documentOf(preflightFailedRun).stages.flatMap(({ failures }) => failures);
    expect(plain(failureText(record!, WIDTH, 'r-1'))).toContain('bringup retry r-1 --install-missing');
  });

  it('is the one for the first credential that is missing or cannot do', () => {
    const wanted: WantedCredential[] = [
      {
        name: 'kvm-host',
        uses: [{ target: 'kvm-host', path: '$.kvm_host.credential' }],
        stored: { name: 'kvm-host', kind: 'key', store: 'keychain' },
      },
      { name: 'idrac', uses: [{ target: 'bmc', host: 'node-1', path: '$.hosts[0].bmc.credential' }] },
    ];
    const list = { store: 'keychain', names: [], credentials: [] } as const;
    expect(plain(credentialsText({ ...list, wanted }, 'site.yaml', WIDTH))).toMatch(
      /✖ idrac {2}not stored\n {2}for the BMC of node-1\n\nStore it with: bringup credentials set idrac --username USER$/,
    );
    const stored = wanted.slice(0, 1);
    expect(plain(credentialsText({ ...list, wanted: stored }, 'site.yaml', WIDTH))).toMatch(
      /bringup credentials test kvm-host site\.yaml$/,
    );
    expect(credentialsText(list, undefined, WIDTH)).toContain('bringup credentials set NAME');
  });
});

describe('single texts', () => {
  it('a machine that refused is marked otherwise than one that was not reached', () => {
    const target = { target: 'bmc', address: '10.0.0.1:443', text: 'No.' } as const;
    const all: CredentialTarget[] = [
      { ...target, host: 'a', ok: true, refused: false },
      { ...target, host: 'b', ok: false, refused: true },
      { ...target, host: 'c', ok: false, refused: false },
    ];
    const marks = plain(targetsText(all, WIDTH)).match(/^[✔✖!]/gm);
    expect(marks).toEqual(['✔', '✖', '!']);
    expect(targetsText(all, WIDTH)).toContain('1 of 3 machines took it.');
  });

  it('a machine that could not be read is told once', () => {
    const error = { code: 'X', message: 'It does not answer.', exit: 3, evidence: [] };
    const text = discoverText(
      {
        at: '2026-11-21T00:00:00Z',
        machines: [{ bmc: 'https://10.0.0.1', host: 'node-1', ok: false, error }],
        findings: [
          {
            severity: 'error',
            code: 'host.missing',
            host: 'node-1',
            message: 'node-1 was not found: It does not answer.',
          },
          { severity: 'error', code: 'host.serial', host: 'node-1', message: 'node-1 has another serial.' },
        ],
      },
      WIDTH,
    );
    expect(text.match(/It does not answer\./g)).toHaveLength(1);
    expect(text).toContain('node-1 has another serial.');
  });

  it('doctor counts what must be mended, and lets warnings pass', () => {
    const check = { id: 'a', title: 'A', seen: 'this', wanted: 'that' } as const;
    const say = (...status: ('ok' | 'warning' | 'failed')[]): string =>
      plain(doctorText({ ok: true, checks: status.map((one) => ({ ...check, status: one })) }, WIDTH));
    expect(say('ok')).toMatch(/All that Bringup needs is here\.$/);
    expect(say('ok', 'warning')).toMatch(/marked with !\.$/);
    expect(say('failed', 'warning')).toMatch(/1 of 2 must be mended before a run\.$/);
  });
});
