import { Command } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { addLogCommand } from '../../main/cli/commands/logs.ts';
import type { BringupClient, LogQuestion } from '../../src/contract/api.ts';
import { createLogStore } from '../ui/log-samples.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Calls `bringup logs` with these words; what it printed, and what was asked of the site. */
async function logs(words: readonly string[], json = false) {
  const store = createLogStore(1500);
  let printed = '';
  let noted = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((printed += String(text))));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((noted += String(text))));
  const client = {
    call: async (_command: string, question: LogQuestion) => store.answer(question),
    subscribe: () => () => undefined,
    close: async () => undefined,
  } as unknown as BringupClient & { close(): Promise<void> };
  const program = new Command().exitOverride();
  addLogCommand(program, { json: () => json, client: async () => client, exit: () => undefined });
  await program.parseAsync(['node', 'bringup', 'logs', ...words]);
  return { printed, noted, asked: store.asked };
}

describe('bringup logs --site', () => {
  it('prints the newest that fit, oldest first, and says that there are older ones', async () => {
    const { printed, noted, asked } = await logs([
      '--site',
      'site.yaml',
      '--host',
      'node-1-bmc',
      '--limit',
      '2',
    ]);
    const lines = printed.trim().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain('02:11:47  node-1-bmc  Severity: crit: Critical, Category: System Health');
    expect(noted).toContain('Older ones than 2026-11-21T02:10:44.000Z were left out');
    expect(asked).toEqual([{ file: 'site.yaml', host: 'node-1-bmc', limit: 2 }]);
  });

  it('asks page by page for more than one page holds, and gives one JSON document, newest first', async () => {
    const { printed, asked } = await logs(
      ['--site', 'site.yaml', '--limit', '1200', '--severity', 'err'],
      true,
    );
    const { records, more } = JSON.parse(printed) as { records: { at: string }[]; more: boolean };
    expect([records.length, more]).toEqual([1200, true]);
    expect(records[0]?.at).toBe('2026-11-21T02:12:01.000Z');
    expect(asked.map(({ limit, severity }) => [limit, severity])).toEqual([
      [1000, 'err'],
      [200, 'err'],
    ]);
  });

  it('takes no option of the log of a run, nor a run, and the other way round', async () => {
    await expect(logs(['--site', 'site.yaml', '--failed'])).rejects.toMatchObject({ code: 'USAGE', exit: 2 });
    await expect(logs(['run-1', '--site', 'site.yaml'])).rejects.toMatchObject({ code: 'USAGE' });
    await expect(logs(['--text', 'fan'])).rejects.toThrow('--text goes with --site.');
  });
});
