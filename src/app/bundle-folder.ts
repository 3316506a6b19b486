import { BringupError } from '../contract/errors.ts';
import { REMOTE_ROOT } from '../preflight/index.ts';
import { quote, type RemoteConnection } from '../remote/index.ts';

/** The bundle on the deployment VM: in `store` every file under its SHA-256, in `files` the same by their names. */
export const BUNDLE_ROOT = `${REMOTE_ROOT}/upload/bundle`;

/** Where the repository finds the files of the bundle and their list, `contents.json`. */
export const BUNDLE_FOLDER = `${BUNDLE_ROOT}/files`;

/** A file as the deployment VM has to have it; `size` in bytes. */
export interface FolderFile {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  readonly kind: string;
}

/** Where a file is uploaded to. */
export function storedPath(root: string, { sha256 }: { readonly sha256: string }): string {
  return `${root}/store/${sha256}`;
}

/** The SHA-256 of what is not there yet; what an earlier bundle had and this one has not goes first. Rejects with BUNDLE_FOLDER. */
export async function surveyFolder(
  connection: RemoteConnection,
  root: string,
  files: readonly FolderFile[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  return run(connection, root, 'survey', files, signal);
}

/** Gives what was uploaded its names, all at once, and lays the list beside it. Rejects with BUNDLE_FOLDER. */
export async function layFolder(
  connection: RemoteConnection,
  root: string,
  files: readonly FolderFile[],
  signal: AbortSignal,
): Promise<void> {
  await run(connection, root, 'lay', files, signal);
}

async function run(
  connection: RemoteConnection,
  root: string,
  what: 'survey' | 'lay',
  files: readonly FolderFile[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const words = ['python3', '-c', PROGRAM, root, what].map(quote).join(' ');
  const wanted = files.map(({ path, size, sha256, kind }) => ({ path, size, sha256, kind }));
  const done = await connection.exec(words, { stdin: JSON.stringify(wanted), signal });
  if (done.code === 0) return JSON.parse(done.stdout) as readonly string[];
  throw new BringupError({
    code: 'BUNDLE_FOLDER',
    message: `The folder ${root} on ${connection.label} cannot be used.`,
    hint: 'See whether its disk still takes writes and has space. What is in the folder may be removed: it is sent again then.',
    evidence: [{ source: `python3 on ${connection.label}`, text: done.stderr.trim().slice(-2000) }],
  });
}

/**
 * Arguments: the folder, and `survey` or `lay`; the files as JSON on standard input; a JSON list as the answer. A stored file is
 * trusted by the stamp that its upload left beside it (see receiver.ts), else it is hashed. Names are hard links, made in a folder
 * that then takes the place of the old one.
 */
const PROGRAM = String.raw`
import hashlib, json, os, shutil, sys

root, what = sys.argv[1:]
store, shown = os.path.join(root, "store"), os.path.join(root, "files")
wanted = json.load(sys.stdin)
sizes = {one["sha256"]: one["size"] for one in wanted}
with open("/proc/sys/kernel/random/boot_id") as source:
    boot = source.read().strip()


def holds(sha256):
    path = os.path.join(store, sha256)
    if os.path.islink(path) or not os.path.isfile(path) or os.path.getsize(path) != sizes[sha256]:
        return False
    seen = os.stat(path)
    stamp = " ".join(map(str, (sha256, seen.st_size, seen.st_mtime_ns, seen.st_ino, boot)))
    try:
        with open(path + ".sha256") as kept:
            if kept.read() == stamp:
                return True
    except OSError:
        pass
    digest = hashlib.sha256()
    with open(path, "rb") as source:
        for block in iter(lambda: source.read(1 << 20), b""):
            digest.update(block)
    if digest.hexdigest() != sha256:
        return False
    with open(path + ".sha256", "w") as kept:
        kept.write(stamp)
    return True


def survey():
    os.makedirs(store, exist_ok=True)
    for name in os.listdir(store):
        if name.split(".")[0] not in sizes:
            os.unlink(os.path.join(store, name))
            shutil.rmtree(shown, ignore_errors=True)
    return [sha256 for sha256 in sizes if not holds(sha256)]


def lay():
    fresh, old = shown + ".new", shown + ".old"
    for left in (fresh, old):
        shutil.rmtree(left, ignore_errors=True)
    os.makedirs(fresh)
    for one in wanted:
        path = os.path.join(fresh, one["path"])
        os.makedirs(os.path.dirname(path), exist_ok=True)
        os.link(os.path.join(store, one["sha256"]), path)
    with open(os.path.join(fresh, "contents.json"), "w") as out:
        json.dump({"files": wanted}, out, indent=1)
    if os.path.isdir(shown):
        os.rename(shown, old)
    os.rename(fresh, shown)
    shutil.rmtree(old, ignore_errors=True)
    return []


print(json.dumps({"survey": survey, "lay": lay}[what]()))
`;
