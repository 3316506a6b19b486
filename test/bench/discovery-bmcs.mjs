// A process of its own for the simulated BMCs of the discovery bench: node discovery-bmcs.mjs COUNT LATENCY_MS.
import path from 'node:path';
import { runnerImport } from 'vite';
import { ROOT } from '../../main/setup/ensure.mjs';

const [count, latency] = process.argv.slice(2).map(Number);
const { module } = await runnerImport(path.join(ROOT, 'main/lab/bmc/index.ts'));
const tls = await module.makeCertificate(['127.0.0.1']);
const simulator = await module.createBmcSimulator({
  machines: Array.from({ length: count }, (_, index) => ({
    identity: { name: `machine-${index + 1}` },
    tls,
    faults: [{ kind: 'latency', ms: latency }],
  })),
});
const started = simulator.machines.map(({ url, login, certificate }) => ({
  url,
  login,
  pin: certificate.sha256,
}));
process.on('message', async ({ latency: ms }) => {
  if (ms !== undefined) {
    await Promise.all(
      simulator.machines.map((one) => one.setFaults(ms === 0 ? [] : [{ kind: 'latency', ms }])),
    );
  }
  process.send({ requests: simulator.machines.reduce((sum, one) => sum + one.stats().requests, 0) });
});
process.on('disconnect', () => process.exit(0));
process.send({ started });
