import type { CheckResult } from '../contract/events.ts';

/** How guests will run on the KVM host. */
export type Virtualization = 'kvm' | 'emulate';

/** What the site file asks of the KVM host. */
export interface PreflightInput {
  readonly bridge: string;
  readonly storage: string;
  readonly virtualization: 'auto' | Virtualization;
  readonly memoryMib: number;
  readonly diskGib: number;
  readonly cpus: number;
  /** libvirt's name of the deployment VM: what it already occupies is not asked for a second time. */
  readonly domain?: string;
  readonly installMissing?: boolean;
  /** Asked for only when something is missing. Left out, the host's distribution is the source. Rejects as the caller likes. */
  readonly packages?: () => Promise<PackageArchive>;
  /** The laptop's clock. */
  readonly now: () => Date;
  readonly signal?: AbortSignal;
  /** Told line by line what the package manager says. */
  readonly onOutput?: (line: string) => void;
}

/** A package archive on the laptop, and the shell script that installs from it (playbooks/images/install-packages.sh). */
export interface PackageArchive {
  readonly path: string;
  readonly sha256: string;
  /** Where its bytes are when they are part of another file. */
  readonly within?: { readonly file: string; readonly offset: number; readonly size: number };
  readonly script: string;
}

export interface PreflightResult {
  readonly ok: boolean;
  readonly checks: readonly CheckResult[];
  /** What was proved by running a guest; only meaningful when `ok`. */
  readonly virtualization: Virtualization;
}

/** What a probe guest did: its serial output and the exit code of QEMU (124 is a timeout). */
export interface GuestProbe {
  readonly code: number;
  readonly text: string;
}

/** Everything seen on the KVM host, before any judgement. Sizes in MiB. */
export interface Facts {
  readonly login: { readonly user: string; readonly host: string };
  /** Why there is no root; the facts then are those an ordinary user sees. */
  readonly sudo: {
    readonly ok: boolean;
    readonly code?: string;
    readonly text?: string;
    readonly remedy?: string;
  };
  readonly forwarding: { readonly ok: boolean; readonly text: string };
  readonly os: {
    readonly id: string;
    readonly like: string;
    readonly version: string;
    readonly name: string;
  };
  readonly cpu: {
    readonly arch: string;
    readonly count: number;
    readonly model: string;
    readonly virt: string;
  };
  readonly memory: { readonly total: number; readonly available: number };
  readonly vm: { readonly running: boolean; readonly disk: number };
  readonly storage: Disk;
  /** Where uploads and the OVA lie; `used` is what Bringup itself keeps there. */
  readonly work: Disk & { readonly used: number };
  readonly libvirt: { readonly code: number; readonly text: string };
  readonly bridge: {
    readonly kind: 'bridge' | 'other' | 'missing';
    readonly state: string;
    readonly addresses: string;
    readonly others: string;
  };
  readonly firmware: string;
  readonly tools: readonly string[];
  readonly ansible: { readonly core: string; readonly runner: string };
  /** Seconds the KVM host is ahead of the laptop, and how far that may be off. */
  readonly clock: { readonly ahead: number; readonly uncertainty: number };
  readonly qemu: string;
  readonly kvmDevice: boolean;
  readonly probes: { readonly kvm?: GuestProbe; readonly tcg?: GuestProbe };
}

export interface Disk {
  /** The nearest folder that exists. */
  readonly at: string;
  readonly device: string;
  readonly free: number;
}

/** The judgement of one check; the rest of a CheckResult is the check's own. */
export type Verdict = Pick<CheckResult, 'status' | 'seen'> & {
  readonly remedy?: string;
  readonly code?: string;
};

/** One check: what is wanted, and a pure judgement of the facts. */
export interface Check {
  readonly id: string;
  readonly title: string;
  wanted(input: PreflightInput): string;
  judge(facts: Facts, input: PreflightInput): Verdict;
  /** Debian names of the packages whose lack makes it fail. */
  missing?(facts: Facts): readonly Need[];
}

/** What the playbooks need on the KVM host, whatever the distribution calls its package. */
export type Need =
  | 'ansible'
  | 'ansible-runner'
  | 'libvirt'
  | 'libvirt-clients'
  | 'openssh-client'
  | 'ovmf'
  | 'python3'
  | 'qemu'
  | 'qemu-img'
  | 'xorriso';
