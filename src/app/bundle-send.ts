import type { Progress } from '../contract/events.ts';
import type { RemoteConnection } from '../remote/index.ts';
import { BUNDLE_ROOT, layFolder, storedPath, surveyFolder } from './bundle-folder.ts';
import { forRepository, type BundleUse } from './bundle-use.ts';

/** How many files the bundle has for the repository, and how many of them were not there yet. */
export interface SentBundle {
  readonly files: number;
  readonly sent: number;
}

/**
 * Brings what a bundle has for the repository into its folder on the deployment VM: only what is not there yet, each file
 * resumed where it broke off and proved by its SHA-256. Rejects with BUNDLE_*, UPLOAD_* and the errors of the link.
 */
export async function sendBundle(
  connection: RemoteConnection,
  bundle: BundleUse,
  signal: AbortSignal,
  tell: (text: string, progress: Progress) => void,
  root = BUNDLE_ROOT,
): Promise<SentBundle> {
  const files = forRepository((await bundle.list({ signal })).files);
  const lacking = new Set(await surveyFolder(connection, root, files, signal));
  const first = new Map(files.map((file) => [file.sha256, file]));
  const wanted = [...lacking].flatMap((sha256) => first.get(sha256) ?? []);
  const total = wanted.reduce((sum, { size }) => sum + size, 0);
  let before = 0;
  for (const file of wanted) {
    const { path, size, sha256, offset } = file;
    await connection.upload(bundle.path, storedPath(root, file), {
      ...{ sha256, signal, slice: { offset, size } },
      onProgress: ({ done, rate }) => {
        tell(path, progressOf(before + done, total, rate));
      },
    });
    before += size;
  }
  await layFolder(connection, root, files, signal);
  return { files: files.length, sent: wanted.length };
}

function progressOf(done: number, total: number, rate: number | undefined): Progress {
  if (rate === undefined || rate === 0) return { done, total, unit: 'bytes' };
  return { done, total, unit: 'bytes', rate, left_seconds: Math.round((total - done) / rate) };
}
