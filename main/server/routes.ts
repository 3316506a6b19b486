import type { FastifyInstance } from 'fastify';
import type { WebSocket } from '@fastify/websocket';
import { COMMANDS, type BringupClient, type CommandName } from '../../src/contract/api.ts';
import { BringupError, EXIT, toErrorData } from '../../src/contract/errors.ts';
import { pumpEvents } from './event-pump.ts';

/** An empty batch this often tells a quiet reader that the link still stands. */
const HEARTBEAT_MS = 10_000;
/** WebSocket close code for a subscription the service refused; the reason is the error's code. */
const REFUSED = 4400;

/** Adds the two roads of the API: `POST /api/<command>` from the command table, and `/events?run=&from=`. */
export function addRoutes(app: FastifyInstance, service: Pick<BringupClient, 'call' | 'subscribe'>): void {
  app.post<{ Params: { command: string } }>('/api/:command', async (request, reply) => {
    const command = COMMANDS.find((name) => name === request.params.command);
    if (command === undefined) {
      return reply.code(404).send(
        toErrorData(
          new BringupError({
            code: 'UNKNOWN_COMMAND',
            message: `There is no command ${request.params.command}.`,
            hint: `Commands are ${COMMANDS.join(', ')}.`,
            exit: EXIT.invalid,
          }),
        ),
      );
    }
    return reply.send(await callCommand(service, command, request.body));
  });
  app.get<{ Querystring: { run?: string; from?: string } }>(
    '/events',
    { websocket: true },
    (socket: WebSocket, request) => {
      const { run = '', from = '1' } = request.query;
      follow(service, socket, run, Number.parseInt(from, 10) || 1);
    },
  );
}

async function callCommand(
  service: Pick<BringupClient, 'call'>,
  command: CommandName,
  input: unknown,
): Promise<unknown> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    const message = `The input of ${command} must be a JSON object.`;
    throw new BringupError({ code: 'BAD_REQUEST', message, exit: EXIT.invalid });
  }
  return service.call(command, input);
}

function follow(
  service: Pick<BringupClient, 'subscribe'>,
  socket: WebSocket,
  run: string,
  from: number,
): void {
  const heartbeat = setInterval(() => {
    socket.send('[]');
  }, HEARTBEAT_MS);
  let stop: (() => void) | undefined;
  socket.on('close', () => {
    clearInterval(heartbeat);
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
