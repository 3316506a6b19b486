import type { WebSocket } from '@fastify/websocket';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { COMMANDS, type BringupClient, type CommandName } from '../../src/contract/api.ts';
import { BringupError, EXIT, toErrorData } from '../../src/contract/errors.ts';
import { pumpEvents } from './event-pump.ts';
import type { Access } from './guard.ts';
import { keepAlive } from './keep-alive.ts';
import { checkCommand, viewOnly, type Shares } from './shares.ts';

/** WebSocket close code for a subscription the service refused; the reason is the error's code. */
const REFUSED = 4400;
/** Bodies of commands that carry a whole site file, which may have 8 MiB; all others have the limit of the server. */
const BODY_LIMITS: Readonly<Record<string, number>> = {
  'site.write': 16 * 1024 * 1024,
  'site.edit': 16 * 1024 * 1024,
};

type Service = Pick<BringupClient, 'call' | 'subscribe'>;

/** What the routes need: the application service, who shares what, and what a request may do. */
export interface RouteOptions {
  readonly service: Service;
  readonly shares: Shares;
  readonly accessOf: (request: FastifyRequest) => Access;
  /** The link for watching that belongs to a token. */
  readonly watchLink: (token: string) => string;
}

/** Adds the two roads of the API: `POST /api/<command>` from the command table, and `/events?run=&from=`. */
export function addRoutes(app: FastifyInstance, options: RouteOptions): void {
  for (const command of COMMANDS) {
    const bodyLimit = BODY_LIMITS[command];
    app.post(`/api/${command}`, bodyLimit === undefined ? {} : { bodyLimit }, async (request, reply) =>
      reply.send(await callCommand(options, options.accessOf(request), command, request.body)),
    );
  }
  app.post<{ Params: { command: string } }>('/api/:command', async (request, reply) =>
    reply.code(404).send(toErrorData(unknownCommand(request.params.command))),
  );
  app.get<{ Querystring: { run?: string; from?: string } }>(
    '/events',
    {
      websocket: true,
      preValidation: async (request, reply) => {
        const access = options.accessOf(request);
        if (access.may === 'watch' && access.run !== request.query.run)
          await reply.code(403).send(toErrorData(viewOnly(access.run)));
      },
    },
    (socket: WebSocket, request) => {
      const { run = '', from = '1' } = request.query;
      const access = options.accessOf(request);
      if (access.may === 'watch') {
        const forget = options.shares.onEnd(access.run, () => {
          socket.terminate();
        });
        socket.on('close', forget);
      }
      follow(options.service, socket, run, Number.parseInt(from, 10) || 1);
    },
  );
}

async function callCommand(
  { service, shares, watchLink }: RouteOptions,
  access: Access,
  command: CommandName,
  input: unknown,
): Promise<unknown> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    const message = `The input of ${command} must be a JSON object.`;
    throw new BringupError({ code: 'BAD_REQUEST', message, exit: EXIT.invalid });
  }
  checkCommand(access, command, input);
  if (command === 'app.info') {
    const info = await service.call('app.info', {});
    return { ...info, host: 'browser', ...(access.may === 'watch' ? { watching: access.run } : {}) };
  }
  if (command === 'runs.share') return share(shares, watchLink, input);
  return service.call(command, input);
}

function share(shares: Shares, link: RouteOptions['watchLink'], input: object): unknown {
  const run: unknown = Reflect.get(input, 'run');
  if (typeof run !== 'string' || run === '') {
    const message = 'The input of runs.share names a run.';
    throw new BringupError({ code: 'BAD_REQUEST', message, exit: EXIT.invalid });
  }
  if (Reflect.get(input, 'end') === true) {
    shares.end(run);
    return { run, url: null };
  }
  return { run, url: link(shares.open(run)) };
}

function follow(service: Service, socket: WebSocket, run: string, from: number): void {
  keepAlive(socket);
  let stop: (() => void) | undefined;
  socket.on('close', () => {
    stop?.();
  });
  socket.on('error', () => {
    socket.terminate();
  });
  try {
    stop = pumpEvents(service, run, from, socket);
  } catch (error) {
    socket.close(REFUSED, toErrorData(error).code);
  }
}

function unknownCommand(command: string): BringupError {
  return new BringupError({
    code: 'UNKNOWN_COMMAND',
    message: `There is no command ${command}.`,
    hint: `Commands are ${COMMANDS.join(', ')}.`,
    exit: EXIT.invalid,
  });
}
