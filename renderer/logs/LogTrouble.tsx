import { Button } from '@patternfly/react-core';
import { BringupError } from '../../src/contract/errors.ts';
import { siteLink } from '../hooks/use-route.ts';
import { logText } from '../text/logs.ts';
import { isMissing } from './missing.ts';

interface LogTroubleProps {
  readonly error: Error;
  readonly file: string;
  readonly onAgain: () => void;
}

/** Why there are no logs to be seen, and what to do about it. */
export function LogTrouble({ error, file, onAgain }: LogTroubleProps) {
  const known = error instanceof BringupError ? error : undefined;
  return (
    <div className="empty-page log-trouble" role="alert">
      <h2>{error.message}</h2>
      {known?.hint === undefined ? null : <p>{known.hint}</p>}
      {known?.evidence.map(({ source, text }) => (
        <pre key={`${source} ${text}`}>
          {source}: {text}
        </pre>
      ))}
      <p className="log-ways-on">
        <Button variant="primary" onClick={onAgain}>
          {logText.tryAgain}
        </Button>
        {isMissing(error) ? <a href={siteLink(file)}>{logText.openSite}</a> : null}
      </p>
    </div>
  );
}
