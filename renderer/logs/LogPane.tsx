import { Button } from '@patternfly/react-core';
import type { LogRecord } from '../../src/contract/logs.ts';
import { CopyButton } from '../components/CopyButton.tsx';
import { logText } from '../text/logs.ts';
import { text } from '../text.ts';
import { ALL_LOGS, aroundThen, type LogFilter } from './filter.ts';
import { SeveritySign } from './SeveritySign.tsx';
import { timeOf } from './time.ts';

interface LogPaneProps {
  readonly record: LogRecord | undefined;
  /** There is none to choose. */
  readonly empty: boolean;
  readonly onFilter: (filter: LogFilter) => void;
}

/** A clock that is off by less is not worth a word. */
const OFF_SECONDS = 5;

/** The chosen message, whole, with what is known of it and the ways on from it. */
export function LogPane({ record, empty, onFilter }: LogPaneProps) {
  return (
    <aside className="pane" aria-label={logText.message}>
      {record === undefined ? (
        empty ? null : (
          <div className="log-hint">
            <p>{logText.choose}</p>
            <p className="quiet">{logText.keys}</p>
          </div>
        )
      ) : (
        <Message record={record} onFilter={onFilter} />
      )}
    </aside>
  );
}

function Message({ record, onFilter }: { readonly record: LogRecord } & Pick<LogPaneProps, 'onFilter'>) {
  const { at, sent, host, source, severity, facility, program, from, cut } = record;
  const off = Math.round((Date.parse(sent) - Date.parse(at)) / 1000);
  const facts = [
    [logText.came, timeOf(at)],
    [logText.sent, Math.abs(off) < OFF_SECONDS ? timeOf(sent) : `${timeOf(sent)}, ${logText.off(off)}`],
    [logText.from, from],
    [logText.program, program],
    [logText.facility, facility],
  ].filter(([, value]) => value !== '');
  return (
    <section className="card" aria-label={logText.message}>
      <header className="card-head">
        <SeveritySign severity={severity} />
        <span>{timeOf(at)}</span>
      </header>
      <dl className="answers">
        <dt>{text.where}</dt>
        <dd>
          <b>{host}</b>
          <p className="answer-place">{logText.source(source)}</p>
        </dd>
        <dt>{text.what}</dt>
        <dd>
          <pre className="log-whole" tabIndex={0} aria-label={logText.message}>
            {record.text}
          </pre>
          {cut === undefined ? null : <p className="answer-place">{logText.cut(cut)}</p>}
        </dd>
        {facts.map(([label, value]) => (
          <Fact key={label} label={label ?? ''} value={value ?? ''} />
        ))}
      </dl>
      <div className="log-ways">
        <CopyButton isBlock variant="secondary" value={lineOf(record)} label={logText.copy} />
        <Button
          isBlock
          variant="secondary"
          onClick={() => {
            onFilter({ ...ALL_LOGS, host });
          }}
        >
          {logText.onlyHost(host)}
        </Button>
        <Button
          isBlock
          variant="secondary"
          onClick={() => {
            onFilter(aroundThen(undefined, at));
          }}
        >
          {logText.aroundIt}
        </Button>
      </div>
    </section>
  );
}

function Fact({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </>
  );
}

/** A message as a line to be sent on, with the moment as the store has it. */
function lineOf({ at, host, severity, program, text: said }: LogRecord): string {
  return `${at} ${host} ${severity} ${program === '' ? '' : `${program}: `}${said}`;
}
