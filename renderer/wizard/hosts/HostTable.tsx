import { Checkbox } from '@patternfly/react-core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type KeyboardEvent } from 'react';
import { wizardText as text } from '../../text/wizard.ts';
import { focusField } from '../model/focus-field.ts';
import { parsePath } from '../model/paths.ts';
import type { SiteModel } from '../types.ts';
import { HostRow } from './HostRow.tsx';

interface HostTableProps {
  readonly model: SiteModel;
  /** Positions of the hosts that the filter lets through. */
  readonly shown: readonly number[];
  readonly selected: ReadonlySet<number>;
  readonly opened: number | null;
  /** The field that takes the focus as soon as its row is drawn. */
  readonly aim: string | undefined;
  readonly onAim: (path: string | undefined) => void;
  readonly onSelect: (selected: ReadonlySet<number>) => void;
  readonly onOpen: (host: number) => void;
}

/** Height of a row by the look's measures, in rem. */
const ROW_REM = 2.625;
const FRAMES = 20;

/** Only the rows in sight are drawn, so that 500 hosts scroll like five. Arrow keys go up and down a column. */
export function HostTable({ model, shown, selected, opened, aim, onAim, onSelect, onOpen }: HostTableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const rem =
    typeof window === 'undefined' ? 16 : parseFloat(getComputedStyle(document.documentElement).fontSize);
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing that it returns is handed to a memoised child
  const rows = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_REM * (Number.isFinite(rem) ? rem : 16),
    overscan: 8,
  });
  useEffect(() => {
    const host = aim === undefined ? undefined : parsePath(aim)[1];
    const at = typeof host === 'number' ? shown.indexOf(host) : -1;
    if (aim === undefined || at < 0) return undefined;
    rows.scrollToIndex(at, { align: 'auto' });
    let frames = FRAMES;
    let next = 0;
    const look = (): void => {
      if (scroller.current !== null && focusField(scroller.current, aim)) onAim(undefined);
      else if (frames-- > 0) next = requestAnimationFrame(look);
    };
    look();
    return () => {
      cancelAnimationFrame(next);
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the aim alone moves the focus; scrolling must not
  }, [aim, shown.length]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowDown: 1, ArrowUp: -1, Enter: 1 }[event.key];
    const path = event.target instanceof HTMLInputElement ? event.target.dataset['path'] : undefined;
    if (by === undefined || path === undefined || event.altKey || event.ctrlKey) return;
    const to = shown[shown.indexOf(Number(parsePath(path)[1])) + by];
    if (to === undefined) return;
    event.preventDefault();
    onAim(path.replace(/^\$\.hosts\[\d+\]/, `$.hosts[${to}]`));
  };
  const items = rows.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const behind = rows.getTotalSize() - (items.at(-1)?.end ?? 0);
  const all = shown.length > 0 && shown.every((host) => selected.has(host));
  return (
    <div className="hosts-scroll" ref={scroller} tabIndex={-1}>
      <table className="host-table" aria-rowcount={shown.length + 1} onKeyDown={onKeyDown}>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col" className="col-pick">
              <Checkbox
                id="pick-all"
                aria-label={text.pickAll}
                isChecked={all ? true : selected.size > 0 ? null : false}
                onChange={() => {
                  onSelect(new Set(all ? [] : shown));
                }}
              />
            </th>
            {[
              text.column['name'],
              text.column['serial'],
              text.column['roles'],
              text.column['bmc_address'],
              text.column['bmc_credential'],
              text.interfaces,
            ].map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 ? <tr aria-hidden="true" style={{ height: before }} /> : null}
          {items.map((item) => {
            const host = shown[item.index];
            return host === undefined ? null : (
              <HostRow
                key={host}
                model={model}
                host={host}
                row={item.index + 2}
                selected={selected.has(host)}
                opened={host === opened}
                onPick={() => {
                  const picked = new Set(selected);
                  if (!picked.delete(host)) picked.add(host);
                  onSelect(picked);
                }}
                onOpen={onOpen}
              />
            );
          })}
          {behind > 0 ? <tr aria-hidden="true" style={{ height: behind }} /> : null}
        </tbody>
      </table>
    </div>
  );
}
