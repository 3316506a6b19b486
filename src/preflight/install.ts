import type { CheckResult } from '../contract/events.ts';
import type { RemoteConnection } from '../remote/index.ts';
import { archiveVerdict, complaints, unpackAndInstall } from './install-archive.ts';
import { prepareRemoteLayout, uploadedPath } from './layout.ts';
import { APT, packageManagerOf, packageNames } from './packages.ts';
import type { Facts, Need, PackageArchive, PreflightInput, Verdict } from './types.ts';

const INSTALL_SECONDS = 1800;
const KEPT_LINES = 15;

/**
 * Installs what is needed, from the package archive where the site file names one, else from the host's own distribution,
 * and says how that went. Rejects when the archive cannot be read or sent.
 */
export async function installMissing(
  connection: RemoteConnection,
  facts: Facts,
  needs: readonly Need[],
  input: PreflightInput,
): Promise<CheckResult> {
  const archive = await input.packages?.();
  const names = packageNames(archive === undefined ? (packageManagerOf(facts) ?? APT) : APT, needs);
  const verdict =
    archive === undefined
      ? await fromDistribution(connection, facts, needs, input)
      : await fromArchive(connection, archive, names, input);
  return { id: 'install', title: 'Install missing packages', wanted: names.join(' '), ...verdict };
}

async function fromDistribution(
  connection: RemoteConnection,
  facts: Facts,
  needs: readonly Need[],
  input: PreflightInput,
): Promise<Verdict> {
  const manager = packageManagerOf(facts);
  if (manager === null) {
    return {
      status: 'failed',
      seen: `${facts.os.name || 'an unknown system'} has no package manager Bringup knows`,
      code: 'PREFLIGHT_INSTALL',
      remedy: `Install them by hand on the KVM host: ${needs.join(', ')}.`,
    };
  }
  const names = packageNames(manager, needs);
  const { code, last } = await run(connection, manager.install(names), input);
  if (code === 0) return { status: 'ok', seen: `installed: ${names.join(' ')}` };
  return {
    status: 'failed',
    seen: complaints(last).join(' / '),
    code: 'PREFLIGHT_INSTALL',
    remedy:
      'The KVM host needs a working package source (mirror, proxy or installation medium) for these packages; or name a package archive in kvm_host.packages, which playbooks/images/build-packages.sh makes.',
  };
}

async function fromArchive(
  connection: RemoteConnection,
  archive: PackageArchive,
  names: readonly string[],
  input: PreflightInput,
): Promise<Verdict> {
  await prepareRemoteLayout(connection);
  input.onOutput?.('uploading the package archive');
  const { within } = archive;
  await connection.upload(within?.file ?? archive.path, uploadedPath(archive), {
    sha256: archive.sha256,
    ...(within === undefined ? {} : { slice: within }),
    ...(input.signal === undefined ? {} : { signal: input.signal }),
  });
  const { code, last } = await run(connection, unpackAndInstall(archive, names), input, archive.script);
  return archiveVerdict(code, last, names);
}

/** Runs a command as root; `last` are the last lines it said that are not empty. */
async function run(
  connection: RemoteConnection,
  command: string,
  input: PreflightInput,
  stdin = '',
): Promise<{ readonly code: number | null; readonly last: readonly string[] }> {
  const last: string[] = [];
  let rest = '';
  const onChunk = (chunk: Uint8Array): void => {
    const lines = (rest + Buffer.from(chunk).toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines.filter((text) => text.trim() !== '')) {
      input.onOutput?.(line);
      last.push(line);
      if (last.length > KEPT_LINES) last.shift();
    }
  };
  const { code } = await connection.sudo(command, {
    stdin,
    capture: false,
    onStdout: onChunk,
    onStderr: onChunk,
    timeoutSeconds: INSTALL_SECONDS,
    ...(input.signal === undefined ? {} : { signal: input.signal }),
  });
  return { code, last };
}
