import type { WebSocket } from '@fastify/websocket';

/** An empty batch this often tells a quiet reader that the link still stands. */
const HEARTBEAT_MS = 10_000;
/** A reader that answers none of this many pings is gone, or so far behind that it had better begin again where it was. */
const MISSED_MOST = 6;
/** A reader with this much (bytes) still to come needs no sign of life. */
const BUSY = 64 * 1024;

/** Tells the reader that the link stands, and ends the connection of a reader that is not there any more. */
export function keepAlive(socket: WebSocket, everyMs = HEARTBEAT_MS): void {
  let missed = 0;
  const beat = setInterval(() => {
    missed += 1;
    if (missed > MISSED_MOST) {
      socket.terminate();
      return;
    }
    socket.ping();
    if (socket.bufferedAmount < BUSY) socket.send('[]');
  }, everyMs);
  socket.on('pong', () => {
    missed = 0;
  });
  socket.on('close', () => {
    clearInterval(beat);
  });
}
