import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { type BmcSimulator, type SimulatedBmc, createBmcSimulator } from '../../main/lab/bmc/index.ts';
import { type OmeSimulator, type OmeSimulatorOptions, createOmeSimulator } from '../../main/lab/ome/index.ts';
import { BIOS_PACKAGE, IDRAC_PACKAGE, OTHER_PACKAGE, catalogXml } from '../../main/lab/simulated-catalog.ts';

/** Four simulated servers on loopback addresses of their own, an OME, and a web server with a catalog. */
export interface OmeRig {
  readonly ome: OmeSimulator;
  readonly bmcs: readonly [SimulatedBmc, SimulatedBmc, SimulatedBmc, SimulatedBmc];
  /** `127.0.0.1:PORT`. */
  readonly repository: string;
  /** What lies there, by path. */
  readonly files: Map<string, Buffer>;
  /** What playbooks know of them. */
  readonly variables: Readonly<Record<string, unknown>>;
  close(): Promise<void>;
}

const LOGIN = { username: 'root', password: 'a-long-bmc-password' };

export async function startOmeRig(options: OmeSimulatorOptions = {}): Promise<OmeRig> {
  const bmcs: BmcSimulator = await createBmcSimulator({
    machines: ['OME0001', 'OME0002', 'OME0003', 'OME0004'].map((serial, index) => ({
      host: `127.0.0.${index + 1}`,
      tls: 'own' as const,
      login: LOGIN,
      identity: { name: serial.toLowerCase(), serial },
      timings: { graceful: 0, restart: 0, job: 0 },
    })),
  });
  const machines = bmcs.machines as unknown as OmeRig['bmcs'];
  const catalog = gzipSync(catalogXml([BIOS_PACKAGE, IDRAC_PACKAGE, OTHER_PACKAGE]));
  const files = new Map([['/catalog/catalog.xml.gz', catalog]]);
  const web = http.createServer((request, response) => {
    const found = files.get(request.url ?? '');
    response.writeHead(found === undefined ? 404 : 200).end(found ?? '');
  });
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', () => resolve()));
  const repository = `127.0.0.1:${(web.address() as AddressInfo).port}`;
  const ome = await createOmeSimulator({ timings: { job: 0.2, poll: 0.05 }, ...options });
  return {
    ome,
    bmcs: machines,
    repository,
    files,
    variables: {
      repository,
      tags: ['OME0001', 'OME0002'],
      bmc_login: LOGIN,
      bmcs: machines.map(({ url, certificate }) => {
        const { hostname, port } = new URL(url);
        return { url, address: hostname, port: Number(port), ca: certificate?.pem };
      }),
    },
    close: async () => {
      await Promise.all([ome.close(), bmcs.close(), new Promise((resolve) => web.close(resolve))]);
    },
  };
}
