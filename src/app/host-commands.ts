import type { CommandInput, CommandName, CommandOutput } from '../contract/api.ts';
import { BringupError, EXIT } from '../contract/errors.ts';
import { findFile, listFolder } from './folders.ts';
import { listSites } from './known-sites.ts';
import type { BringupPorts } from './ports.ts';

type HostCommand = Extract<CommandName, `files.${string}` | `sites.${string}`> | 'runs.share';
type HostHandlers = { [C in HostCommand]: (input: CommandInput<C>) => Promise<CommandOutput<C>> };

/** Commands about the machine Bringup runs on. A host that can do more (a native dialog, a shared view) answers those itself. */
export function hostHandlers(ports: BringupPorts): HostHandlers {
  const places = async () => (await ports.places?.()) ?? [];
  return {
    'files.choose': async () => ({ native: false, file: null }),
    'files.list': async ({ folder, kind }) => listFolder(await places(), kind, folder),
    'files.find': async (mark) => ({ files: await findFile(await places(), mark) }),
    'sites.list': async () => ({
      sites: ports.sites === undefined ? [] : await listSites(ports.sites, ports.playbooks),
    }),
    'sites.forget': async ({ file }) => ({ forgotten: (await ports.sites?.forget(file)) ?? false }),
    'runs.share': async ({ run }) => {
      throw new BringupError({
        code: 'SHARE_NOT_HERE',
        exit: EXIT.invalid,
        message: 'Only the browser host can let a second person watch.',
        hint: `Start it for that: bringup serve --share ${run}`,
      });
    },
  };
}
