import { Button, FormSelect, FormSelectOption } from '@patternfly/react-core';
import type { Status } from '../../../src/contract/events.ts';
import { StatusWord } from '../../components/Status.tsx';
import { hardwareText as text } from '../../text/hardware.ts';
import { isOff, likelyMac, type CableRow, type CableState } from './cables.ts';

const STATUS: Record<CableState, Status> = {
  right: 'ok',
  swapped: 'failed',
  'no-link': 'unreachable',
  'wrong-mac': 'failed',
  'not-found': 'pending',
  unverified: 'skipped',
};

interface CableTableProps {
  readonly rows: readonly CableRow[];
  readonly onTake: (row: CableRow, field: 'mac' | 'switch_port', value: string) => void;
}

/** Planned against seen, one block a host; only the cells that differ are tinted. */
export function CableTable({ rows, onTake }: CableTableProps) {
  const { cableColumns: head } = text;
  const hosts = [...new Set(rows.map(({ host }) => host))];
  return (
    <table className="hw-table cables">
      <thead>
        <tr>
          {[head.port, head.link, head.planned, head.seen, head.mac].map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      {hosts.map((host) => {
        const own = rows.filter((row) => row.host === host);
        return (
          <tbody key={host}>
            <tr className="hw-group">
              <th colSpan={5} scope="rowgroup">
                {host} <span>{text.hostOfCables(own.filter(isOff).length)}</span>
              </th>
            </tr>
            {own.map((row) => (
              <CableLine key={`${row.at.join(' ')} ${row.name}`} row={row} onTake={onTake} />
            ))}
          </tbody>
        );
      })}
    </table>
  );
}

function CableLine({ row, onTake }: { readonly row: CableRow } & Pick<CableTableProps, 'onTake'>) {
  const { state, planned, seen, mac, seenMac, speed } = row;
  const offends = (bad: boolean): string => (bad ? 'offends' : '');
  return (
    <tr className="hw-row" data-path={`$.hosts[${row.at[0]}].interfaces[${row.at[1]}]`} tabIndex={-1}>
      <th scope="row">{row.name}</th>
      <td>
        <StatusWord quiet status={STATUS[state]}>
          {state === 'right' && speed !== undefined ? text.speed(speed) : text.cableState[state]}
        </StatusWord>
      </td>
      <td>{planned ?? <span className="quiet">{text.none}</span>}</td>
      <td className={offends(state === 'swapped')}>
        {seen ?? <span className="quiet">{text.none}</span>}
        {state === 'swapped' ? <Take row={row} onTake={onTake} /> : null}
      </td>
      <td className={offends(state === 'wrong-mac')}>
        {mac === undefined && seenMac !== undefined ? (
          <span className="quiet">
            {text.notPlanned} <code>{seenMac}</code>
          </span>
        ) : (
          <code>{mac ?? text.none}</code>
        )}
        {state === 'swapped' ? null : <Take row={row} onTake={onTake} />}
      </td>
    </tr>
  );
}

function Take({ row, onTake }: { readonly row: CableRow } & Pick<CableTableProps, 'onTake'>) {
  const { state, mac, seenMac, accept, free, host, name } = row;
  const label = `${host} ${name}`;
  const button = (field: 'mac' | 'switch_port', value: string, words: string) => (
    <Button
      variant="link"
      isInline
      aria-label={`${words.includes(value) ? words : `${words}, ${value}`}, ${label}`}
      onClick={() => {
        onTake(row, field, value);
      }}
    >
      {words}
    </Button>
  );
  if (state === 'swapped' && accept !== undefined) return button('switch_port', accept, text.acceptPort);
  if (mac === undefined && seenMac !== undefined) return button('mac', seenMac, text.takeMac(seenMac));
  if (state !== 'wrong-mac' || free.length === 0) return null;
  const likely = likelyMac(row);
  if (likely?.mac !== undefined) return button('mac', likely.mac, text.takeMac(likely.mac));
  return (
    <FormSelect
      aria-label={text.whichPort(label)}
      value=""
      onChange={(_event, value) => {
        onTake(row, 'mac', value);
      }}
    >
      <FormSelectOption value="" label={text.chooseMac} isDisabled />
      {free.map((nic) => (
        <FormSelectOption
          key={nic.id}
          value={nic.mac ?? ''}
          label={[nic.mac, nic.id, text.link(nic.link)].join(', ')}
        />
      ))}
    </FormSelect>
  );
}
