import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import { clock } from '../format.ts';
import type { Archive } from '../state/archive.ts';
import { logLine, type LogLine } from '../state/log.ts';
import type { Query } from '../state/query.ts';
import { useLogLines } from '../state/use-log-lines.ts';
import { text } from '../text.ts';
import { runText } from '../text/run.ts';

interface LogViewProps {
  readonly archive: Archive;
  readonly stage: string;
  /** Number of the last event that is shown. */
  readonly upTo: number;
  readonly query: Query | undefined;
  readonly typed: string;
  readonly scroller: HTMLElement | null;
}

const LINE_HEIGHT = 25;
const NEAR = 40;

/** The stage as it happened, line by line, newest last; it follows the newest line until the reader scrolls away. */
export function LogView({ archive, stage, upTo, query, typed, scroller }: LogViewProps) {
  const { count, seqAt, searching } = useLogLines(archive, stage, upTo, query);
  // eslint-disable-next-line react-hooks/incompatible-library -- its functions are called while drawing and kept nowhere
  const virtualizer = useVirtualizer<HTMLElement, HTMLLIElement>({
    count,
    getScrollElement: () => scroller,
    estimateSize: () => LINE_HEIGHT,
    overscan: 20,
    useFlushSync: false,
  });
  const { fresh, toEnd } = useFollow(scroller, count, () => {
    virtualizer.scrollToIndex(count - 1, { align: 'end' });
  });
  const items = virtualizer.getVirtualItems();
  const line = useLines(
    archive,
    items[0] && seqAt(items[0].index),
    items.at(-1) && seqAt(items.at(-1)?.index ?? 0),
  );
  if (count === 0 && !searching)
    return (
      <p className="quiet empty-stage">{query === undefined ? text.noLog : runText.foundNothing(typed)}</p>
    );
  return (
    <div className="log">
      <p className="visually-hidden" role="status">
        {searching ? runText.searching : ''}
      </p>
      <ol style={{ height: virtualizer.getTotalSize() }}>
        {items.map(({ index, start, key }) => (
          <li
            key={key}
            data-index={index}
            ref={virtualizer.measureElement}
            aria-posinset={index + 1}
            aria-setsize={count}
            className={statusClass(line(seqAt(index)))}
            style={{ transform: `translateY(${start}px)` }}
          >
            <Line line={line(seqAt(index))} />
          </li>
        ))}
      </ol>
      {fresh === 0 ? null : (
        <button type="button" className="newer newer-below" onClick={toEnd}>
          {runText.newBelow(fresh)}
        </button>
      )}
    </div>
  );
}

function Line({ line }: { readonly line: LogLine | undefined }) {
  if (line === undefined) return <span className="log-text quiet">{runText.earlierLines}</span>;
  return (
    <>
      <time dateTime={line.at}>{clock(line.at)}</time>
      <span className="log-host">{line.host}</span>
      <span className="log-status">{line.status === undefined ? '' : text.status(line.status)}</span>
      <span className="log-text">
        {line.task === undefined ? '' : `${line.task}${line.text === '' ? '' : ': '}`}
        {line.text}
      </span>
    </>
  );
}

function statusClass(line: LogLine | undefined): string | undefined {
  return line?.status === undefined ? undefined : `status-${line.status}`;
}

/** Lines by number; those between `first` and `last` that are not in memory are asked for. */
function useLines(archive: Archive, first: number | undefined, last: number | undefined) {
  const [, setLoaded] = useState(0);
  const missing =
    first !== undefined &&
    last !== undefined &&
    (archive.peek(first) === undefined || archive.peek(last) === undefined);
  useEffect(() => {
    if (!missing || first === undefined || last === undefined) return;
    archive.load(first, last).then(
      () => {
        setLoaded((n) => n + 1);
      },
      // The placeholder stays; scrolling asks again.
      () => undefined,
    );
  }, [archive, missing, first, last]);
  return (seq: number): LogLine | undefined => {
    const event = archive.peek(seq);
    return event === undefined ? undefined : logLine(event, archive.titleOf);
  };
}

/** Follows the end of a growing list while the reader is there; counts what is new while the reader is elsewhere. */
function useFollow(scroller: HTMLElement | null, count: number, toEnd: () => void) {
  const atEnd = useRef(true);
  const [held, setHeld] = useState<number | undefined>(undefined);
  useEffect(() => {
    if (scroller === null) return undefined;
    let before = scroller.scrollTop;
    const onScroll = (): void => {
      const near = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR;
      const back = scroller.scrollTop < before;
      before = scroller.scrollTop;
      // Lines that turn out taller than thought move the end away; only a reader scrolls back.
      if (!near && !back) return;
      atEnd.current = near;
      setHeld((known) => (near ? undefined : (known ?? -1)));
    };
    scroller.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      scroller.removeEventListener('scroll', onScroll);
    };
  }, [scroller]);
  const go = useRef(toEnd);
  useEffect(() => {
    go.current = toEnd;
  });
  useEffect(() => {
    if (atEnd.current && scroller !== null && count > 0) go.current();
  }, [scroller, count]);
  if (held === -1) setHeld(count);
  return { fresh: held === undefined || held < 0 ? 0 : Math.max(0, count - held), toEnd };
}
