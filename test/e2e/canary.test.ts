import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/contract/events.ts';
import type { RemoteConnection } from '../../src/remote/index.ts';
import { filesWith, formsIn, formsOf, makeCanary, watchProcesses } from './support/canary.ts';
import { bringup, stageStatuses, startApply, type Applied } from './support/cli.ts';
import { changedSite, login, openLab, type Lab } from './support/lab.ts';
import { told } from './support/told.ts';

const VM = '198.18.20.10';
/** The forms themselves, on tmpfs of the machine that is searched: the one file that every search must find. */
const NEEDLES = '/run/bringup-canary-needles';

let lab: Lab;
/** Bringup's home: everything that it writes on the laptop, exports included. */
let home: string;
/** What a test writes beside it: the passphrase of the credential file. */
let aside: string;
let store: string[];
let forms: string[];
let processes: ReturnType<typeof watchProcesses>;
/** Everything that any command said. */
const spoken: string[] = [];

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'bringup-home-'));
  aside = await mkdtemp(path.join(tmpdir(), 'bringup-aside-'));
  lab = await openLab(home);
  const passphrase = path.join(aside, 'passphrase');
  await writeFile(passphrase, makeCanary('passphrase'));
  store = ['--credential-store', 'file', '--passphrase-file', passphrase];
  const kvmHost = lab.credentials['lab/kvm-host']!;
  const wrong = { kvmHost: makeCanary('wrong-kvm'), node: makeCanary('wrong-node') };
  const passwords = [
    ...Object.values(lab.credentials).map(({ password }) => password ?? ''),
    ...Object.values(wrong),
  ];
  forms = [...passwords, await readFile(passphrase, 'utf8')].flatMap(formsOf);
  processes = watchProcesses(forms);
  // Another test may have left a deployment VM of another definition.
  const emptied = await mkdtemp(path.join(tmpdir(), 'bringup-home-'));
  expect((await bringup(['apply', lab.siteFile, '--destroy'], emptied)).code).toBe(0);
  await rm(emptied, { recursive: true, force: true });
  await keep('kvm-canary', kvmHost.username ?? '', kvmHost.password ?? '');
  await keep('wrong-kvm', kvmHost.username ?? '', wrong.kvmHost);
  await keep('wrong-node', lab.credentials['lab/node']?.username ?? '', wrong.node);
});

afterAll(async () => {
  processes?.stop();
  for (const folder of [home, aside]) await rm(folder, { recursive: true, force: true });
});

async function keep(name: string, username: string, password: string): Promise<void> {
  const args = [...store, 'credentials', 'set', name, '--username', username, '--stdin'];
  const { code, stdout, stderr } = await bringup(args, home, password);
  spoken.push(stdout, stderr);
  expect(code).toBe(0);
}

async function apply(
  changes: Readonly<Record<string, unknown>>,
  cancelAt?: (event: RunEvent) => boolean,
): Promise<Applied> {
  const site = await changedSite(lab, { 'kvm_host.credential': 'kvm-canary', ...changes });
  const applying = startApply([...store, 'apply', site], home);
  if (cancelAt !== undefined) {
    await applying.until(cancelAt);
    applying.interrupt();
  }
  const applied = await applying.done;
  spoken.push(...applied.events.map((event) => JSON.stringify(event)));
  return applied;
}

/** Every file of a machine's own disks and of its memory, but for what the kernel makes up. */
async function filesOf(machine: RemoteConnection): Promise<string[]> {
  await machine.writeFile(NEEDLES, `${forms.join('\n')}\n`, { mode: '0600', sudo: true });
  const search = `find / /run /tmp /dev/shm -xdev -type f -print0 | xargs -0 -r grep -laF -f ${NEEDLES} | sort -u`;
  const found = await machine.sudo(`sh -c '${search}'`);
  await machine.sudo(`rm -f ${NEEDLES}`);
  return found.stdout.split('\n').filter(Boolean);
}

describe('unique secrets, through runs that fail, are cancelled and come to the end', () => {
  it('a wrong password of the KVM host', async () => {
    const refused = await apply({ 'kvm_host.credential': 'wrong-kvm' });
    expect(refused.code).toBe(3);
    expect(refused.failures[0]?.why.key).toBe('ssh.auth_failed');
  });

  it('a cancel while the deployment VM is made', async () => {
    const cancelled = await apply(
      {},
      (event) => event.kind === 'task.started' && event.stage === 'deployment-vm' && event.title !== '',
    );
    expect(cancelled.code).toBe(4);
  });

  it('to the end', async () => {
    const applied = await apply({});
    expect(told(applied)).toBe('');
    expect(applied.code).toBe(0);
  });

  it('a wrong password of a server, used on the deployment VM', async () => {
    const failed = await apply({ 'hosts.0.ssh.credential': 'wrong-node' });
    expect(failed.code).not.toBe(0);
    expect(Object.values(stageStatuses(failed))).toEqual(
      expect.arrayContaining([expect.stringMatching(/failed|unreachable/)]),
    );
  });

  it('every run exported and opened again', async () => {
    const { runs } = JSON.parse((await bringup(['runs', '--json'], home)).stdout) as {
      runs: { run: string }[];
    };
    expect(runs).toHaveLength(4);
    await mkdir(path.join(home, 'exports'));
    for (const { run } of runs) {
      const file = path.join(home, 'exports', `${run}.bringup`);
      const exported = await bringup([...store, 'export', run, '--output', file], home);
      expect(exported.stderr).toBe('');
      spoken.push(
        exported.stdout,
        (await bringup(['show', run], home)).stdout,
        (await bringup(['logs', run], home)).stdout,
      );
      const text = gunzipSync(await readFile(file));
      expect(text.includes('run.finished')).toBe(true);
      expect(formsIn(text, forms)).toEqual([]);
      const other = path.join(aside, 'other-laptop');
      expect((await bringup(['open', file], other)).code).toBe(0);
    }
  });

  it('show in no process, in nothing that was said, and in no file of the laptop, the KVM host and the deployment VM', async () => {
    expect(processes.looks()).toBeGreaterThan(100);
    expect(processes.stop()).toEqual([]);
    expect(formsIn(spoken.join('\n'), forms)).toEqual([]);

    expect((await readdir(path.join(home, 'runs'))).length).toBe(4);
    expect(filesWith(home, forms)).toEqual([]);
    expect(filesWith(path.join(aside, 'other-laptop'), forms)).toEqual([]);
    expect(filesWith(aside, forms)).toEqual([path.join(aside, 'passphrase')]);

    const kvmHost = await login('198.18.20.5', lab.credentials['lab/kvm-host']!);
    expect(await filesOf(kvmHost)).toEqual([NEEDLES]);
    const privateKey = await kvmHost.readFile('/var/lib/bringup/sites/lab/ssh/access_ed25519', {
      sudo: true,
    });
    const vm = await login(VM, { username: 'bringup', privateKey: privateKey.toString() }, kvmHost);
    expect(await filesOf(vm)).toEqual([NEEDLES]);
    vm.close();
    kvmHost.close();
  });
});
