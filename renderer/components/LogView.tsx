import { Button } from '@patternfly/react-core';
import { useMemo, useState } from 'react';
import type { RunEvent } from '../../src/contract/events.ts';
import { clock } from '../format.ts';
import { logLines } from '../state/log.ts';
import { text } from '../text.ts';

interface LogViewProps {
  readonly events: readonly RunEvent[];
  readonly stage: string;
}

const PAGE = 400;

/** The stage as it happened, line by line, newest last; earlier lines come in pages so that a long log stays quick. */
export function LogView({ events, stage }: LogViewProps) {
  const [shown, setShown] = useState(PAGE);
  const lines = useMemo(() => logLines(events, stage), [events, stage]);
  const hidden = Math.max(0, lines.length - shown);
  if (lines.length === 0) return <p className="quiet empty-stage">{text.noLog}</p>;
  return (
    <div className="log">
      {hidden === 0 ? null : (
        <Button
          variant="link"
          isInline
          onClick={() => {
            setShown(shown + PAGE);
          }}
        >
          {text.earlier(Math.min(PAGE, hidden))}
        </Button>
      )}
      <ol>
        {lines.slice(hidden).map((line) => (
          <li key={line.seq} className={line.status === undefined ? undefined : `status-${line.status}`}>
            <time dateTime={line.at}>{clock(line.at)}</time>
            <span className="log-host">{line.host}</span>
            <span className="log-status">{line.status === undefined ? '' : text.status(line.status)}</span>
            <span className="log-text">
              {line.task === undefined ? '' : `${line.task}${line.text === '' ? '' : ': '}`}
              {line.text}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
