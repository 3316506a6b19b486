import type { ReportFormat, ReportResult } from '../contract/api.ts';
import type { DiscoverResult } from '../contract/hardware.ts';
import { composeReport, renderHtml, renderJUnit, renderMarkdown } from '../report/index.ts';
import type { BringupPorts } from './ports.ts';
import { readEvents, readState } from './read-run.ts';
import { runDocument } from './show.ts';

/** What a run proved, as a text for the customer. Throws RUN_UNKNOWN. */
export async function reportRun(
  { journals, clock, version }: BringupPorts,
  { run, format }: { readonly run: string; readonly format: ReportFormat },
): Promise<ReportResult> {
  const document = runDocument(await readState(journals, run));
  if (format === 'junit') return { run, format, text: renderJUnit(document) };
  const [started] = (await readEvents(journals, { run, limit: 1 })).events;
  const hardware = parseHardware(await journals.kept(run, 'hardware.json'));
  const report = composeReport({
    ...{ run: document, version, made: clock.now().toISOString() },
    runVersion: started?.kind === 'run.started' ? started.version : version,
    ...(hardware === undefined ? {} : { hardware }),
  });
  return { run, format, text: format === 'html' ? renderHtml(report) : renderMarkdown(report) };
}

/** The hardware kept with the run; that of an opened export may be anything, and is left out where it is not as it must be. */
function parseHardware(text: string | null): DiscoverResult | undefined {
  try {
    const value = JSON.parse(text ?? 'null') as Partial<DiscoverResult> | null;
    const whole =
      typeof value?.at === 'string' && Array.isArray(value.machines) && value.machines.every(isMachine);
    return whole ? (value as DiscoverResult) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether what the report takes of a machine are texts. */
function isMachine(machine: DiscoverResult['machines'][number]): boolean {
  const { host, bmc, error, snapshot } = machine;
  const { manufacturer, model, serial, health, bios } = snapshot ?? {};
  const texts = [host, bmc, error?.message, manufacturer, model, serial, health, bios?.version];
  const shaped = snapshot === undefined || (typeof bios === 'object' && typeof health === 'string');
  return (
    shaped && typeof bmc === 'string' && texts.every((text) => text === undefined || typeof text === 'string')
  );
}
