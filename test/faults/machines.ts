import { execa } from 'execa';
import { createLabContext, namespaceOf, type LabContext } from '../../main/lab/context.ts';
import { LAB } from '../../main/lab/layout.ts';
import { initOf } from '../../main/lab/processes.ts';

const KEY = `/var/lib/bringup/sites/${LAB.site}/ssh/access_ed25519`;
const SSH = [
  'ssh -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -o BatchMode=yes -o ConnectTimeout=10',
  `-i ${KEY} bringup@${LAB.deploymentVm.address}`,
].join(' ');

/** The machines of the lab as somebody sees them who sits in front of them: no cable that a fault cuts is between. */
export interface Machines {
  readonly lab: LabContext;
  /** Runs a shell script as root on the KVM host; gives its stdout, rejects where it fails. */
  onKvmHost(script: string): Promise<string>;
  /** The same on the deployment VM, over the KVM host's own bridge. */
  onVm(script: string): Promise<string>;
  /** The same on either. */
  on(machine: 'kvm-host' | 'deployment-vm', script: string): Promise<string>;
  /** Runs `ip` with these words in the KVM host's network. */
  ip(...words: readonly string[]): Promise<void>;
  /** Resolves when the deployment VM answers; rejects after the seconds. */
  vmAnswers(seconds?: number): Promise<void>;
}

/** Name of the deployment VM for virsh. */
export const DOMAIN = `${LAB.site}-${LAB.deploymentVm.name}`;

export function createMachines(): Machines {
  const lab = createLabContext({});
  const onKvmHost = async (script: string): Promise<string> => {
    const init = await initOf(lab, 'kvm-host');
    if (init === undefined) throw new Error('the KVM host of the lab is not up');
    const inside = ['-t', String(init), '--all', '--root', '--wd', '--', '/bin/sh', '-e', '-c', script];
    return (await execa('nsenter', inside, { stdin: 'ignore' })).stdout;
  };
  const onVm = (script: string): Promise<string> =>
    onKvmHost(`${SSH} 'sudo sh -e -s' <<'BRINGUP_SCRIPT'\n${script}\nBRINGUP_SCRIPT`);
  return {
    lab,
    onKvmHost,
    onVm,
    on: (machine, script) => (machine === 'kvm-host' ? onKvmHost(script) : onVm(script)),
    ip: async (...words) => void (await execa('ip', ['-n', namespaceOf(lab, 'kvm-host'), ...words])),
    vmAnswers: async (seconds = 240) => {
      const deadline = Date.now() + seconds * 1000;
      for (;;) {
        const answer = await onVm('true').catch((error: unknown) => error);
        if (answer === '') return;
        if (Date.now() > deadline) throw new Error('the deployment VM does not answer', { cause: answer });
      }
    },
  };
}
