import { stat } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { BringupError, EXIT } from '../contract/errors.ts';
import type { Clock } from '../contract/ports.ts';
import type { ExecOptions, ExecResult, RemoteConnection } from '../remote/index.ts';
import type { PlayedStage } from './rehearsal-compose.ts';
import type { Tempo } from './rehearsal-tempo.ts';

export interface SimulatedMachineOptions {
  readonly label: string;
  readonly user: string;
  readonly clock: Clock;
  /** How far its clock is ahead of the laptop's, in seconds. */
  readonly clockAhead?: number;
  /** What the questions of the preflight are answered with, `key=value` lines. */
  readonly facts?: string;
  /** Whether the files of the run are there from an earlier attempt. */
  readonly hasFiles: boolean;
  readonly tempo: Tempo;
  /** The stage that is carried out on it, where it is one under ansible-runner. */
  readonly stage?: PlayedStage;
}

/** Bytes a second with which a simulated upload goes on at pace 1. */
const UPLOAD_RATE = 100 * 2 ** 20;
const UPLOAD_STEPS = 5;

/** A machine of the site that is not there: it answers what Bringup asks of one, and nothing goes over a network. */
export function createSimulatedMachine(options: SimulatedMachineOptions): RemoteConnection {
  const { label, user, tempo, clock } = options;
  const done = (stdout = '', code = 0): ExecResult => ({ code, stdout, stderr: '' });
  const word = { isAsked: false };

  const exec = async (command: string): Promise<ExecResult> => {
    if (command.startsWith('date ')) {
      const now = clock.now().getTime() / 1000 + (options.clockAhead ?? 0);
      return done(`${now.toFixed(3)}\n${user}\n`);
    }
    return done(command.startsWith('id ') ? '1000\n1000\n' : '');
  };

  const tail = async (command: string, say: (line: object) => void): Promise<void> => {
    const from = Number(/'?--from'? '?(\d+)/.exec(command)?.[1] ?? 0);
    const events = options.stage?.events ?? [];
    let last = events.find(({ event }) => event.counter === from)?.at ?? 0;
    for (const { at, event } of events) {
      if (event.counter <= from) continue;
      await tempo.wait(at - last, () => say({ heartbeat: { counter: event.counter - 1 } }));
      last = at;
      if (word.isAsked) {
        const between = event.event.startsWith('playbook_');
        return say({ end: { status: 'canceled', rc: 254, output: '', between, asked: true } });
      }
      say({ event });
    }
    const failed = options.stage?.failed === true;
    say({ end: { status: failed ? 'failed' : 'successful', rc: failed ? 2 : 0, output: '' } });
  };

  const sudo = async (command: string, given: ExecOptions = {}): Promise<ExecResult> => {
    const say = (line: object): void => given.onStdout?.(Buffer.from(`${JSON.stringify(line)}\n`));
    if (command.includes('/runner/running.py')) say({ running: [] });
    else if (command.includes('/runner/start.py'))
      return done(`${JSON.stringify({ directory: folderOf(given.stdin) })}\n`);
    else if (command.includes('/runner/stop.py')) {
      word.isAsked = true;
      return done(`${JSON.stringify({ asked: true, known: true })}\n`);
    } else if (command.includes('/runner/tail.py')) await tail(command, say);
    else if (command.startsWith('test -e ')) return done('', options.hasFiles ? 0 : 1);
    else if (command.includes('complete yes')) return done(options.facts ?? '');
    return done();
  };

  return {
    label,
    exec,
    sudo,
    async upload(local, _remote, { sha256 = '', onProgress } = {}) {
      const { size } = await stat(local);
      if (options.hasFiles) return { status: 'present', sha256, size, sent: 0, resumed_from: 0 };
      for (let step = 0; step <= UPLOAD_STEPS; step += 1) {
        const sent = Math.round((size * step) / UPLOAD_STEPS);
        const left = Math.ceil((size - sent) / UPLOAD_RATE);
        onProgress?.({ done: sent, total: size, rate: UPLOAD_RATE, left_seconds: left, resumed_from: 0 });
        if (step < UPLOAD_STEPS) await tempo.wait(size / UPLOAD_STEPS / UPLOAD_RATE);
      }
      return { status: 'uploaded', sha256, size, sent: size, resumed_from: 0 };
    },
    readFile: async (file) => Promise.reject(notThere(label, file)),
    writeFile: async () => undefined,
    tunnel: async () => new PassThrough(),
    onClose: () => undefined,
    close: () => undefined,
  };
}

/** The private data directory that the order of a stage means. */
function folderOf(stdin: ExecOptions['stdin']): string {
  const { root, run, stage, attempt } = JSON.parse(String(stdin)) as Record<string, string>;
  return `${root ?? ''}/runs/${run ?? ''}/${stage ?? ''}/${String(attempt)}`;
}

function notThere(label: string, file: string): BringupError {
  return new BringupError({
    code: 'REHEARSAL_ONLY',
    exit: EXIT.invalid,
    message: `${file} cannot be read: ${label} is simulated in a rehearsal.`,
    hint: 'Carry the site file out in earnest: bringup apply FILE',
  });
}

/** The error with which a machine refuses the connection, in the words of a fault. */
export function connectionError(given: {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly evidence: string;
}): BringupError {
  const { code, message, hint, evidence } = given;
  return new BringupError({
    ...{ code, message, hint, exit: EXIT.connection },
    evidence: [{ source: 'SSH', text: evidence }],
  });
}
