import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/** Arguments of a browser that is spoken to over file descriptors 3 and 4. */
export const PIPE_FLAG = '--remote-debugging-pipe';

/** A page that is not there after this many tries, this far apart (ms), will not come. */
const TRIES = 100;
const PAUSE = 100;

interface Message {
  readonly id?: number;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

type Send = (method: string, params: object, session?: string) => Promise<Record<string, unknown>>;

/**
 * Leads the browser's page at `first` on to `link`. The link carries the token, and the words of a command line can be read
 * by every user of the machine; a pipe cannot. False where the browser does not speak this way.
 */
export async function leadOn(child: ChildProcess, first: string, link: string): Promise<boolean> {
  const send = speak(child);
  if (send === null) return false;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const answer = await send('Target.getTargets', {}).catch(() => null);
    if (answer === null) return false;
    const page = pagesOf(answer).find(({ url }) => url === first);
    if (page !== undefined) {
      const { sessionId } = await send('Target.attachToTarget', { targetId: page.targetId, flatten: true });
      await send('Page.navigate', { url: link }, String(sessionId));
      await send('Target.detachFromTarget', { sessionId });
      return true;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  return false;
}

/** Messages are JSON and end with a zero byte. A browser that is gone answers no more, and every wait for it ends. */
function speak(child: ChildProcess): Send | null {
  const [, , , to, from] = child.stdio as [unknown, unknown, unknown, Writable?, Readable?];
  if (!to || !from) return null;
  const waiting = new Map<
    number,
    { resolve: (value: Record<string, unknown>) => void; reject: (why: Error) => void }
  >();
  let last = 0;
  let rest = '';
  const giveUp = (): void => {
    for (const { reject } of waiting.values()) reject(new Error('the browser is gone'));
    waiting.clear();
  };
  from.setEncoding('utf8');
  from.on('data', (text: string) => {
    const parts = (rest + text).split('\0');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const { id, result, error } = JSON.parse(part) as Message;
      const answer = waiting.get(id ?? 0);
      waiting.delete(id ?? 0);
      if (error === undefined) answer?.resolve(result ?? {});
      else answer?.reject(new Error(error.message));
    }
  });
  for (const stream of [to, from]) stream.on('error', giveUp);
  child.once('exit', giveUp);
  return (method, params, sessionId) =>
    new Promise((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve, reject });
      to.write(`${JSON.stringify({ id: last, method, params, sessionId })}\0`);
    });
}

function pagesOf(answer: Record<string, unknown>): readonly { url: string; targetId: string }[] {
  const targets = answer['targetInfos'] as readonly { type: string; url: string; targetId: string }[];
  return targets.filter(({ type }) => type === 'page');
}
