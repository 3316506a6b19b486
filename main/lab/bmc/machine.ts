import type { Capture } from './capture.ts';
import { formatTime } from './clock.ts';
import { type BmcIdentity, identityValue } from './identity.ts';
import { settleState } from './settle.ts';
import { type MachineState, initialState } from './state.ts';
import { render } from './template.ts';
import type { Resource } from './resource.ts';
import type { BmcLogin, BmcTimings, Machine } from './types.ts';

const DEFAULT_TIMINGS: BmcTimings = { graceful: 4, restart: 1, job: 3 };

export interface MachineOptions {
  readonly capture: Capture;
  readonly login: BmcLogin;
  /** Counts machines from 1; what the identity leaves out is derived from it. */
  readonly number: number;
  readonly identity?: BmcIdentity;
  readonly timings?: Partial<BmcTimings>;
  readonly limits?: Partial<Machine['limits']>;
  readonly state?: MachineState;
  readonly onState?: (state: MachineState) => void;
  readonly clock?: () => number;
}

/** Makes one machine; nothing listens yet. */
export function createMachine(options: MachineOptions): Machine {
  const { capture, identity = {}, clock = Date.now } = options;
  const state = { ...initialState(capture, clock()), ...options.state };
  const values: string[] = [];
  const valueOf = (number: number) => {
    const token = capture.tokens[number];
    return (values[number] ??= token === undefined ? '' : identityValue(token, identity, options.number));
  };
  const ownKeys = new Map(
    [...capture.tokenKeys].map(([key, template]) => [capture.keyOf(render(template, valueOf)), key]),
  );
  const machine: Machine = {
    capture,
    login: options.login,
    identity,
    timings: { ...DEFAULT_TIMINGS, ...options.timings },
    limits: { sessions: 8, sessionSeconds: 1800, ...options.limits },
    state,
    faults: [],
    now: clock,
    time: (at = clock()) => {
      const drift = machine.faults.reduce(
        (sum, fault) => sum + (fault.kind === 'clock' ? fault.seconds : 0),
        0,
      );
      const zulu = capture.outline.maker === 'HPE';
      return formatTime(at + state.clockOffsetMs + drift * 1000, state.localOffset, zulu);
    },
    settle: () => {
      if (settleState(machine)) machine.save();
    },
    save: () => options.onState?.(state),
    textAt: (uri) => {
      const key = capture.keyOf(uri);
      // The captured spelling of a key with a serial number in it belongs to no machine.
      if (capture.tokenKeys.has(key) && !ownKeys.has(key)) return undefined;
      const template = capture.template(ownKeys.get(key) ?? key);
      return template === undefined ? undefined : render(template, valueOf);
    },
    at: (uri) => {
      const text = uri === undefined ? undefined : machine.textAt(uri);
      return text === undefined ? undefined : (JSON.parse(text) as Resource);
    },
  };
  return machine;
}
