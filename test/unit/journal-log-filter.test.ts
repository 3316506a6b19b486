import { describe, expect, it } from 'vitest';
import { parseSince, passes, type LogFilter } from '../../main/cli/log-filter.ts';
import { failedRun } from '../fixtures/journals/samples.ts';

const pick = (filter: LogFilter) => failedRun.filter((event) => passes(event, filter));
const now = new Date('2026-11-21T14:00:00Z');

describe('the events that logs shows', () => {
  it('are all of them where nothing is asked for', () => {
    expect(pick({})).toEqual(failedRun);
  });

  it('are those of one stage', () => {
    const events = pick({ stage: 'upload' });
    expect(events.length).toBeGreaterThan(2);
    expect(events.every((event) => 'stage' in event && event.stage === 'upload')).toBe(true);
  });

  it('are what one host answered, and its failures', () => {
    const kinds = new Set(pick({ host: 'deploy' }).map((event) => event.kind));
    expect(kinds).toContain('host.result');
    expect(pick({ host: 'nobody' })).toEqual([]);
    for (const event of pick({ host: 'deploy' })) {
      if (event.kind === 'host.result') expect(event.host).toBe('deploy');
    }
  });

  it('are failures: what failed, its record, and the ends that follow', () => {
    const kinds = pick({ failed: true }).map((event) => event.kind);
    expect(kinds).toEqual(
      expect.arrayContaining(['host.result', 'failure', 'stage.finished', 'run.finished']),
    );
    expect(kinds).not.toContain('task.started');
    for (const event of pick({ failed: true })) {
      if (event.kind === 'host.result')
        expect(['failed', 'unreachable', 'timed-out']).toContain(event.status);
    }
  });

  it('are those from a moment on', () => {
    const middle = failedRun[20]?.at ?? '';
    const since = new Date(middle);
    expect(pick({ since })).toEqual(failedRun.filter((event) => event.at >= middle));
  });

  it.each([
    ['10m', '2026-11-21T13:50:00.000Z'],
    ['90s', '2026-11-21T13:58:30.000Z'],
    ['1.5h', '2026-11-21T12:30:00.000Z'],
    ['2d', '2026-11-19T14:00:00.000Z'],
    ['2026-11-21T12:05', '2026-11-21T12:05:00.000Z'],
    ['2026-11-21T12:05:30+01:00', '2026-11-21T11:05:30.000Z'],
    ['2026-11-20', '2026-11-20T00:00:00.000Z'],
  ])('since %s are from %s on', (value, expected) => {
    expect(parseSince(value, now).toISOString()).toBe(expected);
  });

  it.each(['yesterday', '10', '10 parsecs', '2026-13-45', ''])('since %j is not guessed at', (value) => {
    expect(() => parseSince(value, now)).toThrow(/10m or 2h/);
  });
});
