import type { HardwareSnapshot } from '../contract/hardware.ts';

/** What a field holds; decides which operators it has. */
export type Kind = 'text' | 'number' | 'version' | 'flag' | 'words' | 'any';

/** One value as rules see it; undefined when the BMC does not tell it. */
export type Seen = string | number | boolean | readonly string[] | undefined;

/** What rules are held against: a snapshot, and what else is known of the machine (a BMC does not tell the operating system). */
export interface Subject {
  readonly snapshot: HardwareSnapshot;
  readonly os?: { readonly name?: string; readonly version?: string };
}
