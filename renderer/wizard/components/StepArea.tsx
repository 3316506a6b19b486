import { Button } from '@patternfly/react-core';
import { Suspense, lazy, useEffect, useRef, useState } from 'react';
import type { BringupClient, Problem } from '../../../src/contract/api.ts';
import { wizardText as text } from '../../text/wizard.ts';
import { focusField } from '../model/focus-field.ts';
import { useStepFocus } from './use-step-focus.ts';
import { neighbour } from '../model/step-status.ts';
import { STEP_COMPONENTS } from '../step-components.ts';
import type { SiteModel, StepId, StepProps } from '../types.ts';
import { PrimaryButton } from './PrimaryButton.tsx';
import { ProblemList } from './ProblemList.tsx';
import type { Place } from './YamlPane.tsx';

const YamlPane = lazy(async () => ({ default: (await import('./YamlPane.tsx')).YamlPane }));

/** Steps in which the text stands beside the form unless it is hidden; the others need the room for themselves. */
const WITH_YAML: readonly StepId[] = ['site', 'networks'];
/** A step that is still being drawn gets this many frames before its field is looked for in vain. */
const FRAMES = 20;

interface StepAreaProps {
  readonly client: BringupClient;
  readonly model: SiteModel;
  readonly step: StepId;
  readonly problems: readonly Problem[];
  /** The problem that is followed: its field takes the focus, or else its line in the text. */
  readonly aim: Place | null;
  readonly go: StepProps['go'];
  readonly onFollow: (problem: Problem) => void;
  readonly onOpen: (step: StepId | undefined) => void;
  readonly onType: (text: string) => void;
}

/** One step: heading, problems, its own part, the text beside it, and the ways on. */
export function StepArea({
  client,
  model,
  step,
  problems,
  aim,
  go,
  onFollow,
  onOpen,
  onType,
}: StepAreaProps) {
  const area = useRef<HTMLElement>(null);
  const [yaml, setYaml] = useState<Partial<Record<StepId, boolean>>>({});
  const broken = model.document === null;
  const withYaml = broken || (yaml[step] ?? WITH_YAML.includes(step));
  const showYaml = (shown: boolean): void => {
    setYaml((now) => ({ ...now, [step]: shown }));
  };
  useEffect(() => {
    if (aim === null) return undefined;
    let frames = FRAMES;
    let next = 0;
    const look = (): void => {
      if (area.current !== null && focusField(area.current, aim.path)) return;
      if (frames-- > 0) next = requestAnimationFrame(look);
      else if (aim.line !== undefined) setYaml((now) => ({ ...now, [step]: true }));
    };
    look();
    return () => {
      cancelAnimationFrame(next);
    };
  }, [aim, step]);
  const title = useStepFocus(step, aim === null);
  const Step = STEP_COMPONENTS[step];
  const [back, next] = [neighbour(step, -1), neighbour(step, 1)];
  return (
    <main id="stage" className="step-area" tabIndex={-1} ref={area}>
      <header className="step-head">
        <h1 tabIndex={-1} ref={title}>
          {text.title(step)}
        </h1>
        <p className="quiet">{text.sentence(step)}</p>
        {withYaml || broken ? null : (
          <Button
            variant="link"
            isInline
            onClick={() => {
              showYaml(true);
            }}
          >
            {text.showYaml}
          </Button>
        )}
      </header>
      <ProblemList key={`problems of ${step}`} problems={problems} onFollow={onFollow} />
      <Step key={step} client={client} model={model} go={go} {...(aim === null ? {} : { focus: aim.path })} />
      <footer className="step-foot">
        <p className="quiet">{text.stepKeys}</p>
        {back === undefined ? null : (
          <Button
            variant="secondary"
            onClick={() => {
              onOpen(back);
            }}
          >
            {text.back(text.title(back))}
          </Button>
        )}
        {next === undefined ? null : (
          <PrimaryButton
            rank="on"
            onClick={() => {
              onOpen(next);
            }}
          >
            {text.next(text.title(next))}
          </PrimaryButton>
        )}
      </footer>
      {withYaml ? (
        <Suspense fallback={<aside className="pane yaml-pane" aria-label={text.yaml} />}>
          <YamlPane
            model={model}
            place={aim}
            onType={onType}
            onHide={() => {
              showYaml(false);
            }}
          />
        </Suspense>
      ) : null}
    </main>
  );
}
