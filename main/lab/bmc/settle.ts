import type { Machine } from './types.ts';
import type { SimulatedJob } from './state.ts';

/**
 * Lets everything happen that was due by now, in order of time: power steps, boots, jobs. Nothing runs on a timer, so a
 * simulator that was stopped goes on where the clock says, and a test that sets the clock waits for nothing.
 * Answers whether anything happened.
 */
export function settleState(machine: Machine): boolean {
  const { state } = machine;
  const now = machine.now();
  let happened = false;
  for (;;) {
    const step = state.steps[0];
    const job = state.jobs
      .filter((known) => known.phase === 'running' || (known.phase === 'scheduled' && !known.waitsForBoot))
      .sort((left, right) => dueAt(machine, left) - dueAt(machine, right))[0];
    const jobDue = job === undefined ? Infinity : dueAt(machine, job);
    if (step !== undefined && step.at <= Math.min(now, jobDue)) {
      state.steps.shift();
      if (step.to === 'off') state.power = 'Off';
      else bootAt(machine, step.at);
      if (step.to === 'boot') finishReboot(machine, step.job, step.at);
    } else if (job !== undefined && jobDue <= now) advance(machine, job, jobDue);
    else return happened;
    happened = true;
  }
}

/** The machine powers up: overrides for once are spent, waiting jobs start, pending settings without a job apply. */
export function bootAt(machine: Machine, at: number): void {
  const { state } = machine;
  state.power = 'On';
  state.lastReset = at;
  const images = Object.values(state.media).map(({ image }) => image);
  const target = state.boot.enabled === 'Disabled' ? 'None' : state.boot.target;
  (state.boots ??= []).push({ at, target, images });
  state.log.push({ at, messageId: 'SYS1003', message: 'System CPU Resetting.' });
  if (state.boot.enabled === 'Once') state.boot = { ...state.boot, enabled: 'Disabled', target: 'None' };
  for (const job of state.jobs) {
    if (job.phase === 'scheduled' && job.waitsForBoot) Object.assign(job, { phase: 'running', started: at });
  }
  // Where no job carries them, as on iLO, pending settings apply in the next power-on self-test.
  if (machine.capture.outline.maker === 'Dell') return;
  Object.assign(state.bios, state.biosPending);
  state.biosPending = {};
}

function dueAt(machine: Machine, job: SimulatedJob): number {
  if (job.phase === 'scheduled') return job.created;
  if (isReboot(job) || machine.faults.some((fault) => fault.kind === 'job-stuck')) return Infinity;
  return (job.started ?? job.created) + machine.timings.job * 1000;
}

function advance(machine: Machine, job: SimulatedJob, at: number): void {
  if (job.phase === 'scheduled') Object.assign(job, { phase: 'running', started: at });
  else finish(machine, job, at);
}

function finish(machine: Machine, job: SimulatedJob, at: number): void {
  const { state } = machine;
  const { work } = job;
  const fails = machine.faults.some((fault) => fault.kind === 'job-fails');
  job.ended = at;
  if (fails || work.fails !== undefined) {
    job.phase = 'failed';
    job.message = work.fails ?? 'Unable to complete the job because of a simulated fault.';
    if (work.bios !== undefined) state.biosPending = {};
    return;
  }
  job.phase = 'completed';
  job.message = 'Job completed successfully.';
  if (work.biosDefaults === true) {
    state.bios = {};
    state.log.push({ at, messageId: 'UEFI0157', message: 'BIOS settings were reset to their defaults.' });
  }
  if (work.bios !== undefined) {
    Object.assign(state.bios, work.bios);
    state.biosPending = {};
  }
  if (work.firmware !== undefined) state.firmware[work.firmware.uri] = work.firmware.version;
  if (work.bootOrder !== undefined) state.bootOrder = work.bootOrder;
  Object.assign(state.bootEnabled, work.bootEnabled);
}

/** Reboot jobs end with the reboot, not by time. */
export function isReboot(job: SimulatedJob): boolean {
  return job.id.startsWith('RID_');
}

function finishReboot(machine: Machine, id: string | undefined, at: number): void {
  const job = machine.state.jobs.find((known) => known.id === id);
  if (job === undefined) return;
  Object.assign(job, { phase: 'completed', ended: at, message: 'Reboot is complete.' });
}
