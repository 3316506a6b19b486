import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { callModule } from './playbooks-ansible.ts';
import { startSshd, type TestSshd } from './remote-sshd.ts';

let folder: string;
let first: TestSshd;
let other: TestSshd;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bringup-host-key-'));
  [first, other] = await Promise.all([startSshd(), startSshd()]);
});
afterAll(async () => {
  await Promise.all([first.stop(), other.stop()]);
  await rm(folder, { recursive: true, force: true });
});

/** What the module says of a server whose keys are kept in a file of this name. */
const look = (name: string, { port }: Pick<TestSshd, 'port'>, expected = '') =>
  callModule('bringup_host_key', {
    ...{ address: '127.0.0.1', port, expected },
    known_hosts: path.join(folder, name, 'known_hosts'),
  });

it('keeps the key of the first contact, once, by the fingerprint that ssh-keygen prints', async () => {
  expect(await look('node', first)).toMatchObject({
    changed: true,
    fingerprints: [await first.fingerprint()],
  });
  expect(await readFile(path.join(folder, 'node', 'known_hosts'), 'utf8')).toMatch(/^\S+ ssh-ed25519 \S+\n$/);
  expect(await look('node', first)).toMatchObject({ changed: false });
});

it('refuses another key than the one that is kept, or expected', async () => {
  const kept = await first.fingerprint();
  await look('moved', first);
  // The same address, as a known_hosts file names it, and another machine behind it.
  const file = path.join(folder, 'moved', 'known_hosts');
  const refused = await look('moved', other);
  expect(refused).toMatchObject({ failed: true, code: 'SSH_HOST_KEY_CHANGED' });
  expect(refused.msg).toContain(await other.fingerprint());
  expect(refused.msg).toContain(`it had ${kept} at first contact`);
  expect(refused.msg).toContain(`delete ${file}`);
  expect(await look('fresh', other, kept)).toMatchObject({ failed: true, code: 'SSH_HOST_KEY_CHANGED' });
});

it('finds an expected key of another kind than the usual one', async () => {
  expect(await look('rsa', first, await first.fingerprint('rsa'))).toMatchObject({ changed: true });
  expect(await readFile(path.join(folder, 'rsa', 'known_hosts'), 'utf8')).toMatch(/^\S+ ssh-rsa \S+\n$/);
});

it('leaves who does not answer to the connection itself', async () => {
  expect(await look('gone', { port: 1 })).toMatchObject({ changed: false, fingerprints: [] });
});
