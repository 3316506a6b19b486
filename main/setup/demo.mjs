// npm run demo: from nothing to a working site on this machine: packages, build, lab, apply, window or address, summary. Where no lab
// can be made, the rehearsal.
import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { ROOT, ensureBuild, ensureNodeModules, ensurePackages, say } from './ensure.mjs';
import { LAB_PACKAGES, WINDOW_PACKAGES } from './packages.mjs';

const HELP = `npm run demo [-- --headless] [-- --short] [-- --down]
Every stage of the stack, from the hardware to the health of the cluster; about
thirteen minutes where the deployment VM is emulated.
  --headless   print the address of the live run instead of opening a window
  --short      the deployment VM and its network services alone; three minutes
  --down       take the lab down at the end`;
const KNOWN = ['--headless', '--short', '--down', '--help'];
const flags = new Set(process.argv.slice(2));
const unknown = [...flags].filter((flag) => !KNOWN.includes(flag));
if (unknown.length > 0) {
  process.stderr.write(`bringup: the demo knows no ${unknown.join(', ')}\n${HELP}\n`);
  process.exit(2);
}
if (flags.has('--help')) {
  process.stdout.write(`${HELP}\n`);
  process.exit(0);
}
const headless = flags.has('--headless');
const started = Date.now();
const noLab = whyNoLab();
if (noLab !== undefined) rehearse(noLab);
ensurePackages(headless ? LAB_PACKAGES : [...LAB_PACKAGES, ...WINDOW_PACKAGES], 'the demo');
ensureNodeModules();
ensureBuild();
say('bringing the lab up (bringup lab up)');
const lab = bringup(['lab', 'up', '--json'], { stdio: ['inherit', 'pipe', 'inherit'], encoding: 'utf8' });
if (lab.status !== 0) finish(lab.status ?? 1, 'The lab did not come up.');
const made = JSON.parse(lab.stdout);
const siteFile = flags.has('--short') ? made.siteFile : made.wholeSiteFile;
if (!flags.has('--short')) {
  say(`reading the hardware of the lab (bringup discover ${siteFile})`);
  const discovered = bringup(['discover', siteFile], { stdio: 'inherit' });
  if (discovered.status !== 0) finish(discovered.status ?? 1, 'The hardware could not be read.');
}

const server = startServer();
say(`applying the site file of the lab (bringup apply ${siteFile})`);
// A lab that is up already may have a VM of other playbooks or another image; it is the lab's, and nobody's loss.
const apply = bringup(['apply', siteFile, '--confirm-vm-change'], { stdio: 'inherit' });
if (apply.status === 0 && !headless && server !== null) {
  say('the window stays open; close it or press Ctrl-C to end');
  await new Promise((resolve) => server.once('exit', resolve));
}
server?.kill('SIGTERM');
if (flags.has('--down')) bringup(['lab', 'down'], { stdio: 'inherit' });
finish(
  apply.status ?? 1,
  apply.status === 0
    ? `The site works: site file ${siteFile}. Apply it again: npx bringup apply ${siteFile}. Take the lab down: npx bringup lab down.`
    : 'The run did not reach its end; the failure record above says why. See it again: npx bringup show.',
);

/** Why this machine cannot have a lab; undefined where it can. */
function whyNoLab() {
  if (process.platform !== 'linux')
    return 'a lab is made of network namespaces and containers, which need Linux';
  const hasSudo = spawnSync('sudo', ['--version'], { stdio: 'ignore' }).status === 0;
  return process.getuid() === 0 || hasSudo ? undefined : 'a lab needs root, and there is no sudo here';
}

/** The same installation against simulated machines, which needs no root and no Linux. */
function rehearse(why) {
  say(`no lab: ${why}. Rehearsing instead (bringup rehearse): nothing in it is real but Bringup itself.`);
  ensureNodeModules();
  ensureBuild();
  const done = spawnSync(process.execPath, [path.join(ROOT, 'main/cli/bin.mjs'), 'rehearse'], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  finish(
    done.status ?? 1,
    done.status === 0
      ? 'The rehearsal came to its end. See it again: npx bringup show.'
      : 'The rehearsal did not come to its end.',
  );
}

function command(args) {
  const base = [process.execPath, path.join(ROOT, 'main/cli/bin.mjs'), ...args];
  return process.getuid() === 0 ? base : ['sudo', ...base];
}

function bringup(args, options) {
  const [program, ...rest] = command(args);
  return spawnSync(program, rest, { cwd: ROOT, ...options });
}

function startServer() {
  const [program, ...rest] = command(['serve', ...(headless ? [] : ['--open'])]);
  const child = spawn(program, rest, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
  process.on('exit', () => child.kill('SIGTERM'));
  return child;
}

function finish(code, text) {
  const seconds = Math.round((Date.now() - started) / 1000);
  say(`${code === 0 ? 'done' : 'FAILED'} after ${Math.floor(seconds / 60)} min ${seconds % 60} s. ${text}`);
  process.exit(code);
}
