import type { RehearsalPace } from './events.ts';

/** A rehearsal to start. Without a site file it is that of the rehearsal site, which Bringup carries with it. */
export interface RehearseOptions {
  readonly siteFile?: string;
  /** `NAME`, or `NAME:HOST` for a fault of one host; names as `rehearse.faults` lists them. */
  readonly faults?: readonly string[];
  /** Default `max`. */
  readonly pace?: RehearsalPace;
  /** The faults stay when the run goes on, instead of being mended. */
  readonly keepFault?: boolean;
}

/** A fault that can be put into a rehearsal. */
export interface RehearsalFault {
  readonly name: string;
  /** One sentence without an end, e.g. `The KVM host refuses the password`. */
  readonly title: string;
  /** Id and title of the stage that meets it. */
  readonly stage: string;
  readonly stage_title: string;
  /** True where one host of the site file can be named for it: `NAME:HOST`. */
  readonly on_host: boolean;
  /** False where the stage that would meet it has no recording yet. */
  readonly playable: boolean;
}
