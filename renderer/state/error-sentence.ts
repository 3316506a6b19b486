import { BringupError } from '../../src/contract/errors.ts';

/** What went wrong and what to do about it, for a line of text. */
export function errorSentence(thrown: unknown): string {
  if (thrown instanceof BringupError && thrown.hint !== undefined) return `${thrown.message} ${thrown.hint}`;
  return thrown instanceof Error ? thrown.message : String(thrown);
}
