import { Button } from '@patternfly/react-core';
import type { ApplyOptions } from '../../src/contract/api.ts';
import type { FailureRecord, Fix } from '../../src/contract/failure.ts';
import { applyOptionsOf } from '../state/fix-action.ts';
import { text } from '../text.ts';
import { CopyButton } from './CopyButton.tsx';

interface WhatNowProps {
  readonly record: FailureRecord;
  readonly onApply: ((options: Omit<ApplyOptions, 'siteFile'>) => void) | undefined;
}

/**
 * What to do about a failure. The owner decides the one primary button: somebody else's failure starts with the
 * request to send, one's own with the first fix that this screen can carry out.
 */
export function WhatNow({ record, onApply }: WhatNowProps) {
  const others = record.owner !== 'field-engineer' && record.owner !== null;
  const fixes = record.fixes.map((fix) => ({ fix, options: applyOptionsOf(fix.action) }));
  const able = onApply === undefined ? [] : fixes.filter(({ options }) => options !== null);
  const manual = fixes.filter((entry) => !able.includes(entry));
  const ableFirst = !others && able.length > 0;
  const steps = (entries: typeof fixes, primary: boolean) => (
    <ol className="fixes">
      {entries.map(({ fix, options }, index) => (
        <FixStep
          key={fix.title}
          fix={fix}
          primary={primary && index === 0}
          options={options}
          onApply={onApply}
        />
      ))}
    </ol>
  );
  return (
    <div className="what-now">
      {ableFirst ? steps(able, true) : <Copy record={record} primary />}
      {steps(manual, false)}
      {others && able.length > 0 ? <p className="quiet">{text.whenConfirmed}</p> : null}
      {ableFirst ? <Copy record={record} primary={false} /> : steps(able, false)}
    </div>
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

interface FixStepProps extends Pick<WhatNowProps, 'onApply'> {
  readonly fix: Fix;
  readonly primary: boolean;
  readonly options: Omit<ApplyOptions, 'siteFile'> | null;
}

function FixStep({ fix, primary, options, onApply }: FixStepProps) {
  const canApply = options !== null && onApply !== undefined;
  return (
    <li>
      {canApply ? (
        <Button
          isBlock
          variant={primary ? 'primary' : 'secondary'}
          onClick={() => {
            onApply(options);
          }}
        >
          {fix.title}
        </Button>
      ) : (
        <p>{fix.title}</p>
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
