import type { RunEvent } from '../../src/contract/events.ts';

/** The first play of a stage begins: ansible-playbook works on its machine. */
export function playOf(stage: string): (event: RunEvent) => boolean {
  return (event) => event.kind === 'play.started' && event.stage === stage;
}

/** A task whose title fits begins. */
export function taskOf(stage: string, title: RegExp): (event: RunEvent) => boolean {
  return (event) => event.kind === 'task.started' && event.stage === stage && title.test(event.title);
}

/** The stage begins. */
export function beginOf(stage: string): (event: RunEvent) => boolean {
  return (event) => event.kind === 'stage.started' && event.stage === stage;
}

/** Something that ansible-runner says of the stage. */
export function newsOf(stage: string): (event: RunEvent) => boolean {
  return (event) => 'counter' in event && event.counter !== undefined && event.stage === stage;
}
