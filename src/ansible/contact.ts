import { setTimeout as sleep } from 'node:timers/promises';
import { BringupError, EXIT } from '../contract/errors.ts';
import type { Clock } from '../contract/ports.ts';
import type { RemoteShell } from './shell.ts';

const PAUSES_SECONDS = [1, 2, 4, 8, 15];
/** Connect errors that trying again does not mend. */
const LASTING = new Set([
  'SSH_AUTH_FAILED',
  'SSH_HOST_KEY_CHANGED',
  'SSH_HOST_KEY_UNKNOWN',
  'SSH_ALGORITHM_MISMATCH',
]);

export interface ContactPorts {
  connect(): Promise<RemoteShell>;
  readonly clock: Clock;
  /** Seconds after which trying again is given up; asked at each attempt. */
  patienceSeconds(): number;
  /** Told when contact is lost, at each attempt, and when it is back. */
  tell(text: string): void;
}

/** A machine that may drop out of reach: what is done through it is taken up again on a new connection. */
export interface Contact {
  /** Runs an action that may be repeated; a broken link is mended, any other error passes. */
  use<T>(action: (shell: RemoteShell) => Promise<T>): Promise<T>;
  /** The connection in use, if there is one. */
  shell(): RemoteShell | undefined;
}

export function createContact(ports: ContactPorts): Contact {
  let open: RemoteShell | undefined;

  async function regain(): Promise<RemoteShell> {
    const label = open?.label ?? 'the machine';
    open = undefined;
    const since = ports.clock.now();
    // How long it lasts is told by a clock that nobody sets.
    const began = performance.now();
    const lost = `Lost contact with ${label} since ${since.toISOString().slice(11, 19)} UTC; the stage goes on there.`;
    for (let attempt = 1; ; attempt += 1) {
      ports.tell(`${lost} Trying again (attempt ${attempt}).`);
      const pause = PAUSES_SECONDS[Math.min(attempt, PAUSES_SECONDS.length) - 1] ?? 0;
      await sleep(pause * 1000);
      const seconds = Math.round((performance.now() - began) / 1000);
      try {
        const shell = await ports.connect();
        ports.tell(`Contact with ${label} is back after ${seconds} s.`);
        return shell;
      } catch (thrown) {
        if (!isLinkError(thrown) || LASTING.has(thrown.code)) throw thrown;
        if (seconds >= ports.patienceSeconds()) throw contactLost(label, seconds, thrown);
      }
    }
  }

  async function use<T>(action: (shell: RemoteShell) => Promise<T>): Promise<T> {
    open ??= await ports.connect();
    for (;;) {
      try {
        return await action(open);
      } catch (thrown) {
        if (!isLinkError(thrown)) throw thrown;
        open = await regain();
      }
    }
  }

  return { use, shell: () => open };
}

/** True for an error of the link, as against one of the command. */
export function isLinkError(thrown: unknown): thrown is BringupError {
  return thrown instanceof BringupError && thrown.code.startsWith('SSH_');
}

function contactLost(label: string, seconds: number, cause: BringupError): BringupError {
  return new BringupError({
    code: 'STAGE_CONTACT_LOST',
    exit: EXIT.connection,
    message: `${label} could not be reached for ${seconds} s. The stage goes on there without the laptop.`,
    hint: 'Restore the link, then take the run up where it is: bringup resume',
    evidence: [{ source: cause.code, text: cause.message }, ...cause.evidence],
    cause,
  });
}
