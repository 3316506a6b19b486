import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { createEventMapper } from '../../src/ansible/event-mapper.ts';
import type { RunnerEvent, TaskResult } from '../../src/ansible/tail-line.ts';
import { createRedactor } from '../../src/app/redactor.ts';
import type { ResultDetail, RunEvent } from '../../src/contract/events.ts';
import { EMPTY_RUN, reduceRun } from '../../src/runs/index.ts';
import { JournalWriter } from '../fixtures/journals/writer.ts';
import { STAGES } from '../fixtures/journals/stages.ts';

const RUNNER = new URL('../../playbooks/runner', import.meta.url).pathname;
const PRINT = 'import json, sys, tail; print(tail.compact(json.load(sys.stdin)))';

/** The event of a host's result as tail.py prints it. */
function tailed(res: TaskResult, event = 'runner_on_ok'): RunnerEvent {
  const input = JSON.stringify({ counter: 7, event, event_data: { task_uuid: 't', host: 'node-1', res } });
  const line = execFileSync('python3', ['-B', '-c', PRINT], { input, cwd: RUNNER, encoding: 'utf8' });
  return (JSON.parse(line) as { event: RunnerEvent }).event;
}

function detailOf(res: TaskResult, event?: string): ResultDetail | undefined {
  const [told] = createEventMapper([]).map(tailed(res, event));
  if (told?.kind !== 'host.result') throw new Error('no result');
  return told.detail;
}

describe('the detail of a result', () => {
  it('has command, exit code and output, and never the arguments of a module', () => {
    const res = {
      changed: true,
      cmd: ['id', '-u'],
      rc: 0,
      stdout: '0\n',
      invocation: { module_args: { a: 'b' } },
    };
    expect(detailOf(res)).toEqual({ rc: 0, command: 'id -u', stdout: '0' });
  });

  it('has what was changed as a unified diff', () => {
    const diff = [
      { before_header: '/etc/hosts', after_header: '/etc/hosts', before: 'a\nb\n', after: 'a\nc\n' },
      { before: { state: 'absent' }, after: { state: 'file' } },
      { prepared: '+ a package' },
    ];
    const shown = detailOf({ changed: true, diff })?.diff ?? '';
    expect(shown).toContain('--- /etc/hosts\n+++ /etc/hosts\n@@ -1,2 +1,2 @@\n a\n-b\n+c');
    expect(shown).toContain('- "state": "absent"\n+ "state": "file"');
    expect(shown).toMatch(/\+ a package$/);
  });

  it('is told only where something changed, failed or was printed, and of no secret task', () => {
    expect(detailOf({ changed: false, cmd: 'true', rc: 0, stdout: '' })).toBeUndefined();
    expect(detailOf({ changed: true })).toBeUndefined();
    expect(detailOf({ changed: true, censored: 'the output has been hidden', stdout: 'x' })).toBeUndefined();
    expect(detailOf({ changed: false, stdout: 'ready' })).toEqual({ stdout: 'ready' });
    expect(detailOf({ msg: 'first\nsecond' }, 'runner_on_failed')).toEqual({ message: 'first\nsecond' });
  });

  it('keeps the ends of what is long, however often it is shortened', () => {
    const long = `begin ${'x'.repeat(200_000)} end`;
    const detail = detailOf({
      changed: true,
      cmd: Array(90).fill('word '.repeat(90)),
      stdout: long,
      stderr: long,
    });
    for (const text of [detail?.stdout, detail?.stderr]) {
      expect(text).toMatch(/^begin x+\n\[\d+ characters left out\]\nx+ end$/);
      expect(text?.length).toBeLessThan(4100);
    }
    expect(detail?.command?.length).toBeLessThan(4100);
    const far = { before: 'a\n'.repeat(60_000), after: 'b\n'.repeat(60_000) };
    expect(detailOf({ changed: true, diff: far })?.diff).toMatch(/^120000 characters before/);
  });

  it('shows no secret, known or plain, wherever it stands', () => {
    const redactor = createRedactor();
    const password = 'correct-horse-battery';
    const lines = Array.from(
      { length: 6 },
      (_, index) => `${index}Kb3lmNoPqRsTuVwXyZ0123456789abcdefghijklm`,
    );
    const privateKey = [
      '-----BEGIN OPENSSH PRIVATE KEY-----',
      ...lines,
      '-----END OPENSSH PRIVATE KEY-----',
    ].join('\n');
    redactor.add('node', { username: 'admin', password });
    redactor.add('kvm-host', { privateKey });
    const detail = detailOf({
      changed: true,
      cmd: `login --user admin ${password}`,
      stdout: `logged in with ${password}`,
      stderr: `${'x'.repeat(1990)}${password}${'y'.repeat(9000)}`,
      diff: [
        { before: `a: ${password}`, after: `a: 1\ntoken: not-known-to-anybody` },
        { before: privateKey, after: privateKey.replaceAll('Kb3', 'Zz9') },
        {
          before: 'x',
          after: `${'y\n'.repeat(3000)}${'0123456789abcdef\n'.repeat(9)}-----END RSA PRIVATE KEY-----`,
        },
      ],
    });
    const event = redactor.event({
      ...{ kind: 'host.result', stage: 's', task: 't', host: 'node-1', status: 'changed' },
      ...(detail === undefined ? {} : { detail }),
    });
    const shown = JSON.stringify(event);
    for (const secret of [
      password,
      'correct-h',
      'not-known-to-anybody',
      ...lines,
      '3Zz9lm',
      '0123456789abcdef',
    ])
      expect(shown).not.toContain(secret);
    expect(event).toMatchObject({ detail: { stdout: 'logged in with ***' } });
  });
});

describe('the state of a run', () => {
  it('knows where the detail of an answer is, and keeps it out of memory', () => {
    const journal = new JournalWriter('r', '2026-11-21T00:00:00Z').start('r', STAGES).begin('preflight');
    const result = {
      kind: 'host.result',
      stage: 'preflight',
      task: 't',
      host: 'h',
      status: 'changed',
    } as const;
    const head = (seq: number) => ({ seq, at: '2026-11-21T00:01:00Z', run: 'r' });
    const next = journal.events.length + 1;
    const events: RunEvent[] = [
      ...journal.events,
      { ...head(next), kind: 'task.started', stage: 'preflight', task: 't', title: 'Install' },
      { ...head(next + 1), ...result, item: 'a', detail: { stdout: 'a is there' } },
      { ...head(next + 2), ...result },
    ];
    const answer = reduceRun(EMPTY_RUN, events).stages.get('preflight')?.tasks.get('t')?.hosts.get('h');
    expect(answer).toEqual({ status: 'changed', detail_seq: next + 1 });
  });
});
