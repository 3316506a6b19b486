import { toErrorData } from '../../src/contract/errors.ts';
import type { RunEvent } from '../../src/contract/events.ts';
import { createLiveState, EMPTY_RUN } from '../../src/runs/state.ts';
import { createJournalFile, LARGE_CHUNK, type JournalFile } from '../clients/journal-file.ts';
import { noteOf } from '../clients/journal-lines.ts';
import { createEventIndex, noteEvent } from '../state/event-index.ts';
import { createTimeline, type Timeline } from '../state/timeline.ts';
import type { Question, Told } from './messages.ts';
import { createPacker, packEnd, packTask, type Pack } from './pack.ts';

/** Tasks in a message: the page takes them in a few milliseconds, however many hosts answered. */
const TASKS_AT_ONCE = 250;
/** Events that the page shows while it waits for the rest: which run this is and what it was to do. */
const GLIMPSE = 100;
/** How often it is said how far the reading is. */
const TELL_MS = 250;

/** Reads a journal away from the page and answers what the page asks; `tell` sends. */
export function createReader(tell: (told: Told) => void): (question: Question) => Promise<void> {
  let opened: { readonly file: JournalFile; readonly timeline: Timeline } | undefined;
  let pack: Pack = createPacker();

  async function read(blob: Blob): Promise<void> {
    const file = createJournalFile(blob, LARGE_CHUNK);
    const timeline = createTimeline({ load: (from, to) => file.range(from, to) });
    opened = { file, timeline };
    const live = createLiveState(EMPTY_RUN);
    const index = createEventIndex();
    let told = performance.now();
    let events = await file.after(0);
    const run = events?.[0]?.run ?? '';
    for (let first = true; events !== undefined; first = false) {
      if (first) live.push(events.slice(0, GLIMPSE));
      const glimpse = first ? pack(live.freeze()) : undefined;
      const { state } = live.push(events);
      for (const event of events) noteEvent(index, event);
      if (timeline.wants(state.lastSeq)) timeline.keep(live.freeze());
      // As many events for a byte as there were so far.
      const waiting = Math.round((state.lastSeq / file.bytesRead) * (blob.size - file.bytesRead));
      if (glimpse !== undefined) tell({ kind: 'opened', run, waiting, state: glimpse });
      else if (performance.now() - told > TELL_MS) {
        told = performance.now();
        tell({ kind: 'progress', waiting });
      }
      events = await file.after(state.lastSeq);
    }
    const end = live.freeze();
    tell({ kind: 'index', index });
    for (const stage of end.stages.values()) {
      const tasks = [...stage.tasks.values()];
      for (let at = 0; at < tasks.length; at += TASKS_AT_ONCE) {
        const part = tasks.slice(at, at + TASKS_AT_ONCE).map(packTask);
        tell({ kind: 'tasks', stage: stage.id, tasks: part });
      }
    }
    tell({ kind: 'read', state: packEnd(end) });
    pack = createPacker(end);
  }

  async function answer(question: Exclude<Question, { kind: 'open' }>): Promise<Told> {
    const { id } = question;
    if (opened === undefined) throw new Error('no journal was opened');
    const { file, timeline } = opened;
    if (question.kind === 'state') {
      return { kind: 'state', id, state: pack(await timeline.stateAt(question.seq)) };
    }
    const { from = 1, limit = Infinity } = question.query;
    const events: readonly RunEvent[] = await file.range(from, from + limit - 1);
    return { kind: 'events', id, events, ...noteOf(file.unreadable) };
  }

  return async (question) => {
    if (question.kind === 'open') {
      await read(question.file).catch((thrown: unknown) => {
        tell({ kind: 'refused', error: toErrorData(thrown) });
      });
      return;
    }
    await answer(question).then(tell, (thrown: unknown) => {
      tell({ kind: 'failed', id: question.id, error: toErrorData(thrown) });
    });
  };
}
