import path from 'node:path';
import { BringupError, EXIT } from '../contract/errors.ts';
import type { Progress } from '../contract/events.ts';
import type { StageEvent, StageExecutor, StageOutcome } from '../contract/ports.ts';
import { prepareRemoteLayout, REMOTE_ROOT } from '../preflight/index.ts';
import type { RemoteConnection } from '../remote/index.ts';
import { describe, type LocalFile } from './pack.ts';

type Emit = (event: StageEvent) => void;

export interface UploadPorts {
  kvmHost(): Promise<RemoteConnection>;
  readonly project: () => Promise<LocalFile>;
  /** Left out where only the playbooks are needed. */
  readonly baseImage?: { readonly path: string; readonly sha256: string };
  readonly signal: AbortSignal;
}

/** Where a complete upload lies on the machine: its hash is part of the path. */
export function uploadedPath(file: LocalFile | { path: string; sha256: string }): string {
  return `${REMOTE_ROOT}/upload/${file.sha256}/${path.basename(file.path)}`;
}

/** Where the unpacked playbooks tree lies on a machine. */
export function projectPath(project: LocalFile): string {
  return `${REMOTE_ROOT}/project/${project.sha256}`;
}

/** Stage "Upload": the playbooks tree and the base image, resumed, verified, skipped when there. */
export function createUploadExecutor(ports: UploadPorts): StageExecutor {
  return {
    async execute(stage, emit) {
      const host = stage.hosts[0] ?? 'kvm-host';
      const { baseImage } = ports;
      const image =
        baseImage &&
        (await task(emit, host, 'base-image-hash', 'Check the base image on this laptop', async () => {
          const found = await checkBaseImage(baseImage);
          return {
            value: found,
            changed: false,
            text: `${path.basename(found.path)}, SHA-256 as the site file says`,
          };
        }));
      const project = await ports.project();
      const connection = await ports.kvmHost();
      const sent = [
        await task(emit, host, 'project', 'Upload the playbooks', () =>
          sendProject(connection, project, ports.signal),
        ),
      ];
      if (image !== undefined) {
        const tell: Tell = (text, progress) =>
          emit({ kind: 'task.progress', task: 'base-image', host, text, progress });
        sent.push(
          await task(emit, host, 'base-image', 'Upload the base image', () =>
            send(connection, image, ports.signal, tell),
          ),
        );
      }
      return outcome(sent);
    },
  };
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
  const { status } = await connection.upload(file.path, uploadedPath(file), {
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

async function checkBaseImage(wanted: { path: string; sha256: string }): Promise<LocalFile> {
  const found = await describe(wanted.path).catch((cause: unknown) => {
    throw new BringupError({
      code: 'BASE_IMAGE_MISSING',
      exit: EXIT.invalid,
      message: `The base image ${wanted.path} cannot be read on this laptop.`,
      hint: 'Put the image there, or correct deployment_vm.base_image.path in the site file.',
      evidence: [{ source: wanted.path, text: cause instanceof Error ? cause.message : String(cause) }],
      cause,
    });
  });
  if (found.sha256 === wanted.sha256) return { path: wanted.path, ...found };
  throw new BringupError({
    code: 'BASE_IMAGE_CHECKSUM',
    exit: EXIT.invalid,
    message: `The base image ${path.basename(wanted.path)} is not the one the site file names: its SHA-256 differs.`,
    hint: 'Copy the image again from the bundle, or correct deployment_vm.base_image.sha256 when the image was changed on purpose.',
    evidence: [
      { source: 'site file', text: wanted.sha256 },
      { source: wanted.path, text: `${found.sha256}, ${found.size} bytes` },
    ],
  });
}

interface Done<T> {
  readonly value: T;
  readonly changed: boolean;
  readonly text: string;
}

async function task<T>(
  emit: Emit,
  host: string,
  id: string,
  title: string,
  work: () => Promise<Done<T>>,
): Promise<T> {
  emit({ kind: 'task.started', task: id, title });
  const started = performance.now();
  const duration = (): number => Math.round(performance.now() - started) / 1000;
  try {
    const done = await work();
    emit({
      kind: 'host.result',
      task: id,
      host,
      status: done.changed ? 'changed' : 'ok',
      text: done.text,
      duration_seconds: duration(),
    });
    return done.value;
  } catch (thrown) {
    const text = thrown instanceof Error ? thrown.message : String(thrown);
    emit({ kind: 'host.result', task: id, host, status: 'failed', text, duration_seconds: duration() });
    throw thrown;
  }
}

function outcome(sent: readonly string[]): StageOutcome {
  const fresh = sent.filter((status) => status !== 'present').length;
  return fresh === 0
    ? { status: 'ok', text: 'everything was there' }
    : { status: 'changed', text: `${fresh} of ${sent.length} files sent` };
}
