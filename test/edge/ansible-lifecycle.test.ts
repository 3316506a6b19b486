import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BringupError } from '../../src/contract/errors.ts';
import type { StageEvent } from '../../src/contract/ports.ts';
import { createLocalSite, firstAttempt, type LocalSite } from './local-stage.ts';

let site: LocalSite;
beforeEach(() => {
  site = createLocalSite();
});
afterEach(async () => {
  await site.remove();
});

/** Waits for the file `go` before it ends, so that a test decides how long the stage runs. */
const WAITS = `
- hosts: node-1
  gather_facts: false
  tasks:
    - name: Before
      ansible.builtin.command: echo before
    - name: Wait for the word
      ansible.builtin.wait_for: {path: "{{ playbook_dir }}/go", timeout: 60, sleep: 1}
    - name: After
      ansible.builtin.command: echo {{ item }}
      loop: "{{ range(10) | list }}"
`;

function processesOf(folder: string): Record<'supervisor' | 'runner', { pid: number }> {
  return JSON.parse(readFileSync(join(folder, 'processes.json'), 'utf8')) as ReturnType<typeof processesOf>;
}

function startsTask(event: StageEvent, title: string): boolean {
  return event.kind === 'task.started' && event.title === title;
}

const SECRET = 'hunter2-hunter2-long';

describe('a stage under ansible-runner', () => {
  it('keeps its secrets on tmpfs while it runs, nowhere else, and removes them', async () => {
    site.writePlaybook('waits.yml', WAITS);
    const secrets = join(site.folder, 'runtime', 'r1', 's1', '1', 'secrets.json');
    const seen: number[] = [];
    const { outcome } = await site.run('waits.yml', {
      onEvent: (event) => {
        if (!startsTask(event, 'Wait for the word')) return;
        seen.push(statSync(secrets).mode & 0o777, statSync(join(secrets, '..')).mode & 0o777);
        site.writePlaybook('go', '');
      },
    });
    expect(outcome.status).toBe('changed');
    expect(seen).toEqual([0o600, 0o700]);
    expect(existsSync(join(site.folder, 'runtime', 'r1'))).toBe(false);
    const hits = execFileSync('bash', ['-c', `grep -rlF ${SECRET} ${site.folder} || true`]).toString();
    expect(hits).toBe('');
  });

  it('loses and doubles no event when the link breaks again and again', async () => {
    site.writePlaybook('waits.yml', WAITS);
    let cuts = 0;
    const { outcome, events } = await site.run('waits.yml', {
      onEvent: (event) => {
        const told = event.kind === 'host.result' && event.task !== 'bringup.start';
        if (told && cuts < 1) {
          cuts += 1;
          site.shell.cut();
        }
        if (event.kind === 'task.progress' && event.text.includes('is back')) {
          site.writePlaybook('go', '');
        }
        if (event.kind === 'host.result' && event.item === '4') {
          cuts += 1;
          site.shell.cut();
        }
      },
    });
    expect(outcome.status).toBe('changed');
    expect(cuts).toBe(2);
    const items = events.flatMap((event) => (event.kind === 'host.result' && event.item ? [event.item] : []));
    expect(items).toEqual(Array.from({ length: 10 }, (_, index) => String(index)));
    expect(events.filter((event) => startsTask(event, 'After'))).toHaveLength(1);
    expect(events).toContainEqual(
      expect.objectContaining({
        kind: 'task.progress',
        text: expect.stringMatching(/Lost contact.*since.*goes on/),
      }),
    );
  });

  it('is started once although the link broke before the start was confirmed', async () => {
    site.writePlaybook(
      'short.yml',
      '- hosts: node-1\n  gather_facts: false\n  tasks: [{name: One, ansible.builtin.ping: }]\n',
    );
    let broken = false;
    const { shell } = site;
    const flaky = {
      label: shell.label,
      sudo: async (...call: Parameters<typeof shell.sudo>) => {
        const result = await shell.sudo(...call);
        if (broken || !call[0].includes('start.py')) return result;
        broken = true;
        throw new BringupError({ code: 'SSH_CLOSED', message: 'The link was cut.' });
      },
    };
    const { outcome, events } = await site.run('short.yml', {
      ports: { connect: () => Promise.resolve(flaky) },
    });
    expect(broken).toBe(true);
    expect(outcome.status).toBe('ok');
    expect(events.filter((event) => startsTask(event, 'One'))).toHaveLength(1);
  });

  it.each(['runner', 'supervisor'] as const)('is told as dead when its %s is killed', async (victim) => {
    site.writePlaybook('waits.yml', WAITS);
    const { outcome, events } = await site.run('waits.yml', {
      onEvent: (event) => {
        if (!startsTask(event, 'Wait for the word')) return;
        const processes = processesOf(site.stageFolder());
        if (victim === 'supervisor') process.kill(processes.supervisor.pid, 'SIGKILL');
        process.kill(processes.runner.pid, 'SIGKILL');
      },
    });
    expect(outcome).toMatchObject({
      status: 'failed',
      text: expect.stringContaining('died at task "Wait for the word"'),
    });
    expect(events.some(({ kind }) => kind === 'failure')).toBe(true);
    expect(existsSync(join(site.folder, 'runtime', 'r1'))).toBe(false);
    await nothingLeft(site.folder);
  });

  it('goes on to its end although its supervisor was killed', async () => {
    site.writePlaybook('waits.yml', WAITS);
    const { outcome } = await site.run('waits.yml', {
      onEvent: (event) => {
        if (!startsTask(event, 'Wait for the word')) return;
        process.kill(processesOf(site.stageFolder()).supervisor.pid, 'SIGKILL');
        site.writePlaybook('go', '');
      },
    });
    expect(outcome.status).toBe('changed');
    expect(existsSync(join(site.folder, 'runtime', 'r1'))).toBe(false);
  });

  it('lets the running task end when it is cancelled, and starts no further one', async () => {
    site.writePlaybook('waits.yml', WAITS);
    const cancel = new AbortController();
    const { outcome, events } = await site.run('waits.yml', {
      signal: cancel.signal,
      onEvent: (event) => {
        if (startsTask(event, 'Wait for the word')) cancel.abort();
        if (event.kind === 'task.progress' && event.text.startsWith('stopping after')) {
          whenAsked(site, () => site.writePlaybook('go', ''));
        }
      },
    });
    expect(outcome).toEqual({
      status: 'cancelled',
      text: 'Stopped before task "After"; what was done before stays done.',
    });
    const waited = events.find((event) => startsTask(event, 'Wait for the word'));
    const key = waited?.kind === 'task.started' ? waited.task : '';
    expect(events).toContainEqual(expect.objectContaining({ kind: 'host.result', task: key, status: 'ok' }));
    expect(events.some((event) => event.kind === 'host.result' && event.item !== undefined)).toBe(false);
    await nothingLeft(site.folder);
  });

  it('is stopped at once by the second word, in a stated way, and leaves no process', async () => {
    site.writePlaybook('waits.yml', WAITS);
    const [cancel, kill] = [new AbortController(), new AbortController()];
    const { outcome } = await site.run('waits.yml', {
      signal: cancel.signal,
      ports: { attempt: firstAttempt({ kill: kill.signal }) },
      onEvent: (event) => {
        if (startsTask(event, 'Wait for the word')) cancel.abort();
        if (event.kind === 'task.progress' && event.text.startsWith('stopping after')) kill.abort();
      },
    });
    expect(outcome).toEqual({
      status: 'cancelled',
      text: 'Stopped at task "Wait for the word"; what was done before stays done.',
    });
    await nothingLeft(site.folder);
  });

  it('is stopped by its own machine when the running task does not end in the time it was given', async () => {
    site.writePlaybook('waits.yml', WAITS);
    const cancel = new AbortController();
    const { outcome } = await site.run('waits.yml', {
      signal: cancel.signal,
      ports: { graceSeconds: 1 },
      onEvent: (event) => {
        if (startsTask(event, 'Wait for the word')) cancel.abort();
      },
    });
    expect(outcome).toMatchObject({ status: 'cancelled', text: expect.stringContaining('Stopped at task') });
    await nothingLeft(site.folder);
  });

  it('is stopped at its hard time limit', async () => {
    site.writePlaybook('waits.yml', WAITS);
    const { outcome } = await site.run('waits.yml', { ports: { hardTimeoutSeconds: 3 } });
    expect(outcome).toMatchObject({ status: 'timed-out', text: expect.stringContaining('hard time limit') });
  });

  it('waits for a stage that another run of the site left running', async () => {
    site.writePlaybook('waits.yml', WAITS);
    let second: ReturnType<typeof site.run> | undefined;
    const waits: string[] = [];
    const first = await site.run('waits.yml', {
      onEvent: (event) => {
        if (!startsTask(event, 'Wait for the word')) return;
        second = site.run('waits.yml', {
          stage: 's2',
          ports: { run: 'r2' },
          onEvent: (told) => {
            if (told.kind !== 'task.progress' || !told.text.startsWith('waiting for')) return;
            waits.push(told.text);
            site.writePlaybook('go', '');
          },
        });
      },
    });
    expect(first.outcome.status).toBe('changed');
    expect((await second)?.outcome.status).toBe('changed');
    expect(waits[0]).toBe('waiting for s1 of run r1 to end, which still runs there');
  });

  it('says what the machine said when it cannot be started at all', async () => {
    site.writePlaybook('waits.yml', WAITS);
    const run = site.run('waits.yml', { ports: { root: '/proc/nowhere' } });
    await expect(run).rejects.toMatchObject({
      code: 'STAGE_SCRIPT_FAILED',
      evidence: [{ text: expect.stringContaining('/proc/nowhere') }],
    });
  });
});

/** Calls back once the stage has the word to stop. */
function whenAsked(place: LocalSite, call: () => void): void {
  if (existsSync(join(place.stageFolder(), 'stop.json'))) call();
  else
    setTimeout(() => {
      whenAsked(place, call);
    }, 50);
}

/** A process that was killed may take a moment to be gone. */
function nothingLeft(folder: string): Promise<void> {
  return expect.poll(() => leftOver(folder)).toEqual([]);
}

/** Command lines of processes that still speak of a folder. */
function leftOver(folder: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        return '';
      }
    })
    .filter((line) => line.includes(folder));
}
