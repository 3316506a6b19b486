import { useVirtualizer } from '@tanstack/react-virtual';
import { useState, type KeyboardEvent, type ReactNode } from 'react';
import type { LogRecord } from '../../src/contract/logs.ts';
import { logText } from '../text/logs.ts';
import { LogRow } from './LogRow.tsx';
import { isToday } from './time.ts';
import { useHeldPlace } from './use-held-place.ts';

interface LogListProps {
  readonly records: readonly LogRecord[];
  readonly chosen: string | undefined;
  readonly onChoose: (id: string) => void;
  /** The end is nearly in sight. */
  readonly onEnd: () => void;
  /** What stands below the last message. */
  readonly children: ReactNode;
}

const ROW_HEIGHT = 29;
/** Rows beyond those in sight that are drawn; older ones are asked for when so many are left. */
const BEYOND = 20;
const PAGE_STEP = 20;

/** The messages as one list to move in by arrow keys; only those in sight are drawn. */
export function LogList({ records, chosen, onChoose, onEnd, children }: LogListProps) {
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- its functions are called while drawing and kept nowhere
  const virtualizer = useVirtualizer<HTMLDivElement, HTMLDivElement>({
    count: records.length,
    getScrollElement: () => scroller,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => records[index]?.id ?? index,
    overscan: BEYOND,
    useFlushSync: false,
    onChange: (instance) => {
      if ((instance.range?.endIndex ?? 0) + BEYOND >= records.length) onEnd();
    },
  });
  const items = virtualizer.getVirtualItems();
  const fresh = useHeldPlace(scroller, records, items[0]?.size ?? ROW_HEIGHT);
  const index = records.findIndex(({ id }) => id === chosen);
  const go = (to: number): void => {
    const target = records[Math.max(0, Math.min(records.length - 1, to))];
    if (target === undefined) return;
    virtualizer.scrollToIndex(records.indexOf(target), { align: 'auto' });
    onChoose(target.id);
  };
  const steps: Record<string, number> = {
    ...{ ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: records.length - 1 },
    ...{ PageDown: index + PAGE_STEP, PageUp: index - PAGE_STEP },
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = steps[event.key];
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    go(to);
  };
  const oldest = records.at(-1)?.at ?? '';
  const active = items.find((item) => item.index === index);
  return (
    <div className={isToday(oldest) ? 'log-body' : 'log-body log-dated'} ref={setScroller}>
      <div className="log-head log-columns" aria-hidden="true">
        {Object.entries(logText.columns).map(([name, label]) => (
          <span key={name}>{label}</span>
        ))}
      </div>
      {fresh === 0 ? null : (
        <button
          type="button"
          className="newer newer-above"
          onClick={() => {
            scroller?.scrollTo({ top: 0 });
          }}
        >
          {logText.newAbove(fresh)}
        </button>
      )}
      <div
        className="log-rows"
        role="listbox"
        tabIndex={0}
        aria-label={logText.list}
        aria-activedescendant={active === undefined ? undefined : rowId(active.index)}
        style={{ height: virtualizer.getTotalSize() }}
        onKeyDown={onKeyDown}
      >
        {items.map((item) => {
          const record = records[item.index];
          return record === undefined ? null : (
            <LogRow
              key={item.key}
              id={rowId(item.index)}
              record={record}
              index={item.index}
              count={records.length}
              top={item.start}
              chosen={record.id === chosen}
              measure={virtualizer.measureElement}
              onChoose={onChoose}
            />
          );
        })}
      </div>
      {children}
    </div>
  );
}

function rowId(index: number): string {
  return `log-row-${index}`;
}
