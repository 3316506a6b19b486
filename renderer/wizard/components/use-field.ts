import { useId, useState, type KeyboardEvent } from 'react';
import type { Problem } from '../../../src/contract/api.ts';
import { toErrorData } from '../../../src/contract/errors.ts';
import { editsFor, problemsAt, type Format } from '../model/field.ts';
import { jsonPath, valueAt, type Path } from '../model/paths.ts';
import type { SiteModel } from '../types.ts';

export interface FieldTarget {
  readonly model: SiteModel;
  readonly path: Path;
  /** The field behind which a new one goes in the file. */
  readonly after?: string;
  /** Left empty it is written as an empty text, so that the check says what belongs there. */
  readonly required?: boolean;
}

/** A field of the site file while it is typed into: written when it is left or Enter is pressed, Escape takes it back. */
export function useField({ model, path, after, required }: FieldTarget, format: Format) {
  const id = useId();
  const [draft, setDraft] = useState<string | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const shown = format.show(valueAt(model.document, path));
  const problems: readonly Problem[] = problemsAt(model.problems, path);
  const commit = async (typed: string | null = draft): Promise<void> => {
    if (typed === null) return;
    const options = {
      ...(after === undefined ? {} : { after }),
      ...(required === undefined ? {} : { required }),
    };
    const edits = editsFor(model.document, path, format.read(typed), options);
    setRefused(null);
    try {
      if (edits.length > 0) await model.edit(edits);
      setDraft((now) => (now === typed ? null : now));
    } catch (thrown) {
      // The page asks what to do and keeps the change itself; a field that held on to it would show it after an undo.
      if (toErrorData(thrown).code === 'SITE_FILE_CHANGED') setDraft(null);
      else setRefused(thrown instanceof Error ? thrown.message : String(thrown));
    }
  };
  return {
    id,
    problems,
    refused,
    commit,
    value: draft ?? shown,
    change: setDraft,
    attributes: {
      'data-path': jsonPath(path),
      'data-draft': draft !== null && draft !== shown,
      'aria-invalid': problems.some(({ severity }) => severity === 'error') || refused !== null,
      ...(problems.length > 0 || refused !== null ? { 'aria-describedby': `${id}-said` } : {}),
    },
    onBlur: () => void commit(),
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key === 'Enter') void commit();
      if (event.key !== 'Escape' || draft === null) return;
      event.stopPropagation();
      setDraft(null);
      setRefused(null);
    },
  };
}
