import net from 'node:net';
import { BringupError } from '../../src/contract/errors.ts';

/**
 * Runs `work` while holding the one lab lock of this machine. The lock is an abstract Unix socket: it ends with the
 * process however that dies, and leaves no file.
 */
export async function withLabLock<T>(work: () => Promise<T>): Promise<T> {
  const server = net.createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? busy() : error);
    });
    server.listen({ path: '\0bringup-lab' }, resolve);
  });
  try {
    return await work();
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

function busy(): BringupError {
  return new BringupError({
    code: 'LAB_BUSY',
    message: 'Another `bringup lab` command is at work on this machine.',
    hint: 'Wait for it to end; two at once would take each other’s namespaces.',
  });
}
