import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { type BmcSimulator, type SimulatedBmc, createBmcSimulator } from '../../main/lab/bmc/index.ts';
import { type OmeSimulator, type OmeSimulatorOptions, createOmeSimulator } from '../../main/lab/ome/index.ts';

/** What an update package says of itself, in a catalog as in its own file. */
interface TestPackage {
  readonly name: string;
  readonly file: string;
  readonly version: string;
  readonly component: string;
  readonly model: string;
  readonly reboot: boolean;
}

const BIOS = { name: 'BIOS', component: '159', model: 'R750', reboot: true };

/** A BIOS for the model of the simulated servers. */
export const BIOS_PACKAGE: TestPackage = { ...BIOS, file: 'BIOS_7H3K0_WN64_1.9.2.EXE', version: '1.9.2' };
/** A controller for them, which needs no restart. */
export const IDRAC_PACKAGE: TestPackage = {
  name: 'iDRAC',
  component: '25227',
  file: 'iDRAC-with-Lifecycle-Controller_Firmware_8HPD1_WN64_6.10.30.00.EXE',
  version: '6.10.30.00',
  model: 'R750',
  reboot: false,
};
/** The BIOS of another model. */
export const OTHER_PACKAGE: TestPackage = {
  ...BIOS,
  file: 'BIOS_9XY12_WN64_2.17.1.EXE',
  version: '2.17.1',
  model: 'R640',
};

/** A package as XML, the way a catalog and package.xml hold it. */
export function packageXml({ name, file, version, component, model, reboot }: TestPackage): string {
  return `<SoftwareComponent path="FOLDER01/1/${file}" vendorVersion="${version}" packageID="${component}" rebootRequired="${String(reboot)}">
    <Name><Display lang="en"><![CDATA[${name}]]></Display></Name>
    <SupportedDevices><Device componentID="${component}"><Display lang="en"><![CDATA[${name}]]></Display></Device></SupportedDevices>
    <SupportedSystems><Brand prefix="PE"><Display lang="en"><![CDATA[PowerEdge]]></Display><Model systemID="090F"><Display lang="en"><![CDATA[${model}]]></Display></Model></Brand></SupportedSystems>
    <Criticality value="2"><Display lang="en"><![CDATA[Urgent]]></Display></Criticality>
  </SoftwareComponent>`;
}

/** A catalog of these packages. */
export function catalogXml(packages: readonly TestPackage[]): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n<Manifest baseLocation="" identifier="5c1e" version="26.11.01" dateTime="2026-11-01T00:00:00Z">\n${packages.map(packageXml).join('\n')}\n</Manifest>`;
}

/** Four simulated servers on loopback addresses of their own, an OME, and a web server with a catalog. */
export interface OmeRig {
  readonly ome: OmeSimulator;
  readonly bmcs: readonly [SimulatedBmc, SimulatedBmc, SimulatedBmc, SimulatedBmc];
  /** `127.0.0.1:PORT`. */
  readonly repository: string;
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
  const web = http.createServer((request, response) => {
    const isThere = request.url === '/catalog/catalog.xml.gz';
    response.writeHead(isThere ? 200 : 404).end(isThere ? catalog : '');
  });
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', () => resolve()));
  const repository = `127.0.0.1:${(web.address() as AddressInfo).port}`;
  const ome = await createOmeSimulator({ timings: { job: 0.2, poll: 0.05 }, ...options });
  return {
    ome,
    bmcs: machines,
    repository,
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
