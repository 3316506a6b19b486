import { useRef, type KeyboardEvent } from 'react';
import type { Problem } from '../../../src/contract/api.ts';
import { OkDiscIcon, FailedIcon, PendingIcon, WarningIcon } from '../../components/icons.ts';
import { wizardText as text } from '../../text/wizard.ts';
import { countProblems } from '../model/step-status.ts';
import type { Notes, StepNote } from '../model/step-note.ts';
import { STEP_IDS, type StepId } from '../types.ts';

interface StepRailProps {
  readonly selected: StepId;
  readonly problems: ReadonlyMap<StepId, readonly Problem[]>;
  /** What is known of a step beyond the problems of the file. */
  readonly notes: Notes;
  readonly onSelect: (step: StepId) => void;
}

const SIGNS = {
  ok: ['sign-ok', OkDiscIcon],
  warning: ['sign-overridden', WarningIcon],
  error: ['sign-failed', FailedIcon],
  pending: ['sign-pending', PendingIcon],
} as const;

/** The steps as a vertical stepper, like the stages of a run; one tab stop, arrow keys move and open. */
export function StepRail({ selected, problems, notes, onSelect }: StepRailProps) {
  const list = useRef<HTMLOListElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const index = STEP_IDS.indexOf(selected);
    const target = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: STEP_IDS.length - 1 }[event.key];
    if (target === undefined || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const step = STEP_IDS[target];
    if (step === undefined) return;
    onSelect(step);
    list.current?.querySelectorAll<HTMLButtonElement>('button')[target]?.focus();
  };
  return (
    <nav className="rail" aria-label={text.prepare}>
      <div className="rail-head">
        <h2>{text.prepare}</h2>
        <span>{text.stepOf(STEP_IDS.indexOf(selected) + 1, STEP_IDS.length)}</span>
      </div>
      <ol className="stepper" ref={list} onKeyDown={onKeyDown}>
        {STEP_IDS.map((step) => (
          <Step
            key={step}
            step={step}
            selected={step === selected}
            note={noteOf(problems.get(step) ?? [], notes[step])}
            onSelect={onSelect}
          />
        ))}
      </ol>
    </nav>
  );
}

/** Problems of the file speak first: nothing else of a step counts before they are mended. */
function noteOf(problems: readonly Problem[], known: StepNote | undefined): StepNote {
  const { errors, warnings } = countProblems(problems);
  if (errors > 0) return { status: 'error', line: text.errorsToMend(errors) };
  if (known?.status === 'error' || known?.status === 'warning') return known;
  if (warnings > 0) return { status: 'warning', line: text.warnings(warnings) };
  return known ?? { status: 'pending', line: '' };
}

interface StepProps {
  readonly step: StepId;
  readonly selected: boolean;
  readonly note: StepNote;
  readonly onSelect: (step: StepId) => void;
}

function Step({ step, selected, note, onSelect }: StepProps) {
  const [sign, Sign] = SIGNS[note.status];
  return (
    <li
      className={`step${note.status === 'error' ? ' status-failed' : ''}`}
      data-begun={note.status !== 'pending'}
    >
      <button
        type="button"
        tabIndex={selected ? 0 : -1}
        aria-current={selected ? 'step' : undefined}
        onClick={() => {
          onSelect(step);
        }}
      >
        <span className={`sign ${sign}`} aria-hidden="true">
          <Sign />
        </span>
        <span className="step-row">
          <span className="step-title">{text.title(step)}</span>
        </span>
        {note.line === '' ? null : (
          <span className="step-row step-second">
            <span className="step-line">{note.line}</span>
          </span>
        )}
      </button>
    </li>
  );
}
