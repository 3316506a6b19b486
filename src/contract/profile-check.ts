import type { Problem } from './site-api.ts';

/** One profile as it lies in its file. */
export interface ProfileSummary {
  readonly name: string;
  readonly version: number;
  readonly title: string;
  readonly file: string;
  /** `site`: it lies in `profiles/` beside the site file, and goes over a shipped one of its name. */
  readonly origin: 'shipped' | 'site';
  /** Hosts of the site file that have it, by the newest discovery; missing without a site file. */
  readonly hosts?: readonly string[];
}

/** What a profile comes to on one kind of machine. */
export interface ProfileKind {
  readonly manufacturer?: string;
  readonly model?: string;
  readonly hosts: readonly string[];
  readonly bios_attributes: Readonly<Record<string, string | number | boolean>>;
  /** SHA-256 in hex of what it asks for, docs/profiles.md. */
  readonly hash: string;
  /** Name of the template that carries it. */
  readonly template: string;
}

/** A profile with its file, and what it comes to on the machines of a site that have it. */
export interface ProfileDocument extends ProfileSummary {
  readonly text: string;
  /** Of what it asks for whatever the machine: storage and network. */
  readonly hash: string;
  readonly kinds: readonly ProfileKind[];
}

/** `file` is a site file, whose profiles are meant, or one profile; registries are JSON files, a catalogue is Catalog.xml[.gz]. */
export interface ProfileCheckInput {
  readonly file: string;
  readonly registries?: readonly string[];
  readonly catalog?: string;
}

/** A BIOS registry that profiles were held against. */
export interface CheckedRegistry {
  /** `PowerEdge R750 (BIOS 1.8.2)`. */
  readonly title: string;
  /** The file, or the host whose BMC told it. */
  readonly from: string;
  readonly attributes: number;
  /** Profiles that want something of the BIOS of these machines. */
  readonly profiles: readonly string[];
}

/**
 * One firmware that a profile wants, and what the catalogue has. `same`, `newer`: it can be had; `installed`: the catalogue cannot bring it,
 * and every machine has it; `unknown`: nothing says for which model it is, or the versions cannot be compared.
 */
export interface CheckedFirmware {
  readonly profile: string;
  readonly item: string;
  readonly wanted: string;
  readonly model?: string;
  readonly found?: string;
  readonly status: 'same' | 'newer' | 'older' | 'missing' | 'no-model' | 'installed' | 'unknown';
}

/** What was said of profiles, and what they were held against. */
export interface ProfilesChecked {
  /** True while no problem is an error. */
  readonly ok: boolean;
  readonly problems: readonly Problem[];
  readonly profiles: readonly ProfileSummary[];
  readonly registries: readonly CheckedRegistry[];
  readonly catalog?: { readonly file: string; readonly version?: string; readonly packages: number };
  readonly firmware: readonly CheckedFirmware[];
  /** What could not be looked at, and what is missing for it. */
  readonly unchecked: readonly string[];
}
