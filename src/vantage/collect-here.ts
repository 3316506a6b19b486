import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { connect as connectSocket, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Action, Collect, PingOutput, Raw } from './actions.ts';
import { gatewayCommand, pingCommand } from './ping-command.ts';

/** How long a name may take, in milliseconds. */
const RESOLVE_MS = 4000;

type Of<K extends Action['do']> = Extract<Action, { do: K }>;

/** Collects on the laptop itself, on Linux, macOS and Windows, with Node alone and the system's ping. */
export const collectHere: Collect = async (actions, onRaw, signal) => {
  const one = async (action: Action, index: number): Promise<void> => {
    const raw = await carryOut(action);
    if (!signal.aborted) onRaw(index, raw);
  };
  await Promise.all(actions.map(one));
};

async function carryOut(action: Action): Promise<Raw> {
  const address = await resolve(action.host);
  if (address instanceof Error) return { step: 'name', error: codeOf(address) };
  switch (action.do) {
    case 'stream':
      return stream(address, action);
    case 'datagram':
      return datagram(address, action);
    case 'ping':
      return ping(address, action);
    case 'route':
      return route(address);
  }
}

/** A resolver whose servers are silent takes its time, and cannot be told otherwise. */
async function resolve(host: string): Promise<string | Error> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Error>((done) => {
    timer = setTimeout(() => done(Object.assign(new Error('no answer'), { code: 'EAI_AGAIN' })), RESOLVE_MS);
  });
  const found = lookup(host, { family: 4 }).then(
    ({ address }) => address,
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );
  try {
    return await Promise.race([found, late]);
  } finally {
    clearTimeout(timer);
  }
}

function stream(address: string, action: Of<'stream'>): Promise<Raw> {
  return new Promise((resolve) => {
    const begun = performance.now();
    let seen: Raw = { step: 'connect' };
    let link: Socket = connectSocket({ host: address, port: action.port });
    const finish = (error?: unknown): void => {
      clearTimeout(timer);
      link.destroy();
      resolve(error === undefined ? seen : { ...seen, error: codeOf(error) });
    };
    const timer = setTimeout(() => finish({ code: 'ETIMEDOUT' }), action.seconds * 1000);
    const talk = (): void => {
      seen = { ...seen, step: 'answer' };
      let got = Buffer.alloc(0);
      const done = (): void => {
        seen = { ...seen, step: 'done' };
        finish();
      };
      link.on('data', (part: Buffer) => {
        got = Buffer.concat([got, part]);
        seen = { ...seen, reply: got.toString('base64') };
        if (got.length >= action.want) done();
      });
      link.on('end', done);
      link.write(Buffer.from(action.send, 'base64'));
      if (action.want === 0) done();
    };
    link.on('error', finish);
    link.once('connect', () => {
      seen = { step: 'connect', ms: Math.round(performance.now() - begun) };
      if (!action.tls) return talk();
      seen = { ...seen, step: 'tls' };
      // Nothing secret is sent: the certificate is what is looked at, so none is refused.
      const secure = connectTls({ socket: link, rejectUnauthorized: false, ...serverName(action.host) });
      link = secure;
      secure.on('error', finish);
      secure.once('secureConnect', () => {
        const { raw } = secure.getPeerCertificate() as { raw?: Buffer };
        if (raw !== undefined) seen = { ...seen, certificate: raw.toString('base64') };
        talk();
      });
    });
  });
}

/** RFC 6066 allows no address as server name. */
function serverName(host: string): { servername?: string } {
  return /^[\d.]+$/.test(host) ? {} : { servername: host };
}

function datagram(address: string, action: Of<'datagram'>): Promise<Raw> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    const finish = (raw: Raw): void => {
      clearTimeout(timer);
      socket.close();
      resolve(raw);
    };
    const timer = setTimeout(() => finish({ step: 'answer', error: 'ETIMEDOUT' }), action.seconds * 1000);
    let begun = performance.now();
    socket.once('error', (error) => finish({ step: 'connect', error: codeOf(error) }));
    socket.once('message', (reply) => {
      finish({ step: 'done', ms: Math.round(performance.now() - begun), reply: reply.toString('base64') });
    });
    socket.once('connect', () => {
      begun = performance.now();
      socket.send(Buffer.from(action.send, 'base64'));
    });
    socket.connect(action.port, address);
  });
}

function route(address: string): Promise<Raw> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    const finish = (raw: Raw): void => {
      socket.close();
      resolve(raw);
    };
    socket.once('error', (error) => finish({ step: 'connect', error: codeOf(error) }));
    // Connecting a datagram socket asks the routing table and sends nothing.
    // By the event, not by a callback, which would get the error in its place.
    socket.once('connect', () => finish({ step: 'done', source: socket.address().address }));
    socket.connect(9, address);
  });
}

async function ping(host: string, action: Of<'ping'>): Promise<Raw> {
  let address = host;
  if (action.gateway) {
    const { words, pattern } = gatewayCommand(host);
    const { output } = await run(words, 2);
    address = pattern.exec(output)?.[1] ?? '';
    if (address === '') return { step: 'done', gateway: '', pings: [] };
  }
  const echo = async (size: number): Promise<PingOutput> => ({
    size,
    ...(await run(pingCommand(address, size, action.seconds), action.seconds + 1)),
  });
  const pings = await Promise.all(action.sizes.map(echo));
  return { step: 'done', gateway: action.gateway ? address : '', pings };
}

function run(
  [program = '', ...words]: readonly string[],
  seconds: number,
): Promise<Omit<PingOutput, 'size'>> {
  const env = {
    ...process.env,
    LC_ALL: 'C',
    PATH: `${process.env['PATH'] ?? ''}${process.platform === 'win32' ? '' : ':/usr/sbin:/sbin'}`,
  };
  return new Promise((resolve) => {
    execFile(program, words, { env, timeout: seconds * 1000, windowsHide: true }, (error, stdout, stderr) => {
      const output = `${stdout}${stderr}`.slice(0, 1500);
      if (error === null) return resolve({ code: 0, output });
      resolve({
        code: error.code === 'ENOENT' ? 127 : typeof error.code === 'number' ? error.code : 1,
        output,
      });
    });
  });
}

function codeOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: string };
  return typeof code === 'string' ? code : (message ?? 'unknown');
}
