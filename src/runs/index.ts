export { createRun, type Run, type RunOptions, type RunOutcome } from './engine.ts';
export { encodeEvent, readJournal, type JournalContent } from './journal.ts';
export { nameRun } from './run-id.ts';
export { EMPTY_RUN, reduceRun, type RunState, type StageState, type TaskState } from './state.ts';
export { summariseRun } from './summary.ts';
