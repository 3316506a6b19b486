import type { Capture } from './capture.ts';
import { at, objectOf, textOf, type Resource } from './resource.ts';

export type PowerState = 'On' | 'Off';

/** One entry of the job queue. Times are milliseconds since 1970. */
export interface SimulatedJob {
  readonly id: string;
  readonly name: string;
  /** Dell's JobType, such as `BIOSConfiguration` or `FirmwareUpdate`. */
  readonly type: string;
  phase: 'scheduled' | 'running' | 'completed' | 'failed';
  /** A job that waits for the next boot, or one that starts by itself. */
  readonly waitsForBoot: boolean;
  readonly created: number;
  started?: number;
  ended?: number;
  message: string;
  readonly work: JobWork;
}

/** What a job does when it completes. */
export interface JobWork {
  readonly bios?: Readonly<Record<string, unknown>>;
  readonly biosDefaults?: boolean;
  readonly firmware?: { readonly uri: string; readonly version: string };
  readonly bootOrder?: readonly string[];
  readonly bootEnabled?: Readonly<Record<string, boolean>>;
  /** The job cannot succeed; its last message says why. */
  readonly fails?: string;
}

export interface InsertedMedia {
  readonly image: string;
  readonly userName?: string;
  readonly writeProtected: boolean;
}

/** One start of a machine, in milliseconds since 1970: what it was set to boot from, and what was inserted then. */
export interface SimulatedBoot {
  readonly at: number;
  readonly target: string;
  readonly images: readonly string[];
}

/** Everything one simulated machine remembers, as kept on disk. URIs are the keys of its capture. */
export interface MachineState {
  power: PowerState;
  /** What happens to the power later, in order of time. */
  steps: { readonly at: number; readonly to: 'off' | 'boot'; readonly job?: string }[];
  lastReset: number;
  boots?: SimulatedBoot[];
  boot: {
    enabled: 'Disabled' | 'Once' | 'Continuous';
    target: string;
    mode?: string;
    uefiTarget?: string | null;
  };
  bootOrder?: readonly string[];
  bootEnabled: Record<string, boolean>;
  media: Record<string, InsertedMedia>;
  /** BIOS attributes that differ from the capture, and those waiting for a boot. */
  bios: Record<string, unknown>;
  biosPending: Record<string, unknown>;
  firmware: Record<string, string>;
  uploads: Record<string, string>;
  jobs: SimulatedJob[];
  nextJob: number;
  /** How far the BMC's clock is ahead of the true time, and the offset it writes its time with. */
  clockOffsetMs: number;
  localOffset: string;
  log: { readonly at: number; readonly messageId: string; readonly message: string }[];
  /** Properties set by PATCH that no behaviour hangs on. */
  changed: Record<string, Resource>;
}

/** A machine's state before anything was done to it, read from its capture. */
export function initialState(capture: Capture, now: number): MachineState {
  const { outline, lookup } = capture;
  const system = lookup(outline.systems[0]?.uri) ?? {};
  const manager = lookup(outline.managers[0]) ?? {};
  const boot = objectOf(system['Boot']);
  const enabled = boot['BootSourceOverrideEnabled'];
  return {
    power: system['PowerState'] === 'Off' ? 'Off' : 'On',
    steps: [],
    lastReset: now - 86_400_000,
    boot: {
      enabled: enabled === 'Once' || enabled === 'Continuous' ? enabled : 'Disabled',
      target: textOf(boot['BootSourceOverrideTarget']) ?? 'None',
    },
    bootEnabled: {},
    media: insertedMedia(capture),
    bios: {},
    biosPending: pendingBios(capture),
    firmware: {},
    uploads: {},
    jobs: [],
    nextJob: 1,
    clockOffsetMs: 0,
    localOffset: textOf(manager['DateTimeLocalOffset']) ?? '+00:00',
    log: [],
    changed: {},
  };
}

function insertedMedia(capture: Capture): Record<string, InsertedMedia> {
  const media: Record<string, InsertedMedia> = {};
  for (const uri of capture.outline.media) {
    const slot = capture.lookup(uri) ?? {};
    if (slot['Inserted'] !== true) continue;
    media[capture.keyOf(uri)] = {
      image: textOf(slot['Image']) ?? '',
      writeProtected: slot['WriteProtected'] !== false,
    };
  }
  return media;
}

/** Dell's settings resource holds only what is pending; others show every attribute as it will be. */
function pendingBios(capture: Capture): Record<string, unknown> {
  const system = capture.outline.systems[0];
  const current = objectOf(at(capture.lookup(system?.bios), 'Attributes'));
  const settings = objectOf(at(capture.lookup(system?.biosSettings), 'Attributes'));
  return Object.fromEntries(Object.entries(settings).filter(([name, value]) => current[name] !== value));
}
