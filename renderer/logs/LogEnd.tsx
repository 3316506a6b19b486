import { Button } from '@patternfly/react-core';
import { logText } from '../text/logs.ts';
import { timeOf } from './time.ts';
import type { SiteLogs } from './use-site-logs.ts';

/** What stands below the oldest message: how far it was looked back, and the way further. */
export function LogEnd({ logs, filtered }: { readonly logs: SiteLogs; readonly filtered: boolean }) {
  const { list, busy, older } = logs;
  if (list === undefined) return <p className="log-end quiet">{busy ? logText.reading : ''}</p>;
  const empty = list.records.length === 0;
  const { before, backTo } = list;
  if (before === undefined)
    return (
      <p className="log-end quiet">{!empty ? logText.oldest : filtered ? logText.none : logText.noneYet}</p>
    );
  const time = backTo === undefined ? '' : timeOf(backTo);
  return (
    <p className="log-end">
      <span>
        {busy ? logText.lookingFurther : empty ? logText.noneSoFar(time) : logText.lookedBack(time)}
      </span>
      {busy ? null : (
        <Button variant="link" isInline onClick={older}>
          {logText.older}
        </Button>
      )}
    </p>
  );
}
