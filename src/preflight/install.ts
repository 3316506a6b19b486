import type { CheckResult } from '../contract/events.ts';
import type { RemoteConnection } from '../remote/index.ts';
import { packageManagerOf, packageNames } from './packages.ts';
import type { Facts, Need, PreflightInput } from './types.ts';

const INSTALL_SECONDS = 1800;
const KEPT_LINES = 8;

/** Installs what is needed from the KVM host's own distribution and says how that went. */
export async function installMissing(
  connection: RemoteConnection,
  facts: Facts,
  needs: readonly Need[],
  input: PreflightInput,
): Promise<CheckResult> {
  const about = { id: 'install', title: 'Install missing packages' };
  const manager = packageManagerOf(facts);
  if (manager === null) {
    return {
      ...about,
      status: 'failed',
      seen: `${facts.os.name || 'an unknown system'} has no package manager Bringup knows`,
      wanted: needs.join(', '),
      code: 'PREFLIGHT_INSTALL',
      remedy: 'Install them by hand on the KVM host.',
    };
  }
  const names = packageNames(manager, needs);
  const last: string[] = [];
  let rest = '';
  const onChunk = (chunk: Uint8Array): void => {
    const lines = (rest + Buffer.from(chunk).toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      input.onOutput?.(line);
      last.push(line);
      if (last.length > KEPT_LINES) last.shift();
    }
  };
  const done = await connection.sudo(manager.install(names), {
    capture: false,
    onStdout: onChunk,
    onStderr: onChunk,
    timeoutSeconds: INSTALL_SECONDS,
    ...(input.signal === undefined ? {} : { signal: input.signal }),
  });
  const wanted = names.join(' ');
  if (done.code === 0) return { ...about, status: 'ok', seen: `installed: ${wanted}`, wanted };
  return {
    ...about,
    status: 'failed',
    seen: last.filter((line) => line.trim() !== '').join(' / '),
    wanted,
    code: 'PREFLIGHT_INSTALL',
    remedy:
      'The KVM host needs a working package source (mirror, proxy or installation medium) for these packages.',
  };
}
