import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keepAlive } from '../../main/server/keep-alive.ts';

const EVERY = 1000;

/** A connection as far as its keeper sees it. */
function createSocket() {
  return Object.assign(new EventEmitter(), {
    bufferedAmount: 0,
    ping: vi.fn(),
    send: vi.fn(),
    terminate: vi.fn(),
  });
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a connection that is kept alive', () => {
  const keep = (socket: ReturnType<typeof createSocket>): void => {
    keepAlive(socket as never, EVERY);
  };

  it('is told that it stands, as long as the reader answers', () => {
    const socket = createSocket();
    socket.ping.mockImplementation(() => socket.emit('pong'));
    keep(socket);
    vi.advanceTimersByTime(100 * EVERY);
    expect(socket.send).toHaveBeenCalledTimes(100);
    expect(socket.terminate).not.toHaveBeenCalled();
  });

  it('is ended when the reader has answered none of six pings', () => {
    const socket = createSocket();
    keep(socket);
    vi.advanceTimersByTime(6 * EVERY);
    expect(socket.terminate).not.toHaveBeenCalled();
    vi.advanceTimersByTime(EVERY);
    expect(socket.terminate).toHaveBeenCalledOnce();
  });

  it('gets no more to read while it has much to read', () => {
    const socket = createSocket();
    socket.bufferedAmount = 1024 * 1024;
    keep(socket);
    vi.advanceTimersByTime(3 * EVERY);
    expect(socket.send).not.toHaveBeenCalled();
  });

  it('is left alone once it is closed', () => {
    const socket = createSocket();
    keep(socket);
    socket.emit('close');
    vi.advanceTimersByTime(20 * EVERY);
    expect([socket.ping, socket.terminate].flatMap((call) => call.mock.calls)).toEqual([]);
  });
});
