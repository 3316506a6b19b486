import { BringupError, EXIT } from '../contract/errors.ts';
import type { Credential } from '../contract/ports.ts';
import { createFinder } from './find-secrets.ts';
import { allFormsOf, secretsOf } from './secret-forms.ts';

/** A place of an export in words, for the engineer: never what stands there. */
export type Place = (line: string) => string;

/** Searches texts that are about to leave this machine for every secret known, in every form known. */
export interface ExportCheck {
  /** Throws EXPORT_HOLDS_SECRET naming the place and the credential. `text` is one line or several. */
  look(text: string, place: Place): void;
}

export function createExportCheck(credentials: ReadonlyMap<string, Credential>): ExportCheck {
  const forms = [...credentials].flatMap(([name, credential]) =>
    secretsOf(credential).flatMap((secret) => allFormsOf(secret).map((form) => ({ ...form, name }))),
  );
  const finder = createFinder(forms);
  return {
    look(text, place) {
      const [found] = finder.find(text);
      if (found === undefined) return;
      const start = text.lastIndexOf('\n', found.start) + 1;
      const end = text.indexOf('\n', found.end);
      const line = text.slice(start, end < 0 ? undefined : end);
      throw holdsSecret(found.name, `${place(line)}${fieldAt(line, found.name, finder.find)}`);
    },
  };
}

/** Which field of a JSON line holds it, as a dotted path. */
function fieldAt(
  line: string,
  name: string,
  find: (text: string) => readonly { readonly name: string }[],
): string {
  const holds = (text: string): boolean => find(text).some((found) => found.name === name);
  const walk = (value: unknown, path: string): string | null => {
    if (typeof value !== 'object' || value === null) return holds(JSON.stringify(value)) ? path : null;
    for (const [key, entry] of Object.entries(value)) {
      if (holds(key)) return `${path}, in the name of a field`;
      const found = walk(entry, path === '' ? key : `${path}.${key}`);
      if (found !== null) return found;
    }
    return null;
  };
  try {
    const path = walk(JSON.parse(line), '');
    return path === null || path === '' ? '' : `, field ${path}`;
  } catch {
    return '';
  }
}

function holdsSecret(name: string, place: string): BringupError {
  return new BringupError({
    code: 'EXPORT_HOLDS_SECRET',
    exit: EXIT.failed,
    message: `The export would hold the secret of credential ${name}: ${place}. No file was written.`,
    hint: `A name that is also a password cannot be covered. Give the account of ${name} another password, or rename what is called so.`,
  });
}
