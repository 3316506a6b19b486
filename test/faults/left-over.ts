import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Machines } from './machines.ts';

/** What may not be there once a run has ended, on a machine that carries stages out. */
const SEARCH = `
for pid in /proc/[0-9]*; do
  tr '\\0' ' ' < $pid/cmdline 2>/dev/null | grep -E '^(/usr/bin/)?python3? .*(ansible-(runner|playbook)|/runner/(start|tail|running|stop)[.]py)' | cut -c1-120 || true
done
find /run/bringup -type f 2>/dev/null | sed 's/^/secret file /' || true
find /run/bringup -mindepth 3 -type d 2>/dev/null | sed 's/^/folder /' || true
grep -E 'bringup|/dev/nbd' /proc/mounts | grep -vE ' / | /(var/lib/libvirt|var/lib/bringup|var/log) ' | sed 's/^/mount /' || true
`;

/** Processes, locks, secrets, mounts and half-made files that a run left behind: one line each. */
export async function leftOver(machines: Machines, home: string): Promise<string[]> {
  const [laptop, host, vm] = await Promise.all([
    onLaptop(home),
    settled(() =>
      machines.onKvmHost(
        `${SEARCH}\nls /var/lib/libvirt/images | grep -E '[.]part$' | sed 's/^/file /' || true`,
      ),
    ),
    settled(() => machines.onVm(SEARCH)),
  ]);
  return [
    ...laptop.map((line) => `laptop: ${line}`),
    ...host.map((line) => `KVM host: ${line}`),
    ...vm.map((line) => `deployment VM: ${line}`),
  ];
}

/** What a run leaves may be clearing itself up just now: only what stays is left over. */
async function settled(look: () => Promise<string>): Promise<string[]> {
  let found: string[] = [];
  for (let time = 0; time < 10; time += 1) {
    found = (await look()).split('\n').filter(Boolean);
    if (found.length === 0) return found;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return found;
}

async function onLaptop(home: string): Promise<string[]> {
  const locks = await readdir(path.join(home, 'locks')).catch(() => []);
  const processes: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (Number(pid) !== process.pid && environment.split('\0').includes(`BRINGUP_HOME=${home}`))
      processes.push((await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' '));
  }
  const made = await readdir(temporaryFolder(home)).catch(() => []);
  return [
    ...locks.map((name) => `lock ${name}`),
    ...processes.map((line) => `process ${line}`),
    ...made.map((name) => `temporary folder ${name}`),
  ];
}

/** Where the apps of this home keep temporary files, so that those of others are not taken for theirs. */
export function temporaryFolder(home: string): string {
  return path.join(path.dirname(home), `${path.basename(home)}-tmp`);
}
