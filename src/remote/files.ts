import { BringupError } from '../contract/errors.ts';
import { quote } from './quote.ts';
import type { ExecResult, RemoteConnection, WriteFileOptions } from './types.ts';

type Shell = Pick<RemoteConnection, 'label' | 'exec' | 'sudo'>;

/** Reads a file whole. Rejects with REMOTE_FILE_UNREADABLE. */
export async function readRemoteFile(shell: Shell, path: string, asRoot: boolean): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let complaint = '';
  const options = {
    capture: false,
    onStdout: (chunk: Uint8Array) => chunks.push(chunk),
    onStderr: (chunk: Uint8Array) => (complaint += Buffer.from(chunk).toString()),
  };
  const command = `cat -- ${quote(path)}`;
  const done = await (asRoot ? shell.sudo(command, options) : shell.exec(command, options));
  if (done.code === 0) return Buffer.concat(chunks);
  throw fileError('REMOTE_FILE_UNREADABLE', `The file ${path} on ${shell.label} cannot be read.`, complaint);
}

/** The size is checked before the rename, because a broken link looks like the end of the input. */
const WRITE = `set -e
umask 077
new="$1.new.$$"
trap 'rm -f "$new"' EXIT
cat > "$new"
[ "$(wc -c < "$new")" -eq "$3" ]
chmod "$2" "$new"
mv -fT "$new" "$1"`;

/** Writes a file atomically. Rejects with REMOTE_FILE_UNWRITABLE. */
export async function writeRemoteFile(
  shell: Shell,
  path: string,
  content: string | Uint8Array,
  options: WriteFileOptions,
): Promise<void> {
  const words = ['sh', '-c', WRITE, 'sh', path, options.mode ?? '0644', String(Buffer.byteLength(content))];
  const command = words.map(quote).join(' ');
  const done: ExecResult = await (options.sudo === true
    ? shell.sudo(command, { stdin: content })
    : shell.exec(command, { stdin: content }));
  if (done.code === 0) return;
  throw fileError(
    'REMOTE_FILE_UNWRITABLE',
    `The file ${path} on ${shell.label} cannot be written.`,
    done.stderr,
  );
}

function fileError(code: string, message: string, complaint: string): BringupError {
  return new BringupError({
    code,
    message,
    hint: 'Check the rights on its folder and the free space there.',
    evidence: [{ source: 'shell', text: complaint.trim() }],
  });
}
