import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { BringupError, EXIT } from '../../src/contract/errors.ts';

/** True when a person can be asked. */
export function canAsk(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/** Asks a yes/no question on the terminal; anything but y or yes is no. Throws CANCELLED at Ctrl-C and Ctrl-D. */
export async function askYes(question: string): Promise<boolean> {
  const answer = await ask(`${question} [y/N] `, process.stderr);
  return /^y(es)?$/i.test(answer.trim());
}

/** Asks for a secret: what is typed is not shown. Throws CANCELLED at Ctrl-C and Ctrl-D. */
export async function askSecret(question: string): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const answer = await ask('', silent, question);
  process.stderr.write('\n');
  return answer;
}

/** `shown` goes to the terminal by itself, once what is typed there is no longer echoed. */
async function ask(question: string, output: NodeJS.WritableStream, shown = ''): Promise<string> {
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  process.stderr.write(shown);
  try {
    const answer = await Promise.race([
      lines.question(question).catch(() => null),
      // At Ctrl-D the question itself would stay open for ever.
      once(lines, 'close').then(() => null),
    ]);
    if (answer !== null) return answer;
    process.stderr.write('\n');
    throw unanswered();
  } finally {
    lines.close();
  }
}

function unanswered(): BringupError {
  return new BringupError({
    code: 'CANCELLED',
    exit: EXIT.cancelled,
    message: 'The question was not answered; nothing was done.',
  });
}

/** All of standard input as text, one trailing newline removed. */
export async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '');
}
