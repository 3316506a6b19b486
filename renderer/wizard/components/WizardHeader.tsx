import { Button } from '@patternfly/react-core';
import type { Problem } from '../../../src/contract/api.ts';
import { FailedIcon, OkDiscIcon, RunningIcon, WarningIcon } from '../../components/icons.ts';
import { Menu } from '../../components/Menu.tsx';
import { clock } from '../../format.ts';
import { text as common } from '../../text.ts';
import { wizardText as text } from '../../text/wizard.ts';
import { errorsOf } from '../hardware/FileErrors.tsx';
import { valueAt } from '../model/paths.ts';
import { isUnsaved, type SiteState } from '../model/site-state.ts';
import { countProblems } from '../model/step-status.ts';
import type { SiteModel } from '../types.ts';

interface WizardHeaderProps {
  readonly model: SiteModel;
  readonly state: SiteState;
  readonly onShortcuts: () => void;
  /** Leads to the field that mends it. */
  readonly onFollow: (problem: Problem) => void;
}

/** Where am I, is my work safe, what is wrong with the file, and the way back. */
export function WizardHeader({ model, state, onShortcuts, onFollow }: WizardHeaderProps) {
  const name = valueAt(model.document, ['site', 'name']);
  const stack = valueAt(model.document, ['stack']);
  const fileName = model.file.split(/[\\/]/).at(-1) ?? '';
  const shown = typeof name === 'string' && name !== '' ? name : fileName;
  const { errors, warnings } = countProblems(model.problems);
  const first = errorsOf(model.problems)[0] ?? model.problems[0];
  return (
    <header className="frame-head">
      <nav className="crumbs" aria-label={common.menu}>
        <a href="#/">{common.sites}</a>
        <span aria-hidden="true">/</span>
        <b className="site-name" title={shown}>
          {shown}
        </b>
        <span className="quiet">{text.preparing(typeof stack === 'string' ? stack : '')}</span>
      </nav>
      <SaveState state={state} />
      {state.disk === null ? null : (
        <div className="attachment file-state">
          {errors > 0 ? (
            <span className="sign sign-failed">
              <FailedIcon />
            </span>
          ) : warnings > 0 ? (
            <span className="sign sign-overridden">
              <WarningIcon />
            </span>
          ) : (
            <span className="sign sign-ok">
              <OkDiscIcon />
            </span>
          )}
          <p>
            <b>
              {first === undefined ? (
                text.noFileProblem
              ) : (
                <button
                  type="button"
                  className="problem-link"
                  aria-label={text.toFirstProblem(text.fileProblems(errors, warnings))}
                  onClick={() => {
                    onFollow(first);
                  }}
                >
                  {text.fileProblems(errors, warnings)}
                </button>
              )}
            </b>
            <span>{fileName}</span>
          </p>
        </div>
      )}
      <div className="head-actions">
        <Button
          variant="secondary"
          isDisabled={!model.canUndo}
          onClick={model.undo}
          aria-keyshortcuts="Control+Z"
        >
          {text.undo}
        </Button>
        <Button
          variant="secondary"
          isDisabled={!model.canRedo}
          onClick={model.redo}
          aria-keyshortcuts="Control+Shift+Z"
        >
          {text.redo}
        </Button>
        <Menu onShortcuts={onShortcuts} />
      </div>
    </header>
  );
}

/** Whether what is shown lies on disk; told to screen readers only when it does not. */
function SaveState({ state }: { readonly state: SiteState }) {
  if (state.disk === null) return null;
  const bad = state.conflict !== null || (state.error !== null && isUnsaved(state));
  const busy = state.saving || isUnsaved(state);
  const title = bad ? text.notSaved : busy ? text.saving : text.saved;
  const at = state.savedAt === null ? text.asOnDisk : text.savedAt(clock(state.savedAt));
  return (
    <div className={bad ? 'attachment attachment-lost' : 'attachment'} role={bad ? 'alert' : undefined}>
      <span className={bad ? 'sign' : busy ? 'sign' : 'sign sign-ok'} aria-hidden="true">
        {bad ? <WarningIcon /> : busy ? <RunningIcon /> : <OkDiscIcon />}
      </span>
      <p>
        <b>{title}</b>
        <span>{bad ? text.notSavedNote : busy ? text.savingNote : at}</span>
      </p>
    </div>
  );
}
