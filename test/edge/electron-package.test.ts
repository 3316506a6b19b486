import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type AsarFilesystem, type Node, readAsar } from 'app-builder-lib/out/asar/asar.js';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const IS_BUILT = ['main/electron/main.js', 'main/electron/preload.cjs', 'renderer/index.html'].every((file) =>
  existsSync(path.join(ROOT, 'dist', file)),
);
const NOT_BUILT = IS_BUILT ? '' : ' (not run: needs npm run build)';

/** What @electron/fuses looks for in a binary; the bytes behind it are a version, a count and one digit for each fuse. */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
/** Fuses in the order of the wire, Electron's build/fuses/fuses.json5. */
const FUSES = [
  'runAsNode',
  'enableCookieEncryption',
  'enableNodeOptionsEnvironmentVariable',
  'enableNodeCliInspectArguments',
  'enableEmbeddedAsarIntegrityValidation',
  'onlyLoadAppFromAsar',
  'loadBrowserProcessSpecificV8Snapshot',
  'grantFileProtocolExtraPrivileges',
];
/** As the binary comes: the opposite of what is wanted, so that a fuse nobody flips is seen. */
const STUB_FUSES = '10110001';

let scratch: string;
let unpacked: string;
let archive: AsarFilesystem;
/** Files of the archive by path from its root, `dist/main/compose.js`. */
let files: ReadonlyMap<string, Node>;

/** A folder that passes for an Electron runtime: packaging copies it and never starts it. */
async function makeStub(folder: string): Promise<void> {
  await mkdir(path.join(folder, 'locales'), { recursive: true });
  await mkdir(path.join(folder, 'resources'));
  const wire = `${SENTINEL}\u0001${String.fromCharCode(FUSES.length)}${STUB_FUSES}`;
  await writeFile(path.join(folder, 'electron'), `stub ${wire}`, { mode: 0o755 });
  for (const name of ['chrome-sandbox', 'chrome_crashpad_handler', 'LICENSE', 'version', 'locales/en-US.pak'])
    await writeFile(path.join(folder, name), 'stub');
}

/** Packs the way `npm run package` does; a failure tells what electron-builder wrote. */
async function runBuilder(...settings: readonly string[]): Promise<void> {
  const builder = ['node_modules/electron-builder/cli.js', '--linux', 'dir', '--x64', ...settings];
  await run(process.execPath, builder, { cwd: ROOT, maxBuffer: 1 << 26 }).catch((error: unknown) => {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`electron-builder failed:\n${stdout}${stderr}`, { cause: error });
  });
}

function filesOf(node: Node, folder = ''): [string, Node][] {
  return Object.entries(node.files ?? {}).flatMap(([name, child]): [string, Node][] =>
    child.files === undefined ? [[`${folder}${name}`, child]] : filesOf(child, `${folder}${name}/`),
  );
}

function named(pattern: RegExp): string[] {
  return [...files.keys()].filter((file) => pattern.test(file));
}

beforeAll(async () => {
  if (!IS_BUILT) return;
  scratch = await mkdtemp(path.join(tmpdir(), 'bringup-package-'));
  const stub = path.join(scratch, 'electron');
  await makeStub(stub);
  await runBuilder(`-c.electronDist=${stub}`, `-c.directories.output=${path.join(scratch, 'release')}`);
  unpacked = path.join(scratch, 'release', 'linux-unpacked');
  archive = await readAsar(path.join(unpacked, 'resources', 'app.asar'));
  files = new Map(filesOf(archive.header));
});

afterAll(async () => {
  if (IS_BUILT) await rm(scratch, { recursive: true, force: true });
});

describe.skipIf(!IS_BUILT)(`the packaged desktop app${NOT_BUILT}`, () => {
  it('holds the shell, the preload and the page, and starts with the shell', async () => {
    const { main } = (await archive.readJson('package.json')) as { readonly main: string };
    expect(main).toBe('dist/main/electron/main.js');
    for (const file of [main, 'dist/main/electron/preload.cjs', 'dist/renderer/index.html'])
      expect(files.get(file)?.size, file).toBeGreaterThan(0);
    const page = (await archive.readFile('dist/renderer/index.html')).toString('utf8');
    const wanted = [...page.matchAll(/(?:src|href)="\.?\/([^"]+)"/g)].map(
      ([, file]) => `dist/renderer/${file}`,
    );
    expect(wanted.length).toBeGreaterThan(0);
    expect(wanted.filter((file) => !files.has(file))).toEqual([]);
  });

  it('holds every playbook file beside the archive, where it can be packed and uploaded, and nothing that Ansible left', async () => {
    const entries = await readdir(path.join(ROOT, 'playbooks'), { recursive: true, withFileTypes: true });
    const wanted = entries
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)))
      .filter((file) => !/__pycache__|\.pyc$|\/\.ansible\//.test(file));
    expect(wanted).toContain('playbooks/ansible.cfg');
    expect(named(/^playbooks\//).sort()).toEqual(wanted.sort());
    for (const file of wanted) {
      expect(files.get(file)?.unpacked, file).toBe(true);
      expect(existsSync(path.join(unpacked, 'resources', 'app.asar.unpacked', file)), file).toBe(true);
    }
  });

  it('holds nothing else of the repository: no sources, tests, maps or keys', async () => {
    const tops = new Set([...files.keys()].map((file) => file.split('/')[0]));
    expect([...tops].sort()).toEqual(['assets', 'dist', 'node_modules', 'package.json', 'playbooks']);
    const own = named(/^(?!node_modules\/)/);
    expect(own.filter((file) => /\.(?:tsx?|map|tsbuildinfo)$|\.test\.|\.spec\./.test(file))).toEqual([]);
    expect(own.filter((file) => /\.(?:pem|key|p12|env|sealed|ova|qcow2)$/.test(file))).toEqual([]);
    const text = await Promise.all(
      own.map(async (file) => [file, (await archive.readFile(file)).toString('latin1')]),
    );
    const isKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=\s]{100}/;
    expect(text.filter(([, content = '']) => isKey.test(content)).map(([file]) => file)).toEqual([]);
  });

  it('holds every package that its code imports', async () => {
    const code = named(/^dist\/(?:src|main)\/.*\.js$/);
    const imports = await Promise.all(
      code.map(async (file) => {
        const text = (await archive.readFile(file)).toString('utf8');
        return ts.preProcessFile(text).importedFiles.map(({ fileName }) => fileName);
      }),
    );
    const packages = new Set(
      imports
        .flat()
        .filter((name) => name !== 'electron' && !/^(?:\.|node:)/.test(name))
        .map((name) => /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0]),
    );
    expect(packages).toContain('ssh2');
    expect(packages).toContain('keytar');
    expect([...packages].filter((name) => !files.has(`node_modules/${name}/package.json`))).toEqual([]);
  });

  it('keeps native code outside the archive, as only files can be loaded', () => {
    const native = named(/\.node$/);
    expect(native).toContain('node_modules/keytar/prebuilds/linux-x64/keytar.node');
    expect(native).toContain('node_modules/keytar/prebuilds/win32-x64/keytar.node');
    expect(native.filter((file) => files.get(file)?.unpacked !== true)).toEqual([]);
    expect(files.get('node_modules/ssh2/lib/client.js')?.size).toBeGreaterThan(0);
  });

  it('has its fuses set in the binary', async () => {
    const binary = (await readFile(path.join(unpacked, 'bringup'))).toString('latin1');
    const start = binary.indexOf(SENTINEL) + SENTINEL.length + 2;
    const wire = binary.slice(start, start + FUSES.length);
    const on = FUSES.filter((_, index) => wire[index] === '1');
    expect(on).toEqual([
      'enableCookieEncryption',
      'enableEmbeddedAsarIntegrityValidation',
      'onlyLoadAppFromAsar',
    ]);
    expect(wire).toHaveLength(FUSES.length);
  });
});
