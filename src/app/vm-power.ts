import { setTimeout as sleep } from 'node:timers/promises';
import { BringupError } from '../contract/errors.ts';
import { quote, type RemoteConnection } from '../remote/index.ts';
import type { NormalisedSite } from '../site/index.ts';

const VIRSH = 'virsh --connect qemu:///system';
/** A KVM host that has just booted starts its machines a little later than its sshd. */
const LOOKS = 10;
const PAUSE_MS = 3000;
/** What libvirt calls a machine that nothing but a person, or its autostart, brings back. */
const OFF = new Set(['shut off', 'crashed', 'paused']);

/** The name under which libvirt knows the deployment VM. */
function domainOf(site: NormalisedSite): string {
  return `${site.site.name}-${site.deployment_vm.name}`;
}

/**
 * Logs in to the deployment VM. Where it does not answer and the KVM host says that it is switched off, rejects with
 * VM_OFF or VM_PAUSED instead of the SSH error, which would lay the blame on the network.
 */
export async function unlessOff<T>(
  host: RemoteConnection,
  site: NormalisedSite,
  login: () => Promise<T>,
): Promise<T> {
  try {
    return await login();
  } catch (thrown) {
    if (!(thrown instanceof BringupError) || !/^(SSH_|TUNNEL_)/.test(thrown.code)) throw thrown;
    const state = await stateThatStays(host, domainOf(site));
    if (state === null) throw thrown;
    throw switchedOff(domainOf(site), state, thrown);
  }
}

/** Starts the deployment VM; whether it answers is for the next login to see. Rejects with VM_START_FAILED. */
export async function startVm(host: RemoteConnection, site: NormalisedSite): Promise<void> {
  const domain = domainOf(site);
  // One that is paused goes on where it stood.
  const order = `${VIRSH} resume ${quote(domain)} 2>/dev/null || ${VIRSH} start ${quote(domain)}`;
  const done = await host.sudo(order, { timeoutSeconds: 60 });
  if (done.code === 0 || /already active/.test(done.stderr)) return;
  throw new BringupError({
    code: 'VM_START_FAILED',
    message: `The deployment VM (${domain}) is switched off, and libvirt on ${host.label} could not start it.`,
    hint: `Mend what the evidence says, then go on: bringup resume`,
    evidence: [{ source: `virsh on ${host.label}`, text: done.stderr.trim() }],
  });
}

/** What libvirt says of a machine that is off and stays off; null where it runs, or where nobody can tell. */
async function stateThatStays(host: RemoteConnection, domain: string): Promise<string | null> {
  let state = '';
  for (let look = 0; look < LOOKS; look += 1) {
    if (look > 0) await sleep(PAUSE_MS);
    const asked = await host
      .sudo(`LC_ALL=C ${VIRSH} domstate --reason ${quote(domain)}`, { timeoutSeconds: 20 })
      .catch(() => null);
    state = asked?.stdout.trim() ?? '';
    if (asked?.code !== 0 || !OFF.has(state.replace(/ \(.*/, ''))) return null;
  }
  return state;
}

function switchedOff(domain: string, state: string, cause: BringupError): BringupError {
  const paused = state.startsWith('paused');
  return new BringupError({
    code: paused ? 'VM_PAUSED' : 'VM_OFF',
    message: paused
      ? `The deployment VM (${domain}) is ${state} on the KVM host.`
      : `The deployment VM (${domain}) is switched off on the KVM host.`,
    hint: 'Go on with: bringup resume. It starts the VM, waits for it, and takes the stage up again.',
    evidence: [
      { source: 'virsh domstate on the KVM host', text: `${domain}: ${state}` },
      { source: cause.code, text: cause.message },
    ],
    cause,
  });
}
