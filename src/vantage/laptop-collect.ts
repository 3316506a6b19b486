import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { connect } from 'node:net';
import type { PingOutput } from './actions.ts';
import { readTime, type Connected, type NameAnswer, type TimeAnswer } from './laptop-answers.ts';
import { NTP_QUESTION } from './packets.ts';
import { echoesCommand, pingCommand } from './ping-command.ts';

/** Milliseconds for an answer: a little more than Linux needs to find that nobody has an address. */
const ANSWER_MS = 3500;
/** Seconds for a packet of full size. */
const SIZE_SECONDS = 3;
/** Packets of UDP get lost: a server is asked so often. */
const QUESTIONS = 2;
const QUESTION_MS = 1500;
/** IPv4 and ICMP headers (RFC 791, RFC 792), which ping's payload size leaves out. */
const HEADERS = 28;
/** Sizes at which networks narrow: PPPoE, VXLAN over 1500, common tunnels, the least of IPv6. */
const NARROW = [1492, 1450, 1400, 1280];

/** Connects once and hangs up at once; nothing is sent. */
export function tryConnect(host: string, port: number, signal: AbortSignal): Promise<Connected> {
  return new Promise((resolve) => {
    const begun = performance.now();
    const link = connect({ host, port, family: 4, signal });
    const finish = (seen: Connected): void => {
      clearTimeout(timer);
      link.destroy();
      resolve(seen);
    };
    const timer = setTimeout(() => {
      finish({ error: 'ETIMEDOUT' });
    }, ANSWER_MS);
    link.once('connect', () => {
      finish({ ms: performance.now() - begun });
    });
    // It stays: what is destroyed may tell of one error more.
    link.on('error', (error) => {
      finish({ error: codeOf(error) });
    });
  });
}

/** Sends so many echoes with the system's ping, which needs no root. */
export function sendEchoes(address: string, count: number, signal: AbortSignal): Promise<PingOutput> {
  return ping(0, echoesCommand(address, count), count + 3, signal);
}

/** Tries the full packet, which may not be cut; where it does not pass, smaller ones at once. */
export async function trySizes(
  address: string,
  mtu: number,
  signal: AbortSignal,
): Promise<readonly PingOutput[]> {
  const one = (size: number): Promise<PingOutput> =>
    ping(size - HEADERS, pingCommand(address, size - HEADERS, SIZE_SECONDS), SIZE_SECONDS + 1, signal);
  const full = await one(mtu);
  if (/ttl=/i.test(full.output)) return [full];
  return [full, ...(await Promise.all(NARROW.filter((size) => size < mtu).map(one)))];
}

function ping(
  size: number,
  [program = '', ...words]: readonly string[],
  seconds: number,
  signal: AbortSignal,
): Promise<PingOutput> {
  const path = `${process.env['PATH'] ?? ''}${process.platform === 'win32' ? '' : ':/usr/sbin:/sbin'}`;
  const options = {
    ...{ env: { ...process.env, LC_ALL: 'C', PATH: path }, timeout: seconds * 1000, windowsHide: true },
    signal,
  };
  return new Promise((resolve) => {
    execFile(program, words, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code === 'ENOENT' ? 127 : 1;
      resolve({ size, code, output: `${stdout}${stderr}` });
    });
  });
}

/** Asks a name server, `ADDRESS` or `ADDRESS:PORT`, for addresses of names. */
export async function askNames(
  server: string,
  questions: readonly { readonly name: string; readonly address?: string }[],
  signal: AbortSignal,
): Promise<readonly NameAnswer[]> {
  const resolver = new Resolver({ timeout: QUESTION_MS, tries: QUESTIONS });
  resolver.setServers([server]);
  const cancel = (): void => {
    resolver.cancel();
  };
  signal.addEventListener('abort', cancel);
  const ask = async (name: string): Promise<Pick<NameAnswer, 'addresses' | 'error'>> => {
    try {
      return { addresses: await resolver.resolve4(name) };
    } catch (error) {
      return { error: codeOf(error) };
    }
  };
  try {
    return await Promise.all(
      questions.map(async ({ name, address }) => ({
        name,
        ...(address === undefined ? {} : { wanted: address }),
        ...(await ask(name)),
      })),
    );
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

/** Asks a time server for its clock, by SNTP. */
export async function askTime(server: string, signal: AbortSignal, port = 123): Promise<TimeAnswer> {
  let answer: TimeAnswer = { error: 'ETIMEDOUT' };
  for (let asked = 0; asked < QUESTIONS && 'error' in answer && !signal.aborted; asked += 1)
    answer = await askTimeOnce(server, port, signal);
  return answer;
}

function askTimeOnce(server: string, port: number, signal: AbortSignal): Promise<TimeAnswer> {
  return new Promise((resolve) => {
    const socket = createSocket({ type: 'udp4', signal });
    let asked = 0;
    const finish = (answer: TimeAnswer): void => {
      clearTimeout(timer);
      resolve(answer);
      if (!signal.aborted) socket.close();
    };
    const timer = setTimeout(() => {
      finish({ error: 'ETIMEDOUT' });
    }, QUESTION_MS);
    // An aborted socket closes by itself and says no more than that.
    socket.once('close', () => {
      clearTimeout(timer);
      resolve({ error: 'ECANCELLED' });
    });
    socket.once('error', (error) => {
      finish({ error: codeOf(error) });
    });
    socket.once('message', (reply) => {
      finish(readTime(reply, asked, now()));
    });
    socket.once('connect', () => {
      asked = now();
      socket.send(Buffer.from(NTP_QUESTION, 'base64'));
    });
    socket.connect(port, server);
  });
}

/** The wall clock, finer than a millisecond. */
function now(): number {
  return performance.timeOrigin + performance.now();
}

function codeOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: string };
  return typeof code === 'string' ? code : (message ?? 'unknown');
}
