import { Button } from '@patternfly/react-core';
import { text as common } from '../../text.ts';
import { WarningIcon } from '../../components/icons.ts';
import { wizardText as text } from '../../text/wizard.ts';
import { changedLines, type ChangedLines } from '../model/changed-lines.ts';
import { jsonPath } from '../model/paths.ts';
import type { Conflict } from '../model/site-state.ts';
import { PrimaryButton } from './PrimaryButton.tsx';

/** Places of refused edits that are named; the rest is counted. */
const NAMED = 3;

interface ConflictBarProps {
  readonly conflict: Conflict;
  /** The text shown here, which is not on disk. */
  readonly mine: string;
  readonly onSettle: (choice: 'theirs' | 'mine' | 'edits') => void;
}

/** Two texts of one file: says what happened, shows where they differ, and loses neither. */
export function ConflictBar({ conflict, mine, onSettle }: ConflictBarProps) {
  const { theirs, here } = changedLines(conflict.theirs.text, mine);
  const hasEdits = conflict.edits.length > 0;
  return (
    <section className="conflict" role="alert" aria-label={text.conflictTitle}>
      <div className="conflict-head">
        <WarningIcon />
        <div>
          <b>{text.conflictTitle}</b>
          <p>
            {text.conflictBody} {hasEdits ? text.conflictEdits(placesOf(conflict.edits)) : ''}
          </p>
        </div>
        <div className="conflict-actions">
          <PrimaryButton
            rank="conflict"
            onClick={() => {
              onSettle(hasEdits ? 'edits' : 'mine');
            }}
          >
            {hasEdits ? text.repeatEdits : text.keepMine}
          </PrimaryButton>
          <Button
            variant="secondary"
            onClick={() => {
              onSettle('theirs');
            }}
          >
            {text.takeTheirs}
          </Button>
          {hasEdits ? (
            <Button
              variant="link"
              onClick={() => {
                onSettle('mine');
              }}
            >
              {text.keepMine}
            </Button>
          ) : null}
        </div>
      </div>
      <div className="conflict-texts">
        <Lines title={text.onlyDisk} lines={theirs} />
        <Lines title={text.onlyHere} lines={here} />
      </div>
    </section>
  );
}

function placesOf(edits: Conflict['edits']): string {
  const places = edits.map((edit) => {
    const place = jsonPath(edit.path).slice(2);
    return edit.op === 'set' ? `${place}: ${JSON.stringify(edit.value)}` : place;
  });
  const more = places.length > NAMED ? ` ${text.andMore(places.length - NAMED)}` : '';
  return `${places.slice(0, NAMED).join(', ')}${more}`;
}

function Lines({ title, lines }: { readonly title: string; readonly lines: ChangedLines }) {
  return (
    <figure>
      <figcaption>
        {title} <span className="quiet">{text.atLine(lines.from)}</span>
      </figcaption>
      <pre tabIndex={0} aria-label={`${common.siteFile}, ${title}`}>
        {lines.shown.length === 0 ? text.noLines : lines.shown.join('\n')}
        {lines.more === 0 ? '' : `\n… ${text.moreLines(lines.more)}`}
      </pre>
    </figure>
  );
}
