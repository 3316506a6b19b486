import { Button } from '@patternfly/react-core';
import type { CheckResult } from '../../../src/contract/events.ts';
import type { FailureRecord } from '../../../src/contract/failure.ts';
import { Evidence } from '../../components/Evidence.tsx';
import { StatusWord } from '../../components/Status.tsx';
import { moment } from '../../format.ts';
import { runLink } from '../../hooks/use-route.ts';
import { prepareText as text } from '../../text/prepare.ts';
import { PrimaryButton } from '../components/PrimaryButton.tsx';
import { HostKey } from './Certificates.tsx';
import { ErrorNote } from './ErrorNote.tsx';
import { WarnWord } from './WarnWord.tsx';
import { preflightView, type PreflightView } from './preflight-view.ts';
import type { Preflight } from './use-preflight.ts';

interface PreflightPaneProps {
  readonly preflight: Preflight;
  /** False while the site file has errors: no run can start. */
  readonly valid: boolean;
  readonly now: number;
}

/** The preflight run alone: what the KVM host has and lacks, before anything else is begun. */
export function PreflightPane({ preflight, valid, now }: PreflightPaneProps) {
  const { run, state, error, start } = preflight;
  const view = preflightView(state);
  return (
    <>
      <header className="hw-pane-head">
        <h2>{text.preflight}</h2>
        {view?.ended === undefined ? null : <span className="quiet">{moment(view.ended, now)}</span>}
      </header>
      <p className="hw-pane-state" role="status">
        <Verdict view={view} />
      </p>
      <p className="quiet">{text.preflightMeta}</p>
      {error === undefined ? null : <ErrorNote error={error} />}
      {view?.hostKey === undefined ? null : (
        <HostKey
          fingerprint={view.hostKey}
          onAccept={() => {
            if (view.hostKey !== undefined) start({ acceptHostKey: view.hostKey });
          }}
        />
      )}
      {view?.obstacle === undefined || view.hostKey !== undefined ? null : (
        <Obstacle record={view.obstacle} />
      )}
      <div className="finding-actions">
        <PrimaryButton
          rank={view === undefined ? 'work' : undefined}
          isDisabled={!valid || view?.running === true}
          onClick={() => {
            start();
          }}
        >
          {view === undefined ? text.preflightRun : text.preflightAgain}
        </PrimaryButton>
        {view?.canInstall === true && !view.running ? (
          <Button
            variant="secondary"
            isDisabled={!valid}
            onClick={() => {
              start({ installMissing: true });
            }}
          >
            {text.installMissing}
          </Button>
        ) : null}
        {run === undefined ? null : <a href={runLink(run)}>{text.openRun}</a>}
      </div>
      {valid ? null : <p className="warn">{text.preflightErrors}</p>}
      {view?.saying === undefined ? null : <pre className="console">{view.saying}</pre>}
      <ul className="findings">
        {view?.checks.map((check) => (
          <Check key={check.id} check={check} />
        ))}
      </ul>
    </>
  );
}

function Verdict({ view }: { readonly view: PreflightView | undefined }) {
  if (view === undefined) return <StatusWord status="pending">{text.preflightIdle}</StatusWord>;
  const { running, checks, failed, obstacle, hostKey } = view;
  if (running) return <StatusWord status="running">{text.preflightRunning(checks.length)}</StatusWord>;
  if (hostKey !== undefined) return <WarnWord>{text.preflightEnded}</WarnWord>;
  if (obstacle !== undefined) return <StatusWord status="failed">{text.preflightEnded}</StatusWord>;
  if (failed > 0)
    return <StatusWord status="failed">{text.preflightFailed(failed, checks.length)}</StatusWord>;
  return <StatusWord status="ok">{text.preflightOk(checks.length)}</StatusWord>;
}

function Obstacle({ record }: { readonly record: FailureRecord }) {
  return (
    <section className="hw-error">
      <StatusWord status="failed">{record.what}</StatusWord>
      <p>{record.why.summary}</p>
      <ul className="obstacle-fixes">
        {record.fixes.map((fix) => (
          <li key={fix.title}>
            {fix.title}
            {fix.command === undefined ? null : <code>{fix.command}</code>}
          </li>
        ))}
      </ul>
      <Evidence evidence={record.why.evidence} />
    </section>
  );
}

function Check({ check }: { readonly check: CheckResult }) {
  const { title, status, seen, wanted, remedy } = check;
  const differs = status === 'failed' || status === 'warning';
  if (!differs)
    return (
      <li className="check-line">
        <StatusWord quiet status={status === 'skipped' ? 'skipped' : 'ok'}>
          {title}
        </StatusWord>
        <span className="quiet">{seen}</span>
      </li>
    );
  return (
    <li className="finding">
      <p className="finding-head">
        {status === 'warning' ? (
          <WarnWord>{title}</WarnWord>
        ) : (
          <StatusWord status="failed">{title}</StatusWord>
        )}
      </p>
      <dl className="finding-values">
        <dt>{text.seen}</dt>
        <dd>{seen}</dd>
        <dt>{text.wanted}</dt>
        <dd>{wanted}</dd>
        {remedy === undefined ? null : (
          <>
            <dt>{text.remedy}</dt>
            <dd>{remedy}</dd>
          </>
        )}
      </dl>
    </li>
  );
}
