import { Button, Tooltip } from '@patternfly/react-core';
import type { FailureRecord, Fix } from '../../src/contract/failure.ts';
import { fixActionOf, type FixAction, type GoOnOptions } from '../state/fix-action.ts';
import { text } from '../text.ts';
import { runText } from '../text/run.ts';
import { CopyButton } from './CopyButton.tsx';

/** What this screen can do about a failed stage; each asks before it does anything. */
export interface FailureActs {
  readonly retry: (options: GoOnOptions) => void;
  readonly resume: (options: GoOnOptions) => void;
  /** Left out where the run cannot do without the stage. */
  readonly skip?: () => void;
}

interface WhatNowProps {
  readonly record: FailureRecord;
  /** Undefined while nothing can be done: the run goes on, or is only looked at. */
  readonly acts: FailureActs | undefined;
}

/**
 * What to do about a failure. The owner decides the one primary button: somebody else's failure starts with the
 * request to send, one's own with the first fix that this screen can carry out. Retry and resume are always there.
 */
export function WhatNow({ record, acts }: WhatNowProps) {
  const others = record.owner !== 'field-engineer' && record.owner !== null;
  const fixes = record.fixes.map((fix) => ({ fix, action: fixActionOf(fix.action) }));
  const plain = (kind: FixAction['kind']) =>
    fixes.find(({ fix, action }) => action?.kind === kind && isPlain(action) && fix.command === undefined);
  const named = [plain('retry'), plain('resume')];
  const able =
    acts === undefined ? [] : fixes.filter((entry) => entry.action !== null && !named.includes(entry));
  const manual = fixes.filter(
    (entry) => !able.includes(entry) && !(acts !== undefined && named.includes(entry)),
  );
  const ableFirst = !others && able.length > 0;
  const goesOnFirst = !others && !ableFirst && record.owner !== null && acts !== undefined;
  const steps = (entries: typeof fixes, primary: boolean) => (
    <ol className="fixes">
      {entries.map(({ fix, action }, index) => (
        <FixStep key={fix.title} fix={fix} primary={primary && index === 0} action={action} acts={acts} />
      ))}
    </ol>
  );
  return (
    <div className="what-now">
      {ableFirst ? steps(able, true) : goesOnFirst ? null : <Copy record={record} primary />}
      {steps(manual, false)}
      {others && acts !== undefined ? <p className="quiet">{text.whenConfirmed}</p> : null}
      {ableFirst ? null : steps(able, false)}
      {acts === undefined ? null : (
        <GoOn acts={acts} primary={goesOnFirst} retry={named[0]?.fix.title} resume={named[1]?.fix.title} />
      )}
      {ableFirst || goesOnFirst ? <Copy record={record} primary={false} /> : null}
    </div>
  );
}

function isPlain({ options }: FixAction): boolean {
  return Object.keys(options).length === 0;
}

interface GoOnProps {
  readonly acts: FailureActs;
  readonly primary: boolean;
  /** What the catalogue calls them, where it names them among the fixes. */
  readonly retry: string | undefined;
  readonly resume: string | undefined;
}

function GoOn({ acts, primary, retry, resume }: GoOnProps) {
  return (
    <>
      <div className="go-on">
        <Tooltip content={runText.retryTip}>
          <Button
            isBlock
            variant={primary ? 'primary' : 'secondary'}
            onClick={() => {
              acts.retry({});
            }}
          >
            {retry ?? runText.retry}
          </Button>
        </Tooltip>
        <Tooltip content={runText.resumeTip}>
          <Button
            isBlock
            variant="secondary"
            onClick={() => {
              acts.resume({});
            }}
          >
            {resume ?? runText.resume}
          </Button>
        </Tooltip>
      </div>
      {acts.skip === undefined ? null : (
        <Button variant="link" isInline className="skip" onClick={acts.skip}>
          {runText.skip}
        </Button>
      )}
    </>
  );
}

function Copy({ record, primary }: { readonly record: FailureRecord; readonly primary: boolean }) {
  const others = record.owner !== 'field-engineer' && record.owner !== null;
  return (
    <CopyButton
      id="copy-request"
      isBlock
      variant={primary ? 'primary' : 'secondary'}
      value={record.request}
      label={others ? text.copyRequest(text.owner(record.owner)) : text.copyReport}
    />
  );
}

interface FixStepProps extends Pick<WhatNowProps, 'acts'> {
  readonly fix: Fix;
  readonly primary: boolean;
  readonly action: FixAction | null;
}

function FixStep({ fix, primary, action, acts }: FixStepProps) {
  return (
    <li>
      {action === null || acts === undefined ? (
        <p>{fix.title}</p>
      ) : (
        <Button
          isBlock
          variant={primary ? 'primary' : 'secondary'}
          onClick={() => {
            acts[action.kind](action.options);
          }}
        >
          {fix.title}
        </Button>
      )}
      {fix.command === undefined ? null : (
        <div className="command">
          <code>{fix.command}</code>
          <CopyButton variant="plain" iconOnly value={fix.command} label={text.copyCommand} />
        </div>
      )}
    </li>
  );
}
