import path from 'node:path';
import { BringupError } from '../contract/errors.ts';
import type { RemoteConnection } from '../remote/index.ts';

/** Root of what Bringup keeps on the KVM host and on the deployment VM. */
export const REMOTE_ROOT = '/var/lib/bringup';

/** Where a complete upload lies on a machine: its hash is part of the path. */
export function uploadedPath(file: { readonly path: string; readonly sha256: string }): string {
  return `${REMOTE_ROOT}/upload/${file.sha256}/${path.basename(file.path)}`;
}

/**
 * Makes the folders of the remote layout: `upload` belongs to the login user, the rest to root; `sites` holds keys and is
 * closed to others. Run again it changes nothing. Rejects with REMOTE_LAYOUT_FAILED.
 */
export async function prepareRemoteLayout(connection: RemoteConnection): Promise<void> {
  const who = await connection.exec('id -u; id -g');
  const [user = '', group = ''] = who.stdout.trim().split('\n');
  const script = `set -e
install -d -m 0755 ${REMOTE_ROOT} ${REMOTE_ROOT}/project
install -d -m 0700 ${REMOTE_ROOT}/sites ${REMOTE_ROOT}/runs
install -d -m 0755 -o ${Number(user)} -g ${Number(group)} ${REMOTE_ROOT}/upload`;
  const done = await connection.sudo(script);
  if (done.code === 0) return;
  throw new BringupError({
    code: 'REMOTE_LAYOUT_FAILED',
    message: `The folder ${REMOTE_ROOT} could not be prepared on ${connection.label}.`,
    hint: `Check that the disk of ${REMOTE_ROOT} there is writable and not full.`,
    evidence: [{ source: `install on ${connection.label}`, text: done.stderr.trim() }],
  });
}
