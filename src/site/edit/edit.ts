import type { Problem } from '../../contract/api.ts';
import { BringupError, EXIT } from '../../contract/errors.ts';
import type { CheckContext } from '../checks/check.ts';
import { jsonPath, spoken, type Path } from '../finding.ts';
import { parseSite, readTree } from '../parse.ts';
import { applyEdit, copyOf, sameData, type SiteEdit } from './edits.ts';
import { planEdit } from './plan.ts';
import { styleOf, type Style } from './render.ts';
import { createSeries } from './series.ts';
import { nodeAt, openSource, refuseAnchors, type EditSource } from './source.ts';
import { spliceText, type Splice } from './text.ts';

/** The new text of a site file, and all its problems as parseSite finds them. */
export interface EditResult {
  readonly text: string;
  readonly problems: readonly Problem[];
}

/**
 * Changes a site file as a person would: only the text of what is edited changes, new values take the style of their
 * neighbours, and everything else (comments, order, quotes, line ends, byte order mark) stays byte for byte. Throws
 * BringupError SITE_EDIT_* for an edit that cannot be done so; then nothing is changed.
 */
export function editSite(
  text: string,
  edits: readonly SiteEdit[],
  context: CheckContext & { readonly file?: string } = {},
): EditResult {
  const edited = editText(text, edits);
  return { text: edited, problems: parseSite({ file: 'site.yaml', ...context, text: edited }).problems };
}

/** The same without looking for problems of a site file. */
export function editText(text: string, edits: readonly SiteEdit[]): string {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  let now = text.slice(mark.length);
  for (let done = 0; done < edits.length;) {
    const batch = createBatch(now);
    const from = done;
    while (done < edits.length && batch.add(edits[done] as SiteEdit)) done++;
    now = batch.finish(edits.slice(from, done));
  }
  return mark + now;
}

/** Throws SITE_EDIT_ANCHOR when something at the paths is repeated by an alias, so that it cannot be taken away. */
export function refuseRepeated(text: string, paths: readonly Path[]): void {
  if (!text.includes('*')) return;
  const source = openSource(text);
  for (const path of paths) refuseAnchors(source, nodeAt(source, path), path);
}

/** Edits that do not see each other's changes, done on one reading of the text. */
function createBatch(text: string) {
  const source: EditSource = openSource(text);
  const style: Style = styleOf(text, source.document);
  const data = copyOf(readTree(text).values());
  const splices: Splice[] = [];
  const changed = new Set<string>();
  const above = new Set<string>();
  const series = createSeries(source);

  return {
    /** Whether the edit could be added; the first one always can. */
    add(edit: SiteEdit): boolean {
      const lines = edit.path.map((_, depth) => jsonPath(edit.path.slice(0, depth)));
      const parent = lines.at(-1) ?? '$';
      const further = series.goOn(edit, parent);
      if (further === undefined && (above.has(parent) || lines.some((line) => changed.has(line))))
        return false;
      applyEdit(data, edit);
      splices.push(...planEdit(source, style, further ?? edit));
      if (further === undefined) series.begin(edit, parent);
      changed.add(parent);
      for (const line of lines) above.add(line);
      return true;
    },
    finish(edits: readonly SiteEdit[]): string {
      const edited = spliceText(text, splices);
      if (edited !== undefined && sameAs(edited, data)) return edited;
      if (edits.length > 1) return edits.reduce((now, edit) => editText(now, [edit]), text);
      throw notLossless(edits[0]);
    },
  };
}

function sameAs(text: string, data: unknown): boolean {
  const tree = readTree(text);
  return tree.faults.length === 0 && sameData(tree.values(), data);
}

function notLossless(edit: SiteEdit | undefined): BringupError {
  return new BringupError({
    code: 'SITE_EDIT_REFUSED',
    exit: EXIT.invalid,
    message: `${spoken(edit?.path ?? [])} cannot be changed without changing something else in the site file.`,
    hint: 'Change it by hand; an anchor (&name) has to stay above its aliases (*name).',
  });
}
