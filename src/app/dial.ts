import net from 'node:net';
import type { Duplex } from 'node:stream';
import { BringupError, EXIT } from '../contract/errors.ts';
import type { RemoteConnection } from '../remote/index.ts';

/** Opens one TCP connection to a machine at the site. */
export type Dial = (host: string, port: number) => Promise<Duplex>;

/** How long the laptop tries by itself before the way through the KVM host is taken, in milliseconds. */
const DIRECT_MS = 1500;
/** The laptop has no way there; a refusal is an answer of the machine itself and is not among them. */
const NO_WAY = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'EADDRNOTAVAIL', 'EHOSTDOWN']);

export type Way = 'laptop' | 'kvm-host' | 'deployment-vm';

export interface DialerOptions {
  readonly via: Way | 'auto';
  readonly kvmHost: () => Promise<RemoteConnection>;
  readonly deploymentVm: () => Promise<RemoteConnection>;
}

/** Dials BMCs as the site file's `discovery.via` says, and remembers for `auto` which way worked for each network. */
export interface Dialer {
  readonly dial: Dial;
  /** The way that leads there, found out where it is `auto`. */
  wayTo(host: string, port: number): Promise<Way>;
  /** The ways that were used, for the report. */
  ways(): ReadonlySet<Way>;
}

export function createDialer(options: DialerOptions): Dialer {
  const used = new Set<Way>();
  const known = new Map<string, Promise<Way>>();

  const through = async (way: Way, host: string, port: number): Promise<Duplex> => {
    used.add(way);
    if (way === 'laptop') return connectDirectly(host, port);
    const connection = await (way === 'kvm-host' ? options.kvmHost() : options.deploymentVm()).catch(
      (thrown: unknown) => {
        throw thrown instanceof BringupError ? noWay(way, thrown) : thrown;
      },
    );
    return connection.tunnel(host, port);
  };

  /** Which way leads into the network of an address: asked once, by the first who wants to go there. */
  const wayTo = (host: string, port: number): Promise<Way> => {
    const network = host.replace(/\.\d+$/, '');
    const asked = known.get(network) ?? probe(host, port);
    known.set(network, asked);
    return asked;
  };

  const dial: Dial = async (host, port) =>
    through(options.via === 'auto' ? await wayTo(host, port) : options.via, host, port);
  return {
    dial,
    wayTo: async (host, port) => (options.via === 'auto' ? wayTo(host, port) : options.via),
    ways: () => used,
  };
}

async function probe(host: string, port: number): Promise<Way> {
  try {
    (await connectDirectly(host, port, DIRECT_MS)).destroy();
    return 'laptop';
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    return NO_WAY.has(code) ? 'kvm-host' : 'laptop';
  }
}

function connectDirectly(host: string, port: number, milliseconds?: number): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host, port });
    const timer =
      milliseconds === undefined
        ? undefined
        : setTimeout(() => {
            socket.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' }));
          }, milliseconds);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.setNoDelay(true);
      resolve(socket);
    });
    socket.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}

/** The error for a site whose BMCs shall be reached through a machine that cannot be reached itself. */
function noWay(via: Way, cause: BringupError): BringupError {
  return new BringupError({
    code: 'DISCOVERY_NO_WAY',
    exit: EXIT.connection,
    message: `The BMCs are to be reached through the ${via === 'kvm-host' ? 'KVM host' : 'deployment VM'}, and it cannot be reached: ${cause.message}`,
    hint: cause.hint ?? 'Check its address and the cable, or set discovery.via to laptop in the site file.',
    evidence: cause.evidence,
    cause,
  });
}
