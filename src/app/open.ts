import path from 'node:path';
import type { OpenResult } from '../contract/api.ts';
import { BringupError, EXIT } from '../contract/errors.ts';
import { JOURNAL_SCHEMA, type RunEvent } from '../contract/events.ts';
import type { KeptFile, ReceivedRun } from '../contract/ports.ts';
import { createJournalDecoder, encodeEvent } from '../runs/index.ts';
import { EXPORT_FILES, EXPORT_FORMAT, type ExportFile, type ExportHeader } from './export-format.ts';
import { EXPORT_LIMITS, notAnExport, readExport } from './export-read.ts';
import type { RunJournals } from './ports.ts';
import { plainName } from './rehearsal-site.ts';

/** Lines that start like this may hold what a terminal would carry out; the rest is not looked at one by one. */
const CONTROL = /\\u00[01][0-9a-f]|\\b|\\f|\\u007f|[\u007f-\u009f]/i;

/**
 * Takes in the run of an export, to be looked at like any other. Nothing in the file is believed: names are those an
 * export has, every event is checked, and a file that is not whole leaves nothing behind. Throws EXPORT_*.
 */
export async function openExport(
  journals: RunJournals,
  file: string,
  limits = EXPORT_LIMITS,
): Promise<OpenResult> {
  const reader = createReader(path.resolve(file), journals);
  try {
    for await (const block of readExport(file, limits)) await reader.take(block);
    return await reader.finish();
  } catch (thrown) {
    await reader.discard();
    throw thrown;
  }
}

interface Reader {
  take(block: string): Promise<void>;
  finish(): Promise<OpenResult>;
  discard(): Promise<void>;
}

function createReader(file: string, journals: RunJournals): Reader {
  const decoder = createJournalDecoder(JOURNAL_SCHEMA);
  let header: ExportHeader | undefined;
  let target: ReceivedRun | undefined;
  let own = false;
  let events = 0;

  async function begin(line: string): Promise<void> {
    header = parseHeader(line, file);
    const { run } = header;
    own = (await journals.list()).some((stored) => stored.run === run && stored.opened === undefined);
    if (!own) target = await journals.receive(run, path.basename(file));
  }

  async function takeEvents(block: string, run: string): Promise<void> {
    const found = decoder.push(block);
    const [fault] = decoder.faults.filter(({ unreadable, newer }) => unreadable || newer !== undefined);
    if (fault?.newer !== undefined) throw newer(file, fault.newer.version);
    if (fault !== undefined) throw notAnExport(file, `its event ${fault.line} cannot be read: ${fault.text}`);
    if (events === 0 && found.length > 0 && found[0]?.kind !== 'run.started')
      throw notAnExport(file, 'its first event does not start a run');
    if (found.some((event) => event.run !== run)) throw notAnExport(file, 'it holds events of another run');
    events += found.length;
    if (found.length > 0) await target?.append(found.map(plainLine).join('\n'));
  }

  return {
    async take(block) {
      let rest = block;
      while (rest !== '' && (header === undefined || rest.startsWith('{"file":'))) {
        const end = rest.indexOf('\n');
        const line = end < 0 ? rest : rest.slice(0, end);
        rest = end < 0 ? '' : rest.slice(end + 1);
        if (header === undefined) await begin(line);
        else await takeFile(line, file, target);
      }
      if (rest !== '' && header !== undefined) await takeEvents(rest, header.run);
    },
    async finish() {
      if (header === undefined || events === 0) throw notAnExport(file, 'it holds no run');
      await target?.finish();
      const { run, site, version, made } = header;
      return { run, site, events, own, version, made };
    },
    async discard() {
      await target?.discard();
    },
  };
}

function parseHeader(line: string, file: string): ExportHeader {
  let header: Partial<ExportHeader> | null;
  try {
    header = JSON.parse(line) as Partial<ExportHeader> | null;
  } catch {
    header = null;
  }
  const format = header?.bringup_export;
  if (header === null || typeof format !== 'number')
    throw notAnExport(file, 'its first line is not that of an export');
  if (format > EXPORT_FORMAT) throw newer(file, String(header.version));
  const { run, site, stack, version, platform, made } = header;
  const named = typeof run === 'string' && /^[A-Za-z0-9][A-Za-z0-9-]{0,99}$/.test(run);
  const placed = typeof site === 'string' && /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(plainName(site));
  if (!named || !placed) throw notAnExport(file, 'the run or the site in it has a name that none can have');
  if ([stack, version, platform, made].some((text) => typeof text !== 'string' || text.length > 200)) {
    throw notAnExport(file, 'its first line is incomplete');
  }
  return plain(header as ExportHeader);
}

async function takeFile(line: string, file: string, target: ReceivedRun | undefined): Promise<void> {
  let found: Partial<ExportFile>;
  try {
    found = JSON.parse(line) as Partial<ExportFile>;
  } catch {
    throw notAnExport(file, 'a file in it cannot be read');
  }
  const { file: name, text } = found;
  if (name === undefined || !EXPORT_FILES.includes(name) || typeof text !== 'string') {
    throw notAnExport(file, `it holds a file that exports do not have, ${JSON.stringify(name).slice(0, 60)}`);
  }
  if (name !== 'state.json') await target?.keep(name satisfies KeptFile, text);
}

/** An event as a line, without what a terminal would carry out. */
function plainLine(event: RunEvent): string {
  const line = encodeEvent(event);
  return CONTROL.test(line) ? encodeEvent(plain(event)) : line;
}

function plain<T>(value: T): T {
  if (typeof value === 'string') return value.replaceAll(/(?![\t\n])\p{Cc}/gu, '') as T;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((entry: unknown) => plain(entry)) as T;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, plain(entry as unknown)])) as T;
}

function newer(file: string, version: string): BringupError {
  return new BringupError({
    code: 'EXPORT_NEWER',
    exit: EXIT.invalid,
    message: `The file ${file} was made by a newer Bringup, ${version.slice(0, 40)}.`,
    hint: 'Open it with that version or a later one.',
  });
}
