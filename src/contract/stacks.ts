/** One stack that a site file can name. */
export interface StackSummary {
  readonly name: string;
  readonly version: number;
  readonly title: string;
  readonly stages: readonly string[];
  /** Whether it comes with Bringup or was imported here. */
  readonly origin: 'shipped' | 'imported';
}

/** A stack archive and what importing it would mean; `sha256` is that of the file. */
export interface StackArchiveSummary {
  readonly file: string;
  readonly sha256: string;
  readonly name: string;
  readonly version: number;
  readonly title: string;
  /** How many files it holds. */
  readonly files: number;
  readonly stages: readonly { readonly id: string; readonly runs_on: 'kvm-host' | 'deployment-vm' }[];
  /** What this machine has under that name: nothing, a stack that comes with Bringup, one that was imported. */
  readonly existing: 'none' | 'shipped' | 'imported';
}

/** A stack that was written into one file. */
export interface StackExported {
  readonly file: string;
  readonly name: string;
  readonly version: number;
  readonly files: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** A stack that was imported; `replaced` says that another one of that name went. */
export interface StackImported extends StackArchiveSummary {
  readonly replaced: boolean;
}
