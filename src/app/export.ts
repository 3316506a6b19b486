import path from 'node:path';
import { parseDocument } from 'yaml';
import type { ExportResult } from '../contract/api.ts';
import { BringupError, EXIT } from '../contract/errors.ts';
import type { RunEvent } from '../contract/events.ts';
import type { Credential, CredentialStore, KeptFile } from '../contract/ports.ts';
import { encodeEvent, readBatches } from '../runs/index.ts';
import { createExportCheck, type Place } from './export-check.ts';
import { EXPORT_FORMAT, type ExportFile, type ExportHeader } from './export-format.ts';
import { writeExport } from './export-write.ts';
import type { BringupPorts } from './ports.ts';
import { readState } from './read-run.ts';
import { createRedactor, type Redactor } from './redactor.ts';
import { credentialNames } from './secrets.ts';
import { runDocument } from './show.ts';

const KEPT: readonly KeptFile[] = ['site.yaml', 'plan.json', 'hardware.json'];

/**
 * Writes a run into one file for somebody elsewhere: its journal, its state, what it was made from. Every secret that
 * the store holds for the site is covered, and the result is then searched for them before the file appears. Throws
 * EXPORT_HOLDS_SECRET, EXPORT_EXISTS, EXPORT_NOT_WRITTEN, RUN_UNKNOWN, and CREDENTIALS_* where the store does not open.
 */
export async function exportRun(
  ports: BringupPorts,
  { run, file }: { readonly run: string; readonly file: string },
): Promise<ExportResult> {
  const found = await readState(ports.journals, run);
  if (found.stored.opened !== undefined) throw exportOfExport(run, found.stored.opened);
  const kept = await readKept(ports, run);
  const { known, missing } = await readCredentials(ports.credentials, kept.get('site.yaml'));
  const redactor = createRedactor();
  for (const [name, credential] of known) redactor.add(name, credential);
  const check = createExportCheck(known);
  const { state, notice } = found;
  const count = { events: 0, hidden: 0 };

  const covered = (text: string): string => {
    const shown = redactor.text(text);
    if (shown !== text) count.hidden += 1;
    return shown;
  };
  const checked = (line: string, place: Place): string => {
    check.look(line, place);
    return line;
  };
  const fileLine = (name: ExportFile['file'], text: string): string =>
    checked(JSON.stringify({ file: name, text } satisfies ExportFile), () => `file ${name}`);

  async function* lines(): AsyncGenerator<string> {
    const header: ExportHeader = {
      ...{ bringup_export: EXPORT_FORMAT, run, site: state.site, stack: state.stack, version: ports.version },
      ...{ platform: ports.platform, made: ports.clock.now().toISOString() },
      ...(notice === undefined ? {} : { notice }),
    };
    yield checked(JSON.stringify(header), () => 'the head of the file');
    for (const [name, text] of kept) yield fileLine(name, covered(text));
    yield fileLine('state.json', JSON.stringify(redactor.value(runDocument(found)), null, 2));
    for await (const events of readBatches(ports.journals.lines(run), run, { damaged: 'read' })) {
      count.events += events.length;
      yield checked(coverEvents(events, redactor, count), placeOfEvent);
    }
  }

  const target = path.resolve(file);
  const bytes = await writeExport(target, lines());
  return {
    ...{ file: target, run, bytes, ...count, checked: [...known.keys()], unchecked: missing },
    ...(notice === undefined ? {} : { notice }),
  };
}

function coverEvents(events: readonly RunEvent[], redactor: Redactor, count: { hidden: number }): string {
  return events
    .map((event) => {
      const line = encodeEvent(event);
      if (redactor.text(line) === line) return line;
      count.hidden += 1;
      return encodeEvent(redactor.value(event));
    })
    .join('\n');
}

const placeOfEvent: Place = (line) => {
  const event = JSON.parse(line) as RunEvent;
  return `event ${event.seq} (${event.kind}${'stage' in event ? ` of stage ${event.stage}` : ''})`;
};

async function readKept({ journals }: BringupPorts, run: string): Promise<ReadonlyMap<KeptFile, string>> {
  const kept = new Map<KeptFile, string>();
  for (const name of KEPT) {
    const text = await journals.kept(run, name);
    if (text !== null) kept.set(name, text);
  }
  return kept;
}

/**
 * The credentials that the run's site file names, which must be readable, and all others of the store. Where the run is
 * older than kept site files, the store must list what it holds; else its list is a bonus that a lab, say, has none of.
 */
async function readCredentials(
  store: CredentialStore,
  siteFile: string | undefined,
): Promise<{ known: Map<string, Credential>; missing: string[] }> {
  const named =
    siteFile === undefined ? [] : credentialNames(parseDocument(siteFile).toJS({ maxAliasCount: 100 }));
  const listed = await store.list().catch((thrown: unknown) => {
    if (siteFile !== undefined && thrown instanceof BringupError) return [];
    throw thrown;
  });
  const known = new Map<string, Credential>();
  const missing: string[] = [];
  for (const name of new Set([...named, ...listed])) {
    const credential = await store.get(name);
    if (credential !== null) known.set(name, credential);
    else missing.push(name);
  }
  return { known, missing };
}

function exportOfExport(run: string, source: string): BringupError {
  return new BringupError({
    code: 'RUN_READ_ONLY',
    exit: EXIT.invalid,
    message: `Run ${run} was itself read from an export, ${source}.`,
    hint: `Pass ${source} on as it is.`,
  });
}
