import type { SiteEdit, SiteFile } from '../../../src/contract/api.ts';
import type { ErrorData } from '../../../src/contract/errors.ts';

/** The file changed on disk while something here was not saved; what is shown stays as it is until the engineer has chosen. */
export interface Conflict {
  readonly theirs: SiteFile;
  /** The edits of a form that were refused, which can be done again on the other text. */
  readonly edits: readonly SiteEdit[];
}

/** An open site file. `text` is what is shown; it differs from `disk.text` only while it is typed or being saved. */
export interface SiteState {
  readonly disk: SiteFile | null;
  readonly text: string;
  readonly past: readonly string[];
  readonly future: readonly string[];
  readonly saving: boolean;
  readonly savedAt: string | null;
  /** When another program's text was taken over, because nothing here was unsaved. */
  readonly takenOver: string | null;
  readonly conflict: Conflict | null;
  /** Why the file could not be read or the last change not be saved. */
  readonly error: ErrorData | null;
}

/** Steps of undo that are kept; a text of 500 hosts has some 250 kB. */
const KEPT = 100;

export const NOTHING_OPEN: SiteState = {
  disk: null,
  text: '',
  past: [],
  future: [],
  saving: false,
  savedAt: null,
  takenOver: null,
  conflict: null,
  error: null,
};

/** The same file with a step of undo added that leads back to `text`. */
export function withPast(state: SiteState, text: string): Pick<SiteState, 'past' | 'future'> {
  return { past: [...state.past, text].slice(-KEPT), future: [] };
}

/** One step back: the text to show, and what is left on both sides. */
export function stepBack(state: SiteState): Pick<SiteState, 'text' | 'past' | 'future'> | null {
  const text = state.past.at(-1);
  if (text === undefined) return null;
  return { text, past: state.past.slice(0, -1), future: [...state.future, state.text] };
}

/** One step forward again. */
export function stepForward(state: SiteState): Pick<SiteState, 'text' | 'past' | 'future'> | null {
  const text = state.future.at(-1);
  if (text === undefined) return null;
  return { text, past: [...state.past, state.text], future: state.future.slice(0, -1) };
}

/** Whether something is shown that is not on disk. */
export function isUnsaved(state: SiteState): boolean {
  return state.disk !== null && state.text !== state.disk.text;
}
