import type { RefCallback } from 'react';
import type { LogRecord } from '../../src/contract/logs.ts';
import { logText } from '../text/logs.ts';
import { SeveritySign } from './SeveritySign.tsx';
import { timeOf } from './time.ts';

interface LogRowProps {
  readonly id: string;
  readonly record: LogRecord;
  readonly index: number;
  readonly count: number;
  /** Where it begins, in px. */
  readonly top: number;
  readonly chosen: boolean;
  readonly measure: RefCallback<HTMLDivElement>;
  readonly onChoose: (id: string) => void;
}

/** One message on one line; what does not fit there is seen whole beside the list. */
export function LogRow({ id, record, index, count, top, chosen, measure, onChoose }: LogRowProps) {
  const { at, severity, host, program, text } = record;
  return (
    <div
      ref={measure}
      id={id}
      data-index={index}
      className="log-row log-columns"
      role="option"
      aria-selected={chosen}
      aria-posinset={index + 1}
      aria-setsize={count}
      aria-label={`${timeOf(at)}, ${logText.option(logText.severity(severity), host, program, text)}`}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => {
        onChoose(record.id);
      }}
    >
      <time dateTime={at}>{timeOf(at)}</time>
      <SeveritySign severity={severity} />
      <span className="log-sender">{host}</span>
      <span className="log-program">{program}</span>
      <span className="log-said">{text}</span>
    </div>
  );
}
