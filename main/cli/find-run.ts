import type { BringupClient } from '../../src/contract/api.ts';
import { usageError } from './output.ts';

/** The run that a name, or its beginning, stands for; the newest of this machine where there is no name. Throws USAGE. */
export async function findRun(client: BringupClient, name: string | undefined): Promise<string> {
  const { runs } = await client.call('runs.list', {});
  const found = runs.filter((entry) =>
    name === undefined ? entry.opened === undefined : entry.run.startsWith(name),
  );
  const first = found[0];
  if (first === undefined) {
    throw usageError(
      name === undefined
        ? 'There is no run on this machine yet.'
        : `There is no run that begins with ${name}.`,
      name === undefined ? 'Start one with: bringup apply site.yaml' : 'See the runs with: bringup runs',
    );
  }
  if (name !== undefined && found.length > 1 && !found.some((entry) => entry.run === name))
    throw usageError(`${found.length} runs begin with ${name}.`, 'Give more of its name; see: bringup runs');
  return found.find((entry) => entry.run === name)?.run ?? first.run;
}
