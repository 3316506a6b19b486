import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { BringupError, EXIT } from '../../src/contract/errors.ts';
import type { LabContext } from './context.ts';
import { LAB } from './layout.ts';
import { TOOL_ENV, runTool } from './run-tool.ts';

/** Tools labUp runs, and the Debian package each comes in. */
const TOOLS = {
  ip: 'iproute2',
  mmdebstrap: 'mmdebstrap',
  'systemd-nspawn': 'systemd-container',
  'mkfs.ext4': 'e2fsprogs',
  'mkfs.vfat': 'dosfstools',
  mcopy: 'mtools',
  sgdisk: 'gdisk',
  'qemu-img': 'qemu-utils',
  'ssh-keygen': 'openssh-client',
  openssl: 'openssl',
  python3: 'python3',
} as const;

/** Throws unless this is Linux and the user is root: namespaces and mounts need both. */
export function requireLinuxRoot(): void {
  if (process.platform !== 'linux') {
    throw new BringupError({
      code: 'LAB_NEEDS_LINUX',
      message: `The lab is made of Linux network namespaces and containers; this is ${process.platform}.`,
      hint: 'Run it on a Linux machine, or in a Linux virtual machine on this one.',
      exit: EXIT.invalid,
    });
  }
  if (process.getuid?.() !== 0) {
    throw new BringupError({
      code: 'LAB_NEEDS_ROOT',
      message: 'The lab makes namespaces, mounts and bridges, which only root may.',
      hint: 'Run the same command with sudo.',
      exit: EXIT.invalid,
    });
  }
}

/** Throws LAB_TOOLS_MISSING with one apt-get line for all tools that are not on the PATH. */
export function requireTools(): void {
  const packages = Object.entries(TOOLS)
    .filter(([tool]) => !isOnPath(tool))
    .map(([, debianPackage]) => debianPackage);
  if (packages.length === 0) return;
  throw new BringupError({
    code: 'LAB_TOOLS_MISSING',
    message: `The lab needs tools this machine lacks, from the packages ${packages.join(', ')}.`,
    hint: `apt-get install ${packages.join(' ')}`,
    exit: EXIT.invalid,
  });
}

/** Throws LAB_ADDRESSES_TAKEN when anything but this lab has a route into the lab's addresses. */
export async function requireFreeAddresses(lab: LabContext): Promise<void> {
  const [inside, around] = await Promise.all([routes('root'), routes('match')]);
  const stranger = [...inside, ...around].find(
    (route) => route.dst !== 'default' && route.dev !== lab.laptopLink && route.type !== 'broadcast',
  );
  if (stranger === undefined) return;
  const owner = /^([a-z][a-z0-9]{0,7})-laptop$/.exec(stranger.dev ?? '')?.[1];
  throw new BringupError({
    code: 'LAB_ADDRESSES_TAKEN',
    message: `The lab uses ${LAB.range}, but this machine already routes ${stranger.dst} through ${stranger.dev ?? 'a route without an interface'}.`,
    hint:
      owner === undefined
        ? `Remove that route (ip route show root ${LAB.range}) or run the lab on another machine.`
        : `That is the lab "${owner}"; only one can be up. Take it down first.`,
  });
}

interface Route {
  readonly dst: string;
  readonly dev?: string;
  readonly type?: string;
}

async function routes(selector: 'root' | 'match'): Promise<readonly Route[]> {
  const output = await runTool('ip', ['-j', '-4', 'route', 'show', 'table', 'all', selector, LAB.range]);
  return JSON.parse(output === '' ? '[]' : output) as readonly Route[];
}

function isOnPath(tool: string): boolean {
  return TOOL_ENV.PATH.split(':').some((folder) => {
    try {
      accessSync(path.join(folder, tool), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
