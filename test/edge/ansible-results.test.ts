import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StageEvent } from '../../src/contract/ports.ts';
import { createLocalSite, standing, type LocalSite } from './local-stage.ts';

let site: LocalSite;
beforeEach(() => {
  site = createLocalSite();
});
afterEach(async () => {
  await site.remove();
});

type Result = Extract<StageEvent, { kind: 'host.result' }>;

function resultsOf(events: readonly StageEvent[], title: string): Result[] {
  const task = events.find((event) => event.kind === 'task.started' && event.title === title);
  const id = task?.kind === 'task.started' ? task.task : '';
  const results = events.filter(
    (event): event is Result => event.kind === 'host.result' && event.task === id,
  );
  // Hosts answer in any order; the answers of one host keep theirs.
  return results.sort((a, b) => a.host.localeCompare(b.host));
}

describe('what a playbook says', () => {
  it('is told task by task and host by host', async () => {
    site.writePlaybook(
      'all.yml',
      `
- name: First play
  hosts: targets
  gather_facts: false
  tasks:
    - name: Fine
      ansible.builtin.debug: {msg: all is well}
    - name: Changes
      ansible.builtin.command: echo done
    - name: Skips
      ansible.builtin.command: echo never
      when: false
    - name: Loops
      ansible.builtin.command: echo {{ item }}
      loop: [a, b]
    - name: Is allowed to fail
      ansible.builtin.command: sh -c 'echo bad luck >&2; exit 3'
      ignore_errors: true
    - name: With a rescue
      block:
        - name: Fails inside
          ansible.builtin.fail: {msg: inside}
      rescue:
        - name: Rescues
          ansible.builtin.debug: {msg: rescued}
    - name: Hides
      ansible.builtin.debug: {msg: "{{ bringup_credentials['lab/node'].password }}"}
      no_log: true
    - name: Writes
      ansible.builtin.copy: {content: "timeout 30\n", dest: "{{ playbook_dir }}/of-{{ inventory_hostname }}"}
      diff: true
    - name: Tries again
      ansible.builtin.shell: echo x >> {{ playbook_dir }}/{{ inventory_hostname }}; test $(wc -l < {{ playbook_dir }}/{{ inventory_hostname }}) -ge 2
      register: tried
      until: tried.rc == 0
      retries: 3
      delay: 0
`,
    );
    const { outcome, events } = await site.run('all.yml');
    expect(outcome).toMatchObject({ status: 'changed' });
    expect(events).toContainEqual({ kind: 'play.started', play: 'First play', counter: expect.any(Number) });
    expect(events).toContainEqual(
      expect.objectContaining({ kind: 'task.started', title: 'Fine', file: 'all.yml', line: 6 }),
    );
    expect(resultsOf(events, 'Fine')).toMatchObject([
      { host: 'node-1', status: 'ok', text: 'all is well' },
      { host: 'node-2', status: 'ok', text: 'all is well' },
    ]);
    expect(resultsOf(events, 'Changes')[0]).toMatchObject({
      ...{ status: 'changed', text: 'done' },
      detail: { command: 'echo done', rc: 0, stdout: 'done' },
    });
    expect(resultsOf(events, 'Writes')[0]?.detail?.diff).toMatch(/\n\+timeout 30$/);
    expect(resultsOf(events, 'Fine')[0]?.detail).toBeUndefined();
    expect(resultsOf(events, 'Skips').map(({ status }) => status)).toEqual(['skipped', 'skipped']);
    const loops = resultsOf(events, 'Loops').filter(({ host }) => host === 'node-1');
    expect(loops.map(({ status, item }) => [status, item])).toEqual([
      ['changed', 'a'],
      ['changed', 'b'],
      ['changed', undefined],
    ]);
    expect(resultsOf(events, 'Is allowed to fail')[0]).toMatchObject({
      ...{ status: 'failed', ignored: true, text: 'bad luck' },
    });
    expect(resultsOf(events, 'Fails inside').at(-1)).toMatchObject({
      ...{ status: 'failed', ignored: true, text: 'rescued: inside' },
    });
    expect(resultsOf(events, 'Hides')[0]?.text).toMatch(/hidden.*no_log/);
    expect(resultsOf(events, 'Hides')[0]?.detail).toBeUndefined();
    expect(events).toContainEqual(
      expect.objectContaining({
        kind: 'task.progress',
        host: 'node-1',
        text: expect.stringMatching(/^attempt 1 of 4/),
      }),
    );
    expect(standing(events)).toEqual([]);
    expect(JSON.stringify(events)).not.toContain('hunter2');
  });

  it('names what failed, where, and quotes the evidence; equal failures are one record', async () => {
    site.writePlaybook(
      'fails.yml',
      `
- name: Breaks
  hosts: targets
  gather_facts: false
  tasks:
    - name: Write the file
      ansible.builtin.command: sh -c 'echo working; echo "write error{{":"}} No space left on device" >&2; exit 28'
`,
    );
    const { outcome, events } = await site.run('fails.yml');
    expect(outcome).toEqual({ status: 'failed', text: 'node-1, node-2 failed at task "Write the file"' });
    const failures = standing(events);
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatchObject({
      what: 'Task "Write the file" failed on node-1, node-2.',
      where: { play: 'Breaks', task: 'Write the file', host: 'node-1, node-2', file: 'fails.yml', line: 6 },
    });
    expect(failures[0]?.evidence).toContainEqual({
      source: 'stderr',
      text: 'write error: No space left on device',
    });
  });

  it('tells a failure at once, long before the stage ends, and what stands at its end', async () => {
    site.writePlaybook(
      'goes-on.yml',
      `
- hosts: targets
  gather_facts: false
  tasks:
    - {name: Breaks, ansible.builtin.command: sh -c 'echo no >&2; exit 1', when: inventory_hostname == 'node-2'}
    - {name: Rescued, block: [{name: Breaks inside, ansible.builtin.fail: {msg: inside}}], rescue: [{ansible.builtin.debug: {msg: mended}}]}
    - {name: Works, ansible.builtin.debug: {msg: still here}}
`,
    );
    const { events } = await site.run('goes-on.yml');
    const told = events.flatMap((event) => {
      if (event.kind === 'task.started') return [event.title];
      return event.kind === 'failure' ? [`${event.early === true ? 'early: ' : ''}${event.input.what}`] : [];
    });
    expect(told.slice(1)).toEqual([
      ...['Breaks', 'early: Task "Breaks" failed on node-2.'],
      ...['Breaks inside', 'early: Task "Breaks inside" failed on node-1.'],
      ...['ansible.builtin.debug', 'Works', 'Task "Breaks" failed on node-2.'],
    ]);
  });

  it('tells the item that failed, not that some item did', async () => {
    site.writePlaybook(
      'items.yml',
      `
- hosts: node-1
  gather_facts: false
  tasks:
    - name: Loops
      ansible.builtin.command: sh -c 'test {{ item }} = good || { echo {{ item }} is rotten >&2; exit 1; }'
      loop: [good, bad]
`,
    );
    const { events } = await site.run('items.yml');
    expect(resultsOf(events, 'Loops').at(-1)).toMatchObject({ status: 'failed', text: 'bad is rotten' });
    expect(standing(events)).toMatchObject([{ message: 'bad is rotten' }]);
  });

  it('shortens endless output in its middle and keeps both ends', async () => {
    site.writePlaybook(
      'long.yml',
      `
- hosts: node-1
  gather_facts: false
  tasks:
    - name: Talks
      ansible.builtin.shell: echo first; head -c 300000 /dev/zero | tr '\\0' x; echo; echo last; exit 1
`,
    );
    const { events } = await site.run('long.yml');
    const said = standing(events)[0]?.evidence.find(({ source }) => source === 'stdout')?.text ?? '';
    expect(said).toMatch(/x\n?[^]*\[\d+ characters left out\][^]*last$/);
    expect(said.length).toBeLessThan(5000);
  });

  it('tells an unreachable host from a failed one', async () => {
    site.writePlaybook(
      'lost.yml',
      '- hosts: lost\n  gather_facts: false\n  tasks: [{name: Hello, ansible.builtin.ping: }]\n',
    );
    const { outcome, events } = await site.run('lost.yml');
    expect(outcome).toEqual({ status: 'unreachable', text: 'node-9 unreachable at task "Hello"' });
    expect(resultsOf(events, 'Hello')[0]).toMatchObject({ host: 'node-9', status: 'unreachable' });
  });

  it.each([
    ['a file that is not YAML', '- hosts: targets\n  tasks: [\n', /broken\.yml/],
    [
      'an unknown module',
      '- hosts: targets\n  tasks:\n    - {name: X, nosuch.module.here: {}}\n',
      /couldn't resolve module/,
    ],
    ['no host to match', '- hosts: nobody\n  tasks: [{ansible.builtin.ping: }]\n', /matched no host/],
  ])('fails with the words of Ansible on %s', async (_name, text, words) => {
    site.writePlaybook('broken.yml', text);
    const { outcome, events } = await site.run('broken.yml');
    expect(outcome.status).toBe('failed');
    expect(JSON.stringify(standing(events))).toMatch(words);
  });
});
