export { createRun, type Run, type RunOptions, type RunOutcome } from './engine.ts';
export { createJournalDecoder, decodeLine } from './decode-journal.ts';
export { encodeEvent, foldJournal, readBatches, readJournal, type JournalContent } from './journal.ts';
export { nameRun } from './run-id.ts';
export {
  EMPTY_RUN,
  reduceRun,
  stageMatrix,
  type HostState,
  type RunState,
  type StageState,
  type TaskState,
} from './state.ts';
export { summariseRun } from './summary.ts';
export { expectFrom, goodDurations, LEARN_FROM } from './durations.ts';
export { checkSkips, planResume, type ResumePlan, type ResumeWish, type SkipWish } from './resume.ts';
export { findStale, siteInputs, wordChange } from './stale.ts';
export type { Explainer, Settling } from './stage-failures.ts';
export type { StageStart } from './start.ts';
