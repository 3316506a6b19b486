import { Button } from '@patternfly/react-core';
import { useCallback, useMemo, useState } from 'react';
import type { PlanBlocker, PlanDocument } from '../../../src/contract/plan.ts';
import { StatusWord } from '../../components/Status.tsx';
import { duration, moment } from '../../format.ts';
import { useNow } from '../../hooks/use-now.ts';
import { goToRun } from '../../hooks/use-route.ts';
import { prepareText as text } from '../../text/prepare.ts';
import { PrimaryButton } from '../components/PrimaryButton.tsx';
import { ErrorNote } from '../hardware/ErrorNote.tsx';
import { Facts } from '../hardware/Facts.tsx';
import { FileFirst, errorsOf } from '../hardware/FileErrors.tsx';
import { placeOf } from '../hardware/review.ts';
import { ReviewHosts } from '../hardware/ReviewHosts.tsx';
import { ReviewStages } from '../hardware/ReviewStages.tsx';
import { siteHosts } from '../hardware/site-view.ts';
import { StepFrame } from '../hardware/StepFrame.tsx';
import { useHeld } from '../hardware/use-held.ts';
import type { StepProps } from '../types.ts';

/** The plan before it becomes a run: stages, hosts, what changes, what can be destroyed, what stands in the way; and Go. */
export function ReviewStep({ client, model, go }: StepProps) {
  const load = useCallback(() => client.call('plan.show', { file: model.file }), [client, model.file]);
  const { value: plan, error } = useHeld(load, model);
  const [agreed, setAgreed] = useState<ReadonlySet<string>>(new Set());
  const [refused, setRefused] = useState<Error | undefined>(undefined);
  const hosts = useMemo(() => siteHosts(model.document), [model.document]);
  const now = useNow(false);
  const errors = errorsOf(model.problems);
  if (plan === undefined)
    return (
      <StepFrame>
        {errors.length > 0 ? (
          <FileFirst errors={errors} go={go} />
        ) : error === undefined ? null : (
          <ErrorNote error={error} />
        )}
      </StepFrame>
    );
  const start = (): void => {
    setRefused(undefined);
    const confirm = agreed.size > 0 ? { confirm: true } : {};
    client.call('runs.apply', { siteFile: model.file, ...confirm }).then(
      ({ run }) => {
        goToRun(run);
      },
      (reason: unknown) => {
        setRefused(reason instanceof Error ? reason : new Error(String(reason)));
      },
    );
  };
  return (
    <StepFrame
      verdict={
        <StatusWord status={plan.ready ? 'ok' : 'failed'}>
          {plan.ready ? text.reviewReady : text.reviewBlocked(plan.blockers.length)}
        </StatusWord>
      }
      meta={text.reviewMeta}
      paneLabel={text.goTitle(plan.site)}
      pane={
        <GoPane
          plan={plan}
          now={now}
          refused={refused}
          onGo={start}
          onBlocker={(blocker) => {
            const { step, focus } = placeOf(blocker, hosts);
            go(step, focus);
          }}
        />
      }
    >
      <section aria-labelledby="plan-stages-title">
        <h2 id="plan-stages-title">{text.stages}</h2>
        <ReviewStages
          plan={plan}
          agreed={agreed}
          now={now}
          onAgree={(stage, yes) => {
            const next = new Set(agreed);
            if (yes) next.add(stage);
            else next.delete(stage);
            setAgreed(next);
          }}
        />
      </section>
      <section aria-labelledby="plan-hosts-title">
        <h2 id="plan-hosts-title">{text.hosts}</h2>
        <ReviewHosts hosts={plan.hosts} />
      </section>
    </StepFrame>
  );
}

interface GoPaneProps {
  readonly plan: PlanDocument;
  readonly now: number;
  readonly refused: Error | undefined;
  readonly onGo: () => void;
  readonly onBlocker: (blocker: PlanBlocker) => void;
}

/** More blockers than this are not read one by one; the steps have them all. */
const SHOWN = 12;

function GoPane({ plan, now, refused, onGo, onBlocker }: GoPaneProps) {
  const { totals, blockers, hardware_at: at } = plan;
  const unknown = totals.without_expectation.length;
  return (
    <>
      <header className="hw-pane-head">
        <h2>{text.goTitle(plan.site)}</h2>
      </header>
      <Facts
        facts={[
          [text.totals.stages, String(totals.stages)],
          [text.totals.hosts, String(totals.hosts)],
          [text.totals.time, text.expect(duration(totals.expect_seconds))],
          [text.totals.hardware, at === undefined ? undefined : moment(at, now)],
          [
            text.totals.destructive,
            totals.destructive_stages === 0 ? undefined : text.destroyStages(totals.destructive_stages),
          ],
        ]}
      />
      <p className="quiet">
        {text.expectBy} {unknown === 0 ? '' : text.unknownTimes(unknown)}
      </p>
      {at === undefined ? <p className="warn">{text.hardwareNever}</p> : null}
      {refused === undefined ? null : <ErrorNote error={refused} />}
      <PrimaryButton rank="work" isBlock isDisabled={!plan.ready} onClick={onGo}>
        {text.go}
      </PrimaryButton>
      <p className="quiet">{plan.ready ? text.goNote : text.blockedGo}</p>
      {blockers.length === 0 ? null : (
        <section aria-labelledby="blockers-title">
          <h3 id="blockers-title" className="hw-subtitle">
            {text.blockers}
          </h3>
          <ul className="findings">
            {blockers.slice(0, SHOWN).map((blocker) => (
              <li key={`${blocker.code} ${blocker.host ?? ''} ${blocker.message}`} className="finding">
                <p className="finding-head">
                  <b>{blocker.host}</b>
                  <code>{blocker.code}</code>
                </p>
                <h3>{blocker.message}</h3>
                <p>{blocker.code === 'credential.missing' ? text.enterCredential : blocker.remedy}</p>
                <Button
                  variant="link"
                  isInline
                  aria-label={`${text.openStep}: ${blocker.message}`}
                  onClick={() => {
                    onBlocker(blocker);
                  }}
                >
                  {text.openStep}
                </Button>
              </li>
            ))}
          </ul>
          {blockers.length > SHOWN ? <p className="quiet">{text.andMore(blockers.length - SHOWN)}</p> : null}
        </section>
      )}
    </>
  );
}
