/** Where a lab lives and what it is called; everything has a default. */
export interface LabOptions {
  /** Prefix of the lab's namespaces, one to eight lower-case letters and digits. Default `lab`. */
  readonly name?: string;
  /** What the lab keeps while it exists, removed by labDown. Default `/var/lib/bringup-lab/<name>`. */
  readonly stateDir?: string;
  /** Root file systems, packages and the base image, kept between labs. Default `/var/cache/bringup`. */
  readonly cacheDir?: string;
}

/** One finished step: a plain sentence and the seconds since the command began. */
export interface LabProgress {
  readonly text: string;
  readonly seconds: number;
}

export type OnLabProgress = (progress: LabProgress) => void;

export type LabPartKind = 'network' | 'kvm-host' | 'target-server' | 'bmc' | 'ome' | 'base-image';

/** One part of a lab; `detail` is a plain phrase: its address, or what is missing. */
export interface LabPart {
  readonly name: string;
  readonly kind: LabPartKind;
  readonly state: 'up' | 'down';
  readonly detail: string;
}

/** What labUp, labDown and labStatus answer. */
export interface LabStatus {
  readonly name: string;
  readonly state: 'up' | 'down' | 'partial';
  /** Path of the lab's site file; it exists unless `state` is `down`. */
  readonly siteFile: string;
  /** Path of the site file with every stage of the stack; there when the other is. */
  readonly wholeSiteFile: string;
  readonly parts: readonly LabPart[];
}

/** One credential of the lab, random for each lab and of no use elsewhere. */
export interface LabCredential {
  readonly username: string;
  readonly password: string;
}

export type LabCredentialName = 'lab/kvm-host' | 'lab/node' | 'lab/bmc' | 'lab/ome';

export type LabCredentials = Readonly<Record<LabCredentialName, LabCredential>>;
