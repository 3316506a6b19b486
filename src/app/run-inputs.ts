import { BringupError } from '../contract/errors.ts';
import type { KeptFile } from '../contract/ports.ts';
import { readText } from './read-text.ts';
import { planSite } from './hardware.ts';
import type { BringupPorts } from './ports.ts';
import type { LoadedSite } from './site.ts';

/** Keeps beside a run's journal what the run was made from: the site file as it was, the plan, the hardware. */
export async function keepRunInputs(
  ports: Pick<BringupPorts, 'playbooks' | 'hardware' | 'journals' | 'redactor'>,
  { file, site }: LoadedSite,
  run: string,
): Promise<void> {
  const { journals, redactor } = ports;
  const keep = async (name: KeptFile, text: string): Promise<void> =>
    journals.keep(run, name, redactor?.text(text) ?? text);
  const keepData = async (name: KeptFile, data: unknown): Promise<void> =>
    journals.keep(run, name, JSON.stringify(redactor?.value(data) ?? data, null, 2));
  await keep('site.yaml', await readText(file, 'The site file'));
  const plan = await planSite(ports, { file }).catch((thrown: unknown) => {
    // A profile that is not valid stops the stage that needs it, which says so.
    if (thrown instanceof BringupError) return null;
    throw thrown;
  });
  if (plan !== null) await keepData('plan.json', plan);
  const hardware = await ports.hardware.last(site.site.name);
  if (hardware !== null) await keepData('hardware.json', hardware);
}
