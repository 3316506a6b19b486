import type { RemoteShell } from '../../src/ansible/index.ts';
import type { RunnerEnd, RunnerEvent } from '../../src/ansible/tail-line.ts';

/** What a stage does on the machine: the job events of ansible-runner and how it ends. */
export interface Script {
  readonly events: readonly Omit<RunnerEvent, 'counter'>[];
  readonly end: RunnerEnd['status'];
}

/** A machine at the site that carries stages out by script and outlives whoever watches. */
export interface Machine {
  readonly shell: RemoteShell;
  /** Orders that started something, as `stage/attempt`; the same order twice is one start. */
  readonly started: string[];
}

/** Answers as the scripts of playbooks/runner do; events come one a tick, so that a reader may die between any two. */
export function createMachine(scripts: Readonly<Record<string, Script>>): Machine {
  const started: string[] = [];
  const shell: RemoteShell = {
    label: 'the machine',
    async sudo(command, options = {}) {
      const [, script = ''] = /runner\/(\w+)\.py/.exec(command) ?? [];
      const say = (line: object): void => options.onStdout?.(`${JSON.stringify(line)}\n`);
      const answer = (line?: object): { code: 0; stdout: string; stderr: string } => ({
        ...{ code: 0, stderr: '' },
        stdout: line === undefined ? '' : `${JSON.stringify(line)}\n`,
      });
      switch (script) {
        case 'running':
          say({ running: [] });
          return answer();
        case 'start': {
          const order = JSON.parse(options.stdin ?? '') as Record<string, string | number>;
          const name = `${order['stage']}/${order['attempt']}`;
          const already = started.includes(name);
          if (!already) started.push(name);
          return answer({ directory: `${order['root']}/runs/${order['run']}/${name}`, already });
        }
        case 'stop':
          return answer({ asked: true, known: true });
        default: {
          const words = command.split(' ').map((word) => word.replaceAll("'", ''));
          const from = Number(words[words.indexOf('--from') + 1]);
          const stage = words[words.indexOf('--from') - 1] ?? '';
          const { events = [], end = 'died' } = scripts[stage] ?? {};
          for (const [index, event] of events.entries()) {
            if (index + 1 <= from) continue;
            await Promise.resolve();
            say({ event: { counter: index + 1, ...event } });
          }
          say({ end: { status: end, rc: 0, output: '' } });
          return answer();
        }
      }
    },
  };
  return { shell, started };
}
