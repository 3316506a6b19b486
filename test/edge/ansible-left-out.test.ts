import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createLocalSite, type LocalSite } from './local-stage.ts';

const LIBRARY = new URL('../../playbooks/library', import.meta.url).pathname;

let site: LocalSite;
beforeEach(() => {
  site = createLocalSite();
  const library = join(site.folder, 'project', 'library');
  mkdirSync(library);
  cpSync(join(LIBRARY, 'bringup_left_out.py'), join(library, 'bringup_left_out.py'));
});
afterEach(async () => {
  await site.remove();
});

/** As the stages do it that come before the installation of a server. */
const LEAVES_OUT = `
- hosts: targets
  gather_facts: false
  tasks:
    - name: Leave it out until it is installed
      bringup_left_out: {name: "{{ inventory_hostname }}", why: no operating system yet, later: stage os installs it}
      register: out
      when: inventory_hostname == 'node-2'
    - name: Go on with the others
      ansible.builtin.meta: end_host
      when: out.left_out is defined
    - name: Try it
      ansible.builtin.ping:
`;

// ansible-runner tells nothing of what a skipped task said: the reason has to come another way.
it('tells a host that a stage leaves out as not tried, with the reason, also through ansible-runner', async () => {
  site.writePlaybook('leaves-out.yml', LEAVES_OUT);
  const { outcome, events } = await site.run('leaves-out.yml');
  expect(outcome).toMatchObject({ status: 'ok', text: '3 tasks; without node-2: no operating system yet' });
  const told = events.flatMap((event) =>
    event.kind === 'host.result' && event.host === 'node-2' ? [event] : [],
  );
  expect(told).toMatchObject([
    {
      status: 'skipped',
      text: 'node-2 has no operating system yet: left out here; stage os installs it',
      left_out: 'no operating system yet',
    },
  ]);
});
