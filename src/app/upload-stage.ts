import path from 'node:path';
import { BringupError } from '../contract/errors.ts';
import type { Progress } from '../contract/events.ts';
import type { StageExecutor, StageOutcome } from '../contract/ports.ts';
import { prepareRemoteLayout, REMOTE_ROOT, uploadedPath } from '../preflight/index.ts';
import type { RemoteConnection } from '../remote/index.ts';
import { checkBundle } from './bundle-check.ts';
import type { BundleUse } from './bundle-use.ts';
import { checkFile, type FileKind, type WantedFile } from './checked-file.ts';
import type { LocalFile } from './pack.ts';
import { laptopTask as task, type Done, type Emit } from './laptop-task.ts';

export interface UploadPorts {
  kvmHost(): Promise<RemoteConnection>;
  readonly project: () => Promise<LocalFile>;
  /** Left out where only the playbooks are needed. */
  readonly baseImage?: WantedFile;
  /** What the deployment VM lacks is installed from it; left out where the site file names none. */
  readonly packages?: WantedFile;
  /** What stages of the stack need on the KVM host beside these. */
  readonly files?: readonly WantedFile[];
  /** Proved here, so that a wrong one is found before anything is built; left out where the site file names none. */
  readonly bundle?: BundleUse;
  readonly signal: AbortSignal;
}

/** Where the unpacked playbooks tree lies on a machine. */
export function projectPath(project: LocalFile): string {
  return `${REMOTE_ROOT}/project/${project.sha256}`;
}

/** Stage "Upload": the playbooks tree, the base image, the package archive and files of stages; resumed, verified, skipped when there. */
export function createUploadExecutor(ports: UploadPorts): StageExecutor {
  return {
    async execute(stage, emit) {
      const host = stage.hosts[0] ?? 'kvm-host';
      // Every file is read before the first is sent: a wrong one is found in seconds, not after an hour.
      const files: [FilePart, LocalFile][] = [];
      if (ports.bundle !== undefined) await checkBundle(emit, host, ports.bundle, ports);
      for (const [part, wanted] of partsOf(ports))
        files.push([part, await checkLocally(emit, host, part, wanted, ports.bundle)]);
      const project = await ports.project();
      const connection = await ports.kvmHost();
      const sent = [
        await task(emit, host, 'project', 'Upload the playbooks', () =>
          sendProject(connection, project, ports.signal),
        ),
      ];
      for (const [part, file] of files) {
        const tell: Tell = (text, progress) =>
          emit({ kind: 'task.progress', task: part.id, host, text, progress });
        sent.push(
          await task(emit, host, part.id, `Upload ${part.title}`, () =>
            send(connection, file, ports.signal, tell),
          ),
        );
      }
      return outcome(sent);
    },
  };
}

interface FilePart {
  readonly kind: FileKind;
  /** As titles of tasks name it. */
  readonly title: string;
  readonly id: string;
}

function partsOf({ baseImage, packages, files = [] }: UploadPorts): (readonly [FilePart, WantedFile])[] {
  const part = (kind: FileKind, id: string, wanted: WantedFile | undefined, title = `the ${kind}`) =>
    wanted === undefined ? [] : [[{ kind, title, id }, wanted] as const];
  return [
    ...part('base image', 'base-image', baseImage),
    ...part('package archive', 'packages', packages),
    ...files.flatMap((wanted) =>
      part('image', wanted.field.replaceAll('.', '-'), wanted, path.basename(wanted.path)),
    ),
  ];
}

function checkLocally(
  emit: Emit,
  host: string,
  part: FilePart,
  wanted: WantedFile,
  bundle: BundleUse | undefined,
): Promise<LocalFile> {
  return task(emit, host, `${part.id}-hash`, `Check ${part.title} on this laptop`, async () => {
    const value = await checkFile(part.kind, wanted, bundle);
    const from = value.within === undefined ? '' : ' (from the bundle)';
    const text = `${path.basename(value.path)}${from}, SHA-256 as the site file says`;
    return { value, changed: false, text };
  });
}

/** Sends a playbooks tree and unpacks it; both are skipped when it is there. */
export async function sendProject(
  connection: RemoteConnection,
  project: LocalFile,
  signal: AbortSignal,
): Promise<Sent> {
  const target = projectPath(project);
  const present = await connection.sudo(`test -e ${target}`);
  if (present.code === 0) return { value: 'present', changed: false, text: 'already there' };
  await prepareRemoteLayout(connection);
  const sent = await send(connection, project, signal);
  const unpack = `set -e; rm -rf ${target}.part; mkdir -p ${target}.part; tar -xzf ${uploadedPath(project)} -C ${target}.part --no-same-owner; mv -T ${target}.part ${target}`;
  const done = await connection.sudo(`sh -c '${unpack}'`);
  if (done.code !== 0) {
    throw new BringupError({
      code: 'PROJECT_UNPACK_FAILED',
      message: `The playbooks could not be unpacked on ${connection.label}.`,
      hint: `Check the free space and the rights of ${REMOTE_ROOT} there, then apply again.`,
      evidence: [{ source: `tar on ${connection.label}`, text: done.stderr.trim() }],
    });
  }
  return { ...sent, changed: true };
}

type Tell = (text: string, progress: Progress) => void;
type Sent = Done<'uploaded' | 'resumed' | 'present'>;

async function send(
  connection: RemoteConnection,
  file: LocalFile,
  signal: AbortSignal,
  tell?: Tell,
): Promise<Sent> {
  const { within } = file;
  const { status } = await connection.upload(within?.file ?? file.path, uploadedPath(file), {
    ...(within === undefined ? {} : { slice: within }),
    sha256: file.sha256,
    signal,
    onProgress: ({ done, total, rate, left_seconds, resumed_from }) => {
      const text =
        resumed_from === 0 ? 'uploading' : resumed_from === total ? 'already there' : 'uploading, resumed';
      tell?.(text, {
        done,
        total,
        unit: 'bytes',
        ...(rate === undefined ? {} : { rate }),
        ...(left_seconds === undefined ? {} : { left_seconds }),
      });
    },
  });
  const words = {
    uploaded: 'uploaded and verified',
    resumed: 'resumed and verified',
    present: 'already there',
  };
  return { value: status, changed: status !== 'present', text: words[status] };
}

function outcome(sent: readonly string[]): StageOutcome {
  const fresh = sent.filter((status) => status !== 'present').length;
  return fresh === 0
    ? { status: 'ok', text: 'everything was there' }
    : { status: 'changed', text: `${fresh} of ${sent.length} files sent` };
}
