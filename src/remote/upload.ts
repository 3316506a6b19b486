import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { startCommand, type Link, type RunningCommand } from './command.ts';
import { throwIfAborted } from './errors.ts';
import { createMessages, type Messages } from './messages.ts';
import { createMeter } from './meter.ts';
import { quote } from './quote.ts';
import { RECEIVER } from './receiver.ts';
import type { UploadOptions, UploadResult } from './types.ts';
import { checksumDiffers, noSpace, unreadable, uploadFailed } from './upload-errors.ts';

const BLOCK = 2 ** 20;

/** What the receiver says; see receiver.ts. */
interface Answer {
  readonly present?: boolean;
  readonly part?: number;
  readonly free?: number;
  readonly prefix?: string;
  readonly sha256?: string;
  readonly error?: 'no_space' | 'failed';
  readonly text?: string;
}

/** One upload in progress: the receiver over there and its answers. */
interface Transfer {
  readonly running: RunningCommand;
  ask(): Promise<Answer>;
  /** Resolves when the block has been taken over, so that its memory may be used again. */
  write(block: Buffer): Promise<void>;
}

/**
 * Sends a file and proves that it arrived. Rejects with UPLOAD_SOURCE_UNREADABLE, UPLOAD_NO_SPACE, UPLOAD_CHECKSUM,
 * UPLOAD_NEEDS_PYTHON or UPLOAD_FAILED besides the errors of the link.
 */
export async function uploadFile(
  link: Link,
  local: string,
  remote: string,
  options: UploadOptions,
): Promise<UploadResult> {
  const { label } = link.target;
  const { offset, size } = await stat(local).then(
    (found) => options.slice ?? { offset: 0, size: found.size },
    (cause: unknown) => Promise.reject(unreadable(local, cause)),
  );
  const sha256 = options.sha256 ?? (await hashOf(local, offset, size, options.signal)).digest('hex');
  const transfer = await startReceiver(link, remote, size, sha256, options);
  const state = await transfer.ask();
  if (state.present === true) {
    createMeter(size, size, options.onProgress)(size);
    return { status: 'present', sha256, size, sent: 0, resumed_from: 0 };
  }
  const part = state.part ?? 0;
  if (state.free !== undefined && state.free < size - part) {
    transfer.running.channel.close();
    throw noSpace(label, remote, size - part, state.free);
  }
  const from = await agreeOnStart(transfer, local, offset, part, options.signal);
  await send(transfer, local, offset, from, size, options);
  const end = await transfer.ask();
  if (end.sha256 !== sha256) throw checksumDiffers(label, remote, sha256, end.sha256 ?? 'unknown');
  return { status: from > 0 ? 'resumed' : 'uploaded', sha256, size, sent: size - from, resumed_from: from };
}

async function startReceiver(
  link: Link,
  remote: string,
  size: number,
  sha256: string,
  options: UploadOptions,
): Promise<Transfer> {
  const messages: Messages<Answer> = createMessages();
  let complaint = '';
  const words = ['python3', '-c', RECEIVER, remote, String(size), sha256];
  const running = await startCommand(link, words.map(quote).join(' '), {
    onStdout: messages.push,
    onStderr: (chunk) => (complaint += chunk.toString()),
    signal: options.signal,
  });
  const { label } = link.target;
  const ask = async (): Promise<Answer> => {
    const answer = await messages.next(running.done);
    if (answer === null) {
      const { code } = await running.done;
      throw uploadFailed(label, remote, complaint, code === 127);
    }
    if (answer.error === 'no_space') throw noSpace(label, remote, size, undefined);
    if (answer.error !== undefined) throw uploadFailed(label, remote, answer.text ?? complaint, false);
    return answer;
  };
  const write = (block: Buffer): Promise<void> =>
    new Promise((resolve) => {
      link.stream.cork();
      running.channel.write(block, () => resolve());
      link.stream.uncork();
    });
  return { running, ask, write };
}

/** The part that is there is kept only when it is a true beginning of the local file. */
async function agreeOnStart(
  transfer: Transfer,
  local: string,
  offset: number,
  part: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  if (part === 0) return 0;
  const [own, answer] = await Promise.all([hashOf(local, offset, part, signal), transfer.ask()]);
  return own.digest('hex') === answer.prefix ? part : 0;
}

/** Two buffers take turns: one is read into while the other is on its way. ssh2 copies a block before it calls back. */
async function send(
  transfer: Transfer,
  local: string,
  offset: number,
  from: number,
  size: number,
  options: UploadOptions,
): Promise<void> {
  const { channel, done } = transfer.running;
  const meter = createMeter(size, from, options.onProgress);
  // The receiver may give up (disk full): then the channel never takes the block.
  const stopped = done.then(() => 'stopped' as const);
  stopped.catch(() => undefined);
  channel.write(`FROM ${from}\n`);
  const source = await open(local).catch((cause: unknown) => Promise.reject(unreadable(local, cause)));
  const buffers = [Buffer.allocUnsafe(BLOCK), Buffer.allocUnsafe(BLOCK)] as const;
  try {
    let taken: Promise<unknown> = Promise.resolve();
    for (let at = from, turn = 0; at < size; turn = 1 - turn) {
      const buffer = buffers[turn as 0 | 1];
      const { bytesRead } = await source.read(buffer, 0, Math.min(BLOCK, size - at), offset + at);
      if ((await Promise.race([taken, stopped])) === 'stopped') return;
      if (bytesRead === 0) throw unreadable(local, new Error('it became shorter while it was read'));
      taken = transfer.write(buffer.subarray(0, bytesRead));
      meter(at);
      at += bytesRead;
    }
    if ((await Promise.race([taken, stopped])) === 'stopped') return;
  } catch (error) {
    channel.close();
    throw error;
  } finally {
    await source.close();
  }
  channel.end();
  meter(size);
}

async function hashOf(
  local: string,
  offset: number,
  count: number,
  signal: AbortSignal | undefined,
): Promise<Hash> {
  const hash = createHash('sha256');
  if (count === 0) return hash;
  try {
    for await (const block of createReadStream(local, {
      start: offset,
      end: offset + count - 1,
      highWaterMark: BLOCK,
    }) as AsyncIterable<Buffer>) {
      throwIfAborted(signal, `reading ${local}`);
      hash.update(block);
    }
  } catch (error) {
    throw error instanceof Error && 'syscall' in error ? unreadable(local, error) : error;
  }
  return hash;
}
