// A process of its own for the peers of the servers bench: node servers-peers.mjs bmcs COUNT, or node servers-peers.mjs ome.
import http from 'node:http';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { runnerImport } from 'vite';
import { ROOT } from '../../main/setup/ensure.mjs';

const load = async (file) => (await runnerImport(path.join(ROOT, file))).module;
const [kind, count] = process.argv.slice(2);

/** Loopback has room for every BMC on an address of its own; all listen on the same port, as BMCs do. */
async function startBmcs() {
  const { createBmcSimulator, makeCertificate } = await load('main/lab/bmc/index.ts');
  const tls = await makeCertificate(['127.40.0.1']);
  const machine = (index, port) => ({
    host: `127.40.${Math.floor(index / 200)}.${(index % 200) + 1}`,
    port,
    tls,
    identity: { name: `node-${index + 1}`, serial: `SRV${String(index + 1).padStart(4, '0')}` },
  });
  const start = (machines) => createBmcSimulator({ machines });
  const [first] = (await start([machine(0, 0)])).machines;
  const port = Number(new URL(first.url).port);
  const others = Array.from({ length: Number(count) - 1 }, (_, index) => machine(index + 1, port));
  const machines = [first, ...(others.length > 0 ? (await start(others)).machines : [])];
  return {
    port,
    login: first.login,
    certificate: first.certificate.sha256,
    machines: machines.map(({ url, identity }) => ({
      address: new URL(url).hostname,
      serial: identity.serial,
    })),
  };
}

/** OpenManage Enterprise, and the web server from which it reads its catalogue. */
async function startOme() {
  const { createOmeSimulator } = await load('main/lab/ome/index.ts');
  const { catalogXml, BIOS_PACKAGE, IDRAC_PACKAGE } = await load('main/lab/simulated-catalog.ts');
  const catalog = gzipSync(catalogXml([BIOS_PACKAGE, IDRAC_PACKAGE]));
  const web = http.createServer((_, response) => response.end(catalog));
  await new Promise((resolve) => web.listen(0, '127.0.0.1', () => resolve()));
  const ome = await createOmeSimulator();
  return {
    address: ome.host,
    port: ome.port,
    login: ome.login,
    certificate: ome.certificate.sha256,
    catalog: `http://127.0.0.1:${web.address().port}/catalog/catalog.xml.gz`,
  };
}

process.on('message', () => process.send({ cpu: process.cpuUsage() }));
process.on('disconnect', () => process.exit(0));
process.send(kind === 'ome' ? await startOme() : await startBmcs());
