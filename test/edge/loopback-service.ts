import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createBringup, type Bringup } from '../../src/bringup.ts';
import type { RunEvent } from '../../src/contract/events.ts';
import { laptopPorts } from './laptop-ports.ts';

/** The application service with a home of its own; it knows the credential of the site that `writeLoopbackSite` writes. */
export interface LoopbackService {
  /** For the site file; the home lies in it. */
  readonly folder: string;
  readonly service: Bringup;
  /** The events of a run from one on, to its end. */
  ended(run: string, from: number): Promise<RunEvent[]>;
  dispose(): Promise<void>;
}

export function openLoopbackService(): LoopbackService {
  const folder = mkdtempSync(path.join(tmpdir(), 'bringup-loopback-'));
  const installer = { username: 'installer', password: 'a long enough password' };
  const service = createBringup(laptopPorts(path.join(folder, 'home'), { 'kvm-host': installer }));
  return {
    folder,
    service,
    ended: (run, from) =>
      new Promise((resolve) => {
        const seen: RunEvent[] = [];
        const stop = service.subscribe(run, from, (events) => {
          seen.push(...events);
          if (events.at(-1)?.kind !== 'run.finished') return;
          queueMicrotask(() => stop());
          resolve(seen);
        });
      }),
    dispose: async () => {
      await service.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
