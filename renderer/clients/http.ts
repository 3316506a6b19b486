import type { BringupClient, CommandName } from '../../src/contract/api.ts';
import { BringupError, fromErrorData, type ErrorData } from '../../src/contract/errors.ts';
import type { RunEvent } from '../../src/contract/events.ts';

/** The server sends an empty batch every 10 s; after this long without any the link counts as lost. */
const SILENCE_MS = 25_000;
const RETRY_FIRST_MS = 500;
const RETRY_MOST_MS = 5_000;

/** Client of the browser host: commands as POST, events by WebSocket. `base` is the page's own address. */
export function createHttpClient(base: URL): BringupClient {
  return {
    call: async (command, input) => (await post(base, command, input)) as never,
    subscribe: (run, from, listener, onLink) => follow(base, run, from, listener, onLink),
  };
}

async function post(base: URL, command: CommandName, input: unknown): Promise<unknown> {
  const response = await fetch(new URL(`api/${command}`, base), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
  }).catch((cause: unknown) => {
    throw new BringupError({
      code: 'LINK_LOST',
      message: 'Bringup on this machine does not answer.',
      hint: 'Check that `bringup serve` still runs; after a restart, open its new link.',
      cause,
    });
  });
  const body: unknown = await response.json();
  if (!response.ok) throw fromErrorData(body as ErrorData);
  return body;
}

type Arguments = Parameters<BringupClient['subscribe']>;

function follow(base: URL, ...[run, from, listener, onLink]: Arguments): () => void {
  let next = from;
  let delay = RETRY_FIRST_MS;
  let lostSince: string | undefined;
  let socket: WebSocket | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;
  const watch = (current: WebSocket): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      current.close();
      lost();
    }, SILENCE_MS);
  };
  const lost = (): void => {
    if (closed) return;
    socket = undefined;
    lostSince ??= new Date().toISOString();
    onLink?.({ connected: false, since: lostSince });
    clearTimeout(timer);
    timer = setTimeout(open, delay);
    delay = Math.min(RETRY_MOST_MS, delay * 2);
  };
  const open = (): void => {
    const url = new URL('events', base);
    url.protocol = base.protocol === 'https:' ? 'wss:' : 'ws:';
    url.search = new URLSearchParams({ run, from: String(next) }).toString();
    const current = new WebSocket(url);
    socket = current;
    watch(current);
    current.onopen = () => {
      delay = RETRY_FIRST_MS;
      lostSince = undefined;
      onLink?.({ connected: true, since: new Date().toISOString() });
    };
    current.onmessage = (message: MessageEvent<string>) => {
      watch(current);
      const events = (JSON.parse(message.data) as RunEvent[]).filter((event) => event.seq >= next);
      const last = events.at(-1);
      if (last === undefined) return;
      next = last.seq + 1;
      listener(events);
    };
    current.onclose = () => {
      if (socket === current) lost();
    };
  };
  open();
  return () => {
    closed = true;
    clearTimeout(timer);
    socket?.close();
  };
}
