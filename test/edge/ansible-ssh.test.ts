import { execa } from 'execa';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BringupError } from '../../src/contract/errors.ts';
import type { RemoteConnection } from '../../src/remote/index.ts';
import { createLocalSite, type LocalSite } from './local-stage.ts';
import { logIn, startSshd, type TestSshd } from './remote-sshd.ts';

const unreachable = new BringupError({ code: 'SSH_UNREACHABLE', message: 'No route to host.' });

let site: LocalSite;
let sshd: TestSshd;
const connections: RemoteConnection[] = [];
beforeEach(async () => {
  site = createLocalSite();
  sshd = await startSshd();
});
afterEach(async () => {
  for (const connection of connections.splice(0)) connection.close();
  await sshd.stop();
  await site.remove();
});

async function login(): Promise<RemoteConnection> {
  const connection = await logIn(sshd, { credential: { password: sshd.password } });
  connections.push(connection);
  return connection;
}

/** Kills the processes that hold the sockets, as a pulled cable would silence them. */
async function cutSessions(): Promise<void> {
  await execa('pkill', ['-KILL', '-U', sshd.user], { reject: false });
}

it('carries a stage out over SSH and sudo with a password, through a broken link, without losing an event', async () => {
  await sshd.allowSudo('ALL=(ALL) ALL');
  site.writePlaybook(
    'stage.yml',
    `
- hosts: node-1
  gather_facts: false
  tasks:
    - name: Count
      ansible.builtin.command: echo {{ item }}
      loop: [1, 2, 3, 4, 5, 6, 7, 8]
    - name: Wait for the word
      ansible.builtin.wait_for: {path: "{{ playbook_dir }}/go", timeout: 60, sleep: 1}
`,
  );
  let breaks = 0;
  const { outcome, events } = await site.run('stage.yml', {
    ports: { connect: login },
    onEvent: (event) => {
      if (event.kind === 'host.result' && event.item === '3') {
        breaks += 1;
        void cutSessions();
      }
      if (event.kind === 'task.progress' && event.text.includes('is back')) site.writePlaybook('go', '');
    },
  });
  expect(breaks).toBe(1);
  expect(outcome.status).toBe('changed');
  const items = events.flatMap((event) => (event.kind === 'host.result' && event.item ? [event.item] : []));
  expect(items).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
  expect(events).toContainEqual(
    expect.objectContaining({
      text: expect.stringMatching(/^Lost contact with KVM host since .* Trying again/),
    }),
  );
  expect(events).toContainEqual(
    expect.objectContaining({ text: expect.stringMatching(/^Contact with KVM host is back after \d+ s/) }),
  );
});

it('says whose password sudo refused', async () => {
  site.writePlaybook('stage.yml', '- hosts: node-1\n  tasks: []\n');
  await expect(site.run('stage.yml', { ports: { connect: login } })).rejects.toMatchObject({
    code: expect.stringMatching(/^SUDO_/),
  });
});

it('gives a machine up that stays out of reach, and says that the stage goes on', async () => {
  await sshd.allowSudo('ALL=(ALL) NOPASSWD: ALL');
  site.writePlaybook(
    'stage.yml',
    '- hosts: node-1\n  gather_facts: false\n  tasks: [{name: Wait, ansible.builtin.wait_for: {timeout: 12}}]\n',
  );
  let gone = false;
  const run = site.run('stage.yml', {
    ports: {
      contactSeconds: 2,
      connect: () => (gone ? Promise.reject(unreachable) : login()),
    },
    onEvent: (event) => {
      if (event.kind !== 'task.started' || event.title !== 'Wait') return;
      gone = true;
      void cutSessions();
    },
  });
  await expect(run).rejects.toMatchObject({
    ...{ code: 'STAGE_CONTACT_LOST', exit: 3 },
    message: expect.stringMatching(/^KVM host could not be reached for \d+ s\. The stage goes on there/),
  });
});
