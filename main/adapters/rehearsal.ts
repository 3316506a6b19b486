import { setTimeout as sleep } from 'node:timers/promises';
import type { RehearsalPort, RehearsedMachine, RunningBmc } from '../../src/bringup.ts';
import { createBmcSimulator, type BmcFault, type SimulatedMachineOptions } from '../lab/bmc/index.ts';
import { captureFor } from './rehearsal-captures.ts';
import { makeSelfSigned } from './rehearsal-certificate.ts';

/** Rehearsals on this machine: simulated BMCs on loopback, in this process; `assets` is the folder with what is played. */
export function createRehearsal(assets: string): RehearsalPort {
  return {
    assets,
    async startBmcs(machines) {
      const tls = machines.map(({ address, name, trouble }) =>
        makeSelfSigned(address, `${name} (simulated BMC)`, trouble === 'certificate-expired'),
      );
      const simulator = await createBmcSimulator({
        machines: machines.map((machine, index) => optionsOf(machine, tls[index])),
      });
      const bmcs = simulator.machines.map(({ name, url }, index): RunningBmc => ({
        name,
        port: Number(new URL(url).port),
        certificate: tls[index]?.cert ?? '',
      }));
      return { bmcs, close: () => simulator.close() };
    },
    async sleep(milliseconds, signal) {
      await sleep(milliseconds, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
    },
  };
}

function optionsOf(
  machine: RehearsedMachine,
  tls: { readonly key: string; readonly cert: string } | undefined,
): SimulatedMachineOptions {
  const { name, serial, address, kind, macs, switchPorts, login, trouble } = machine;
  return {
    identity: {
      ...{ name, hostName: name, macs, switchPorts, bmcAddress: address },
      ...(serial === undefined ? {} : { serial }),
    },
    capture: captureFor(kind, trouble === 'host-off'),
    login,
    host: '127.0.0.1',
    ...(tls === undefined ? {} : { tls }),
    faults: faultsOf(trouble),
  };
}

function faultsOf(trouble: RehearsedMachine['trouble']): readonly BmcFault[] {
  return trouble === 'busy' ? [{ kind: 'unavailable' }] : [];
}
