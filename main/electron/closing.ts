import { dialog, type BrowserWindow } from 'electron';
import type { BringupClient, CommandInput, CommandName } from '../../src/contract/api.ts';

type Service = Pick<BringupClient, 'call' | 'subscribe'>;

/** Commands after which this process carries a run out. */
const STARTING: readonly CommandName[] = ['runs.apply', 'rehearse.start', 'runs.resume', 'runs.retry'];

/** The runs that this process carries out; those of a terminal on the same machine do not end with the window. */
export interface OwnRuns {
  readonly service: Service;
  /** True once a run was started from here, whether it has ended or not. */
  any(): boolean;
  /** Names of the sites whose runs are still going. */
  going(): Promise<readonly string[]>;
}

/** The application service, and what was started through it. */
export function countOwnRuns(service: Service): OwnRuns {
  const own = new Set<string>();
  return {
    service: {
      subscribe: service.subscribe,
      call: async <C extends CommandName>(command: C, input: CommandInput<C>) => {
        const answer = await service.call(command, input);
        if (STARTING.includes(command)) own.add(String(Reflect.get(answer, 'run')));
        return answer;
      },
    },
    any: () => own.size > 0,
    going: async () => {
      const { runs } = await service.call('runs.list', {});
      return runs
        .filter(
          ({ run, status, interrupted }) => own.has(run) && status === 'running' && interrupted === undefined,
        )
        .map(({ site }) => site);
    },
  };
}

/** Asks before a window is closed that carries out a run, and says what becomes of it; without one it closes at once. */
export function askBeforeClose(window: BrowserWindow, runs: Pick<OwnRuns, 'any' | 'going'>): void {
  let agreed = false;
  let asking = false;
  const decide = async (): Promise<void> => {
    const sites = await runs.going().catch(() => []);
    agreed = sites.length === 0 || (await isClosedAnyway(window, sites));
    if (agreed && !window.isDestroyed()) window.close();
  };
  window.on('close', (event) => {
    if (agreed || !runs.any()) return;
    event.preventDefault();
    if (asking) return;
    asking = true;
    void decide().finally(() => {
      asking = false;
    });
  });
}

async function isClosedAnyway(window: BrowserWindow, sites: readonly string[]): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message:
      sites.length === 1
        ? `The run of ${sites[0] ?? ''} is going.`
        : `Runs of ${sites.join(', ')} are going.`,
    detail:
      'The stage that runs at the site goes on there when Bringup is closed; what works from this laptop (preflight, ' +
      'upload) stops. No further stage is started meanwhile. Open Bringup again and resume the run: what is done stays done.',
    buttons: ['Keep open', 'Close Bringup'],
    defaultId: 0,
    cancelId: 0,
  });
  return response === 1;
}
