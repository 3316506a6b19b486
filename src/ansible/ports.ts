import type { Clock, Credential, StageAttempt } from '../contract/ports.ts';
import type { RemoteShell } from './shell.ts';

/** What the playbook executor needs for one stage. Paths are those of the machine that carries the stage out. */
export interface PlaybookPorts {
  /** Opens a connection, or gives the open one; called again after the link broke. */
  connect(): Promise<RemoteShell>;
  readonly run: string;
  readonly attempt: StageAttempt;
  readonly site: string;
  /** Folder of the unpacked project (the `playbooks` tree), e.g. `/var/lib/bringup/project/<sha256>`. */
  readonly project: string;
  /** The stage's playbook relative to the project, e.g. `stacks/dell-rke2/deployment-vm.yml`. */
  readonly playbook: string;
  /** Ansible YAML inventory, as `bringup inventory` prints it. */
  readonly inventory: string;
  /** Extra variables without any secret; written to disk. */
  readonly extraVars: Readonly<Record<string, unknown>>;
  /** Credentials by name, read just before the start; written to tmpfs only. */
  secrets(): Promise<Readonly<Record<string, Credential>>>;
  readonly clock: Clock;
  /**
   * Why the stage cannot end well without these hosts, or undefined where it can; left out where the failure of any host
   * fails the stage.
   */
  goOnWithout?(hosts: readonly string[]): string | undefined;
  /** How long the running task may take to end after a cancel; default 60 s. */
  readonly graceSeconds?: number;
  /** Stops the stage after this many seconds; without it nothing does. */
  readonly hardTimeoutSeconds?: number;
  /** Default `/var/lib/bringup`. */
  readonly root?: string;
  /** Folder on tmpfs for secrets, default `/run/bringup`. */
  readonly runtime?: string;
  /** How long to try to reach a machine again whose link broke; default 300 s. */
  readonly contactSeconds?: number;
}
