import { Checkbox } from '@patternfly/react-core';
import type { PlanDocument, PlanStage } from '../../../src/contract/plan.ts';
import { StatusWord } from '../../components/Status.tsx';
import { duration, moment } from '../../format.ts';
import { text as common } from '../../text.ts';
import { prepareText as text } from '../../text/prepare.ts';
import { WarnWord } from './WarnWord.tsx';

interface ReviewStagesProps {
  readonly plan: PlanDocument;
  /** Ids of the stages whose destruction was agreed to. */
  readonly agreed: ReadonlySet<string>;
  readonly now: number;
  readonly onAgree: (stage: string, agreed: boolean) => void;
}

/** The stages of the plan: why each is there, what it changes, and what it could destroy. */
export function ReviewStages({ plan, agreed, now, onAgree }: ReviewStagesProps) {
  return (
    <ol className="plan-stages">
      {plan.stages.map((stage, index) => (
        <Stage key={stage.id} number={index + 1} agreed={agreed.has(stage.id)} {...{ stage, now, onAgree }} />
      ))}
      {plan.skipped.map((stage) => (
        <li key={stage.id} className="plan-stage">
          <span className="plan-number" />
          <div>
            <h3 className="quiet">{stage.title}</h3>
            <p className="quiet">
              {text.notPart}: {stage.reason}.
            </p>
          </div>
        </li>
      ))}
    </ol>
  );
}

interface StageProps extends Pick<ReviewStagesProps, 'now' | 'onAgree'> {
  readonly stage: PlanStage;
  readonly number: number;
  readonly agreed: boolean;
}

function Stage({ stage, number, agreed, now, onAgree }: StageProps) {
  const { id, title, runs_on: runsOn, expect_seconds: expected, changes, destructive, done, stale } = stage;
  const finished = done?.finished === undefined ? '' : moment(done.finished, now);
  return (
    <li className="plan-stage">
      <span className="plan-number">{number}</span>
      <div>
        <h3>
          {title} <span className="quiet">{common.runsOn(runsOn)}</span>
          <span className="plan-time">{expected === undefined ? '' : duration(expected)}</span>
        </h3>
        {changes.length === 0 ? (
          <p className="quiet">{text.changesNothing}</p>
        ) : (
          <ul className="plan-changes">
            {changes.map((change) => (
              <li key={change}>{change}</li>
            ))}
          </ul>
        )}
        {done === undefined ? null : (
          <StatusWord quiet status={stale === undefined ? done.status : 'stale'}>
            {stale === undefined ? text.done(common.status(done.status), finished) : text.stale(stale.why)}
          </StatusWord>
        )}
        {destructive === undefined ? null : (
          <div className="plan-destroys">
            <WarnWord>{text.destroys}</WarnWord>
            <p>{withoutOption(destructive)}</p>
            <Checkbox
              id={`agree-${id}`}
              label={text.agree(title)}
              isChecked={agreed}
              onChange={(_event, checked) => {
                onAgree(id, checked);
              }}
            />
            {agreed ? null : <p className="quiet">{text.notAgreed}</p>}
          </div>
        )}
      </div>
    </li>
  );
}

/** The stack names the option of the command line that agrees; here it is the box below. */
function withoutOption(words: string): string {
  const rest = words.replace(/^With --[a-z-]+ only: /, '');
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}
