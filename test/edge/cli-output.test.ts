import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, closeSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const BIN = fileURLToPath(new URL('../../main/cli/bin.mjs', import.meta.url));

let home: string;
let env: NodeJS.ProcessEnv;
beforeAll(() => {
  home = mkdtempSync(path.join(tmpdir(), 'bringup-cli-output-'));
  env = { ...process.env, BRINGUP_HOME: home, HOME: home, NO_COLOR: '1' };
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Runs a command; its reader leaves after the first piece of output, as `head -1` does. */
async function readLittle(...args: string[]): Promise<{ code: number | null; errors: string }> {
  const child = spawn('node', [BIN, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (text: Buffer) => (errors += text.toString()));
  child.stdout.once('data', () => child.stdout.destroy());
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, errors };
}

/** Types a key at the password prompt of a command on a terminal of its own; gives its exit code. */
function typeAtPrompt(key: string, ...args: string[]): { code: number | null; said: string } {
  const script = `
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0: os.execvp('node', ['node'] + sys.argv[2:])
said = b''
while True:
    try: piece = os.read(terminal, 65536)
    except OSError: break
    if not piece: break
    if b'Password' not in said and b'Password' in said + piece: os.write(terminal, sys.argv[1].encode())
    said += piece
sys.stdout.buffer.write(said)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))`;
  const done = spawnSync('python3', ['-c', script, key, BIN, ...args], {
    env,
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { code: done.status, said: done.stdout };
}

describe('output that nobody reads to its end', () => {
  it('does not cut a run off', async () => {
    expect(await readLittle('rehearse')).toEqual({ code: 0, errors: '' });
    const { stdout } = spawnSync('node', [BIN, 'runs', '--json'], { env, encoding: 'utf8', timeout: 60_000 });
    expect((JSON.parse(stdout) as { runs: unknown[] }).runs).toMatchObject([{ status: 'changed' }]);
    // What follows a run for ever would, too.
    expect(await readLittle('logs', '--follow')).toEqual({ code: 0, errors: '' });
  });

  it('is told where the disk under it is full', () => {
    const full = openSync('/dev/full', 'w');
    const done = spawnSync('node', [BIN, 'schema'], {
      env,
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    closeSync(full);
    expect(done.stderr).toContain('OUTPUT_NOT_WRITTEN');
    expect(done.status).toBe(1);
  });
});

describe('a prompt', () => {
  it.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('that is left by %s cancels the command', (_name, key) => {
    const { code, said } = typeAtPrompt(key, 'credentials', 'set', 'kvm-host');
    expect(said).toContain('CANCELLED');
    expect(code).toBe(4);
  });
});
