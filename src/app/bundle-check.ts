import type { Progress } from '../contract/events.ts';
import { forRepository, type BundleUse } from './bundle-use.ts';
import { laptopTask, type Emit } from './laptop-task.ts';
import type { LocalFile } from './pack.ts';

interface CheckPorts {
  readonly project: () => Promise<LocalFile>;
  readonly signal: AbortSignal;
}

/** Reads all of the bundle, and says whose playbooks it was made with. */
export function checkBundle(
  emit: Emit,
  host: string,
  bundle: BundleUse,
  ports: CheckPorts,
): Promise<unknown> {
  const id = 'bundle-hash';
  return laptopTask(emit, host, id, 'Check the bundle on this laptop', async () => {
    const told = everySecond((progress: Progress) =>
      emit({ kind: 'task.progress', task: id, host, text: 'reading', progress }),
    );
    const value = await bundle.check({
      signal: ports.signal,
      onProgress: ({ done, total }) => told({ done, total, unit: 'bytes' }),
    });
    const { files, signature } = value;
    const own = files.find(({ kind }) => kind === 'playbooks')?.sha256;
    const parts = [
      `${forRepository(files).length} files for the repository`,
      ...(signature.status === 'none' ? ['not signed'] : []),
      signature.status === 'good'
        ? 'signed with the key of the site file'
        : 'its SHA-256 is the one of the site file',
      ...(own === undefined || own === (await ports.project()).sha256
        ? []
        : ['made by another version of Bringup, whose playbooks are not used']),
    ];
    return { value, changed: false, text: parts.join('; ') };
  });
}

/** Lets one call a second through. */
function everySecond<T>(tell: (value: T) => void): (value: T) => void {
  let last = -Infinity;
  return (value) => {
    const now = performance.now();
    if (now - last < 1000) return;
    last = now;
    tell(value);
  };
}
