import { Window } from 'happy-dom';
import { describe, expect, it } from 'vitest';
import { runDocument } from '../../src/app/show.ts';
import type { RunDocument } from '../../src/contract/api.ts';
import type { RunEvent } from '../../src/contract/events.ts';
import { composeReport, renderHtml, renderMarkdown } from '../../src/report/index.ts';
import { EMPTY_RUN, reduceRun } from '../../src/runs/index.ts';
import { failedRun, okRun } from '../fixtures/journals/samples.ts';

function documentOf(events: readonly RunEvent[]): RunDocument {
  const state = reduceRun(EMPTY_RUN, events);
  return runDocument({ state, stored: { run: state.run, site: state.site, path: '', stamp: '' } });
}

function reportOf(events: readonly RunEvent[], change: (run: RunDocument) => RunDocument = (run) => run) {
  const run = change(documentOf(events));
  return composeReport({ run, runVersion: '0.1.0', version: '0.2.0', made: '2026-11-22T08:00:00Z' });
}

/** The cells of a table of the HTML report, row by row. */
function rowsOf(html: string, title: string): string[][] {
  const { document } = new Window();
  document.write(html);
  const section = [...document.querySelectorAll('section')].find(
    (found) => found.querySelector('h2')?.textContent === title,
  );
  return [...(section?.querySelectorAll('tbody tr') ?? [])].map((row) =>
    [...row.querySelectorAll('td')].map((cell) => cell.textContent),
  );
}

describe('a report', () => {
  it('says of each stage where it ran, how it ended, and how long it took', () => {
    const stages = rowsOf(renderHtml(reportOf(okRun)), 'Stages');
    expect(stages.map(([title, place, status]) => [title, place, status])).toEqual(
      documentOf(okRun).stages.map(({ title, runs_on, status }) => [title, runs_on, status]),
    );
    for (const [, , , took] of stages) expect(took).toMatch(/\d+ s$/);
  });

  it('lists every check with what was seen and wanted', () => {
    const checks = okRun.flatMap((event) =>
      event.kind === 'host.result' && event.check ? [event.check] : [],
    );
    expect(checks.length).toBeGreaterThan(5);
    expect(rowsOf(renderHtml(reportOf(okRun)), 'Checks')).toEqual(
      checks.map(({ title, status, seen, wanted }) => ['kvm-host', title, status, seen, wanted]),
    );
  });

  it('says what failed, why, whose it is and what to do', () => {
    const [record] = documentOf(failedRun).stages.flatMap(({ failures }) => failures);
    const [failure] = rowsOf(renderHtml(reportOf(failedRun)), 'Failures');
    expect(failure).toEqual(
      expect.arrayContaining([record?.reference, record?.what, record?.why.summary, record?.owner]),
    );
    expect(rowsOf(renderHtml(reportOf(okRun)), 'Failures')).toEqual([]);
  });

  it('names the profiles chosen by hand, with the reasons given', () => {
    const profiles = [
      { host: 'node-1', profile: 'storage-dense', reason: 'spare server with other disks' },
      { host: 'node-2', profile: 'compute' },
    ];
    const [start, ...rest] = okRun;
    const chosen = [{ ...start, choices: { profiles } } as RunEvent, ...rest];
    const title = 'Profiles chosen by hand';
    expect(documentOf(chosen).choices).toEqual({ profiles });
    expect(rowsOf(renderHtml(reportOf(chosen)), title)).toEqual([
      ['node-1', 'storage-dense', 'spare server with other disks'],
      ['node-2', 'compute', 'none given'],
    ]);
    expect(rowsOf(renderHtml(reportOf(okRun)), title)).toEqual([]);
  });

  it('does not count the look at a server that has no operating system yet as a trial of it', () => {
    const looked = { status: 'ok' as const, text: 'nothing answers there' };
    const out = { status: 'skipped' as const, left_out: 'no operating system yet' };
    const tasks = [
      { id: 'a', title: 'See whether it has a system', started: '', hosts: { 'node-3': looked } },
      { id: 'b', title: 'Leave it out', started: '', hosts: { 'node-3': out } },
      { id: 'c', title: 'Resolve names', started: '', hosts: { 'node-1': { status: 'ok' as const } } },
    ];
    const report = reportOf(okRun, (run) => ({
      ...run,
      stages: run.stages.slice(-1).map((stage) => ({ ...stage, title: 'Network services', tasks })),
    }));
    expect(rowsOf(renderHtml(report), 'Hosts')).toEqual([
      ['node-3', 'Network services', 'not tried yet: no operating system'],
      ['node-1', 'Network services', '1 ok'],
    ]);
  });

  it('is the same in Markdown', () => {
    const text = renderMarkdown(reportOf(okRun));
    expect(text).toMatch(/^# Site lab: what was set up and proven\n/);
    expect(text.match(/^## .+$/gm)).toEqual(['## Stages', '## Checks', '## Hosts', '## Failures']);
    expect(text).toContain('Made by Bringup 0.2.0 on 2026-11-22 08:00:00 UTC');
    for (const line of text.split('\n').filter((each) => each.startsWith('|'))) expect(line).toMatch(/\|$/);
  });

  it('quotes what machines said as text, whatever it is', () => {
    const evil = '<script>alert(1)</script>\u001b[2J | [x](http://evil) `rm`\n# owned';
    const report = reportOf(okRun, (run) => ({ ...run, text: evil, stack: evil }));
    const html = renderHtml(report);
    expect(html).not.toContain('<script');
    expect(html + renderMarkdown(report)).not.toContain('\u001b');
    const { document } = new Window();
    document.write(html);
    expect(document.querySelector('.verdict')?.textContent).toContain('<script>alert(1)</script>');
    expect(renderMarkdown(report)).toContain(String.raw`\<script\>alert(1)\</script\>`);
    expect(renderMarkdown(report)).not.toMatch(/^# owned|\n# owned/);
  });
});
