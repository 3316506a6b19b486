import { execa } from 'execa';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const NAMESPACE = `bt-${randomBytes(4).toString('hex')}`;

/** Connects from inside the namespace, where no packet can leave, and prints the error. */
const PROGRAM = `
import { runnerImport } from 'vite';
const { module } = await runnerImport('./src/remote/index.ts');
const hostKeys = { get: async () => null, set: async () => {}, delete: async () => false };
const errors = [];
for (const host of process.argv.slice(1)) {
  const target = { label: 'KVM host', host, port: 22, username: 'nobody', credential: {} };
  const error = await module.connect(target, { hostKeys, connectTimeoutSeconds: 1 }).catch((thrown) => thrown);
  errors.push({ code: error.code, exit: error.exit, message: error.message, hint: error.hint });
}
console.log(JSON.stringify(errors));
`;

const ip = (...words: string[]): Promise<unknown> => execa('ip', ['-n', NAMESPACE, ...words]);

beforeAll(async () => {
  await execa('ip', ['netns', 'add', NAMESPACE]);
  await ip('link', 'add', 'nowhere', 'type', 'veth', 'peer', 'name', 'nobody');
  await ip('link', 'set', 'nobody', 'up');
  await ip('address', 'add', '198.51.100.1/24', 'dev', 'nowhere');
  await ip('link', 'set', 'nowhere', 'up');
  await ip('neighbour', 'add', '198.51.100.7', 'lladdr', '02:00:00:00:00:07', 'dev', 'nowhere');
  await ip('route', 'add', 'unreachable', '203.0.113.1');
  await ip('route', 'add', 'blackhole', '203.0.113.2');
});
afterAll(async () => {
  await execa('ip', ['netns', 'del', NAMESPACE], { reject: false });
});

it('tells no route, a blackhole, an unknown network and silence', async () => {
  const hosts = ['203.0.113.1', '203.0.113.2', '192.0.2.1', '198.51.100.7'];
  const node = [process.execPath, '--input-type=module', '-e', PROGRAM, ...hosts];
  const { stdout } = await execa('ip', ['netns', 'exec', NAMESPACE, ...node], { cwd: ROOT });
  const errors = JSON.parse(stdout.split('\n').at(-1) ?? '') as Record<string, string>[];
  const unreachable = { code: 'SSH_UNREACHABLE', exit: 3 };
  expect(errors).toMatchObject([unreachable, unreachable, unreachable, { code: 'SSH_TIMEOUT', exit: 3 }]);
  for (const [index, { message, hint }] of errors.entries()) {
    expect(message).toContain(`KVM host (${hosts[index]!}:22)`);
    expect(hint).toMatch(/^Check/);
  }
});
