import { Button } from '@patternfly/react-core';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { BringupClient, Problem } from '../../src/contract/api.ts';
import { Notice } from '../components/Notice.tsx';
import { clock } from '../format.ts';
import { goToSite } from '../hooks/use-route.ts';
import '../styles/wizard.css';
import '../styles/wizard-fields.css';
import '../styles/wizard-text.css';
import '../styles/wizard-hosts.css';
import '../styles/wizard-credentials.css';
import { text as common } from '../text.ts';
import { wizardText as text } from '../text/wizard.ts';
import { ConflictBar } from './components/ConflictBar.tsx';
import { OnePrimary } from './components/PrimaryButton.tsx';
import { StepArea } from './components/StepArea.tsx';
import { StepRail } from './components/StepRail.tsx';
import { WizardHeader } from './components/WizardHeader.tsx';
import { rememberStep } from './model/last-step.ts';
import { placeOfProblem, stepOfPath } from './model/paths.ts';
import { isUnsaved } from './model/site-state.ts';
import { neighbour, problemsByStep, stepNamed } from './model/step-status.ts';
import type { Place } from './components/YamlPane.tsx';
import type { StepId } from './types.ts';
import { useSiteModel } from './use-site-model.ts';
import { useStepNotes } from './use-step-notes.ts';
import { useWizardKeys } from './use-wizard-keys.ts';

interface WizardPageProps {
  readonly client: BringupClient;
  readonly file: string;
  /** The step of the address; one that is none is the first. */
  readonly step: string;
  readonly onShortcuts: () => void;
}

/** One site file from its first line to the run: every step alone, in any order, on one text. Keyed by file. */
export function WizardPage({ client, file, step: named, onShortcuts }: WizardPageProps) {
  const step = stepNamed(named);
  const { site, state, model } = useSiteModel(client, file);
  const [noticed, setNoticed] = useState<string | null>(null);
  const [aim, setAim] = useState<Place | null>(null);
  const problems = useMemo(() => problemsByStep(model.problems), [model.problems]);
  const { notes, client: told } = useStepNotes(client, model, step);
  /** The step that was asked for last: the address follows a moment later, and keys come faster. */
  const bound = useRef(step);
  useEffect(() => {
    bound.current = step;
  }, [step]);
  const open = useCallback(
    (to: StepId | undefined) => {
      if (to === undefined) return;
      setAim(null);
      bound.current = to;
      goToSite(file, to);
    },
    [file],
  );
  const go = useCallback(
    (to: StepId, focus?: string) => {
      setAim(focus === undefined ? null : { step: to, path: focus });
      goToSite(file, to);
    },
    [file],
  );
  const follow = (problem: Problem): void => {
    const { line, column } = problem;
    const path = placeOfProblem(problem);
    const to = stepOfPath(path);
    setAim({ step: to, path, line, column });
    goToSite(file, to);
  };
  const keys = useMemo(
    () => ({
      previous: () => {
        open(neighbour(bound.current, -1));
      },
      next: () => {
        open(neighbour(bound.current, 1));
      },
      undo: model.undo,
      redo: model.redo,
    }),
    [open, model.undo, model.redo],
  );
  useWizardKeys(keys);
  useEffect(() => {
    rememberStep(file, step);
    document.title = `${text.title(step)}: ${file.split(/[\\/]/).at(-1) ?? ''} - ${common.app}`;
  }, [file, step]);

  return (
    <OnePrimary>
      <div className="frame wizard">
        <WizardHeader model={model} state={state} onShortcuts={onShortcuts} onFollow={follow} />
        {state.conflict === null ? null : (
          <ConflictBar
            conflict={state.conflict}
            mine={state.text}
            onSettle={(choice) => {
              site.settle(choice).catch(() => undefined);
            }}
          />
        )}
        {state.error === null || state.conflict !== null ? null : (
          <Notice kind="warning">
            {state.disk === null ? `${text.openFailed}. ` : isUnsaved(state) ? `${text.saveFailed} ` : ''}
            {state.error.message} {state.error.hint}{' '}
            <Button
              variant="link"
              isInline
              onClick={() => void (state.disk === null ? site.open() : site.save())}
            >
              {text.trySaving}
            </Button>
          </Notice>
        )}
        {state.takenOver === null || state.takenOver === noticed ? null : (
          <Notice
            kind="info"
            onClose={() => {
              setNoticed(state.takenOver);
            }}
          >
            {text.takenOver(clock(state.takenOver))}
          </Notice>
        )}
        <div className="wizard-body">
          <StepRail selected={step} problems={problems} notes={notes} onSelect={open} />
          {state.disk === null ? (
            <main id="stage" className="step-area" aria-busy={state.error === null} tabIndex={-1}>
              {state.error === null ? <p className="quiet step-main">{text.opening}</p> : null}
            </main>
          ) : (
            <StepArea
              client={told}
              model={model}
              step={step}
              problems={problems.get(step) ?? []}
              aim={aim?.step === step ? aim : null}
              go={go}
              onFollow={follow}
              onOpen={open}
              onType={site.type}
            />
          )}
        </div>
      </div>
    </OnePrimary>
  );
}
