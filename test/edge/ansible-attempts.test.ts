import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StageAttempt } from '../../src/contract/ports.ts';
import { createLocalSite, firstAttempt, standing, type LocalSite } from './local-stage.ts';

let site: LocalSite;
beforeEach(() => {
  site = createLocalSite();
});
afterEach(async () => {
  await site.remove();
});

/** Each host notes each task it does in a file of its own; node-2 fails in the middle while the file `bad` is there. */
const NOTES = `
- name: Work
  hosts: targets
  gather_facts: false
  tasks:
    - name: First
      ansible.builtin.shell: echo first >> {{ playbook_dir }}/{{ inventory_hostname }}
    - name: In [the] middle?
      ansible.builtin.shell: test ! -e {{ playbook_dir }}/bad -o {{ inventory_hostname }} = node-1
    - name: Last
      ansible.builtin.shell: echo last >> {{ playbook_dir }}/{{ inventory_hostname }}
- name: Try
  hosts: targets
  gather_facts: false
  tags: [acceptance]
  tasks:
    - name: Accept
      ansible.builtin.shell: echo accepted >> {{ playbook_dir }}/{{ inventory_hostname }}
`;

async function attempt(
  more: Partial<StageAttempt>,
  goOnWithout?: (hosts: readonly string[]) => string | undefined,
): ReturnType<LocalSite['run']> {
  const ports = { attempt: firstAttempt(more), ...(goOnWithout === undefined ? {} : { goOnWithout }) };
  return site.run('notes.yml', { ports });
}

/** What a host noted, e.g. `first last accepted`. */
async function notesOf(host: string): Promise<string> {
  const { stdout } = await site.shell.sudo(`cat ${join(site.folder, 'project', host)}`);
  return stdout.trim().split('\n').join(' ');
}

describe('another attempt of a stage', () => {
  beforeEach(() => {
    site.writePlaybook('notes.yml', NOTES);
    site.writePlaybook('bad', '');
  });

  it('has files of its own, and is kept to the hosts that failed', async () => {
    expect((await attempt({})).outcome).toMatchObject({ status: 'failed' });
    await site.shell.sudo(`rm ${join(site.folder, 'project', 'bad')}`);
    const { outcome } = await attempt({ attempt: 2, onlyHosts: ['node-2'] });
    expect(outcome.status).toBe('changed');
    expect(await notesOf('node-1')).toBe('first last accepted');
    expect(await notesOf('node-2')).toBe('first first last accepted');
    expect([1, 2].map((number) => existsSync(site.stageFolder('s1', number)))).toEqual([true, true]);
  });

  it('begins at the failed task, whatever characters its name has', async () => {
    await attempt({});
    await site.shell.sudo(`rm ${join(site.folder, 'project', 'bad')}`);
    const again = { attempt: 2, onlyHosts: ['node-2'], fromTask: 'In [the] middle?' };
    expect((await attempt(again)).outcome.status).toBe('changed');
    expect(await notesOf('node-2')).toBe('first last accepted');
  });

  it('says so when it cannot begin at a task', async () => {
    const { outcome } = await attempt({ fromTask: 'No such task' });
    expect(outcome).toMatchObject({
      status: 'failed',
      text: expect.stringMatching(/cannot begin at task "No such task".*nothing was done/),
    });
  });

  it('is kept to the plays that try the result, and to hosts that are not left out', async () => {
    await attempt({ attempt: 2, tag: 'acceptance', leftOut: ['node-2'] });
    expect(await notesOf('node-1')).toBe('accepted');
    expect(existsSync(join(site.folder, 'project', 'node-2'))).toBe(false);
  });
});

describe('a stage some of whose hosts failed', () => {
  beforeEach(() => {
    site.writePlaybook('notes.yml', NOTES);
    site.writePlaybook('bad', '');
  });

  it('ends well without them where it may, with their failures on record', async () => {
    const { outcome, events } = await attempt({}, () => undefined);
    expect(outcome).toMatchObject({
      status: 'changed',
      failed_hosts: ['node-2'],
      text: '4 tasks; goes on without node-2 failed at task "In [the] middle?"',
    });
    expect(standing(events)).toHaveLength(1);
    expect(await notesOf('node-1')).toBe('first last accepted');
  });

  it('fails where it may not, and says why', async () => {
    const { outcome } = await attempt({}, () => 'the role needs it');
    expect(outcome).toMatchObject({ status: 'failed', text: expect.stringMatching(/; the role needs it$/) });
  });

  it('fails where Ansible broke it off: the other hosts are not finished', async () => {
    site.writePlaybook(
      'notes.yml',
      NOTES.replace('hosts: targets', 'hosts: targets\n  any_errors_fatal: true'),
    );
    const { outcome } = await attempt({}, () => undefined);
    expect(outcome).toMatchObject({ status: 'failed', cut_short: true });
    expect(await notesOf('node-1')).toBe('first');
  });
});

describe('two stages of one run', () => {
  /** Ends only when the other stage has got as far, so both run at once. */
  const meets = (mine: string, other: string): string => `
- hosts: node-1
  gather_facts: false
  tasks:
    - name: Say that I am here
      ansible.builtin.copy: {dest: "{{ playbook_dir }}/${mine}", content: x}
    - name: Wait for the other
      ansible.builtin.wait_for: {path: "{{ playbook_dir }}/${other}", timeout: 60, sleep: 1}
    - name: Keep a fact
      ansible.builtin.set_fact: {who: ${mine}, cacheable: true}
    - name: Wait until both have
      ansible.builtin.shell: |
        touch {{ playbook_dir }}/${mine}.kept
        until test -e {{ playbook_dir }}/${other}.kept; do sleep 0.2; done
    - name: Tell
      ansible.builtin.debug:
        msg: "{{ who }} {{ lookup('env', 'ANSIBLE_SSH_CONTROL_PATH_DIR') }} {{ lookup('env', 'ANSIBLE_CACHE_PLUGIN_CONNECTION') }}"
`;

  it('run side by side on one machine without sharing facts, connections or files', async () => {
    site.writePlaybook('a.yml', meets('a', 'b'));
    site.writePlaybook('b.yml', meets('b', 'a'));
    const both = await Promise.all(['a', 'b'].map((stage) => site.run(`${stage}.yml`, { stage })));
    const told = both.map(({ outcome, events }) => {
      expect(outcome.status).toBe('changed');
      const last = events.findLast((event) => event.kind === 'host.result');
      return (last?.kind === 'host.result' ? (last.text ?? '') : '').split(' ');
    });
    expect(told.map(([who]) => who)).toEqual(['a', 'b']);
    for (const place of [1, 2]) expect(told[0]?.[place]).not.toBe(told[1]?.[place]);
    expect(existsSync(join(site.folder, 'runtime', 'r1'))).toBe(false);
  });

  it('are one after the other where they are attempts of the same stage', async () => {
    site.writePlaybook('slow.yml', meets('a', 'b'));
    site.writePlaybook('notes.yml', NOTES);
    let second: ReturnType<LocalSite['run']> | undefined;
    const waits: string[] = [];
    await site.run('slow.yml', {
      onEvent: (event) => {
        if (event.kind !== 'task.started' || event.title !== 'Wait for the other') return;
        second = site.run('notes.yml', {
          ports: { attempt: firstAttempt({ attempt: 2 }) },
          onEvent: (later) => {
            if (later.kind !== 'task.progress' || !later.text.startsWith('waiting for')) return;
            waits.push(later.text);
            for (const name of ['b', 'b.kept']) site.writePlaybook(name, '');
          },
        });
      },
    });
    expect((await second)?.outcome.status).toBe('changed');
    expect(waits[0]).toBe('waiting for s1 of run r1 to end, which still runs there');
  });
});
