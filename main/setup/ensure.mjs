// Installs what a fresh Debian machine lacks, and says so. Plain JavaScript: it runs before any npm package is there.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Prints one step of the setup. */
export function say(text) {
  process.stdout.write(`bringup: ${text}\n`);
}

/** Runs a command with its output shown; ends this process with 1 and a sentence when it fails. */
export function run(command, args, options = {}) {
  const done = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit', ...options });
  if (done.status === 0) return;
  const how = done.error
    ? done.error.message
    : done.signal
      ? `signal ${done.signal}`
      : `exit code ${done.status}`;
  process.stderr.write(`bringup: ${command} ${args.join(' ')} failed: ${how}\n`);
  process.exit(1);
}

/** The packages of the list that dpkg does not have installed. */
export function missingPackages(packages) {
  const query = spawnSync('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\n', ...packages], {
    encoding: 'utf8',
  });
  const installed = new Set();
  for (const line of (query.stdout ?? '').split('\n')) {
    const [name, status] = line.split(' ');
    if (status === 'installed') installed.add(name);
  }
  return packages.filter((name) => !installed.has(name));
}

/** Installs missing Debian packages as root or through sudo. */
export function ensurePackages(packages, why) {
  if (process.platform !== 'linux' || !existsSync('/usr/bin/dpkg-query')) {
    say(`this is not a Debian system; install yourself for ${why}: ${packages.join(' ')}`);
    return;
  }
  const missing = missingPackages(packages);
  if (missing.length === 0) return;
  say(`installing Debian packages for ${why}: ${missing.join(' ')}`);
  const sudo = process.getuid() === 0 ? [] : ['sudo'];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const quiet = { stdio: ['ignore', 'ignore', 'inherit'], env };
  const apt = (...args) => {
    const [command, ...rest] = [...sudo, 'apt-get', ...args];
    run(command, rest, quiet);
  };
  apt('update', '-qq');
  // Services of the packages must not start on the engineer's machine: the lab and the tests start their own.
  const policy = '/usr/sbin/policy-rc.d';
  const guard = process.getuid() === 0 && !existsSync(policy);
  if (guard) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    apt('install', '-y', '-qq', '--no-install-recommends', ...missing);
  } finally {
    if (guard) spawnSync('rm', ['-f', policy]);
  }
}

/** Runs npm ci when node_modules does not match the lock file. */
export function ensureNodeModules() {
  const lock = readFileSync(path.join(ROOT, 'package-lock.json'));
  const stamp = path.join(ROOT, 'node_modules', '.bringup-lock');
  const wanted = createHash('sha256').update(lock).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say('installing npm packages of package-lock.json');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(stamp, wanted);
}

/** Builds dist/ when a source is newer than the last build. */
export function ensureBuild() {
  mkdirSync(path.join(ROOT, 'dist'), { recursive: true });
  run(process.execPath, [path.join(ROOT, 'main/setup/build.mjs'), '--if-changed']);
}
