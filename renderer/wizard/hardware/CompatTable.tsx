import type { ComponentType } from 'react';
import type { Status } from '../../../src/contract/events.ts';
import type { CompatCheck, HostCompat } from '../../../src/contract/profile.ts';
import { FailedIcon, SkippedIcon, TickIcon, WarningIcon } from '../../components/icons.ts';
import { StatusWord } from '../../components/Status.tsx';
import { prepareText as text } from '../../text/prepare.ts';
import { nameClass } from './long-name.ts';
import { WarnWord } from './WarnWord.tsx';
import type { CompatLine, CompatMatrix, Need } from './compat-matrix.ts';

const SIGNS: Record<CompatCheck['status'], { readonly icon: ComponentType; readonly status: Status }> = {
  pass: { icon: TickIcon, status: 'ok' },
  warn: { icon: WarningIcon, status: 'overridden' },
  fail: { icon: FailedIcon, status: 'failed' },
};

const STATUS: Record<Exclude<HostCompat['status'], 'warn'>, Status> = {
  pass: 'ok',
  fail: 'failed',
  unknown: 'pending',
};

interface CompatTableProps {
  readonly matrix: CompatMatrix;
  readonly selected: string | undefined;
  readonly onSelect: (host: string) => void;
}

/** Sign and word of a host's worst requirement. */
export function CompatSign({ status }: { readonly status: HostCompat['status'] }) {
  if (status === 'warn') return <WarnWord>{text.compat(status)}</WarnWord>;
  return (
    <StatusWord quiet status={STATUS[status]}>
      {text.compat(status)}
    </StatusWord>
  );
}

/** Hosts by requirements, each cell with its sign and the value seen. */
export function CompatTable({ matrix, selected, onSelect }: CompatTableProps) {
  const { needs, lines } = matrix;
  return (
    <>
      <table className="hw-table compat">
        <thead>
          <tr>
            <th scope="col">{text.compatHost}</th>
            <th scope="col">{text.compatResult}</th>
            {needs.map((need) => (
              <th key={need.key} scope="col">
                <span className="need-field">{text.compatField[need.field] ?? breakable(need.field)}</span>
                <span className="quiet">{text.better(need.wanted)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <Line
              key={line.host.host}
              {...{ line, needs, onSelect }}
              selected={line.host.host === selected}
            />
          ))}
        </tbody>
      </table>
      <CompatLegend />
    </>
  );
}

/** A dotted field that may go on a second line behind its dot. */
function breakable(field: string) {
  const [first = '', ...rest] = field.split('.');
  return rest.length === 0 ? (
    first
  ) : (
    <>
      {first}.<wbr />
      {rest.join('.')}
    </>
  );
}

interface LineProps extends Pick<CompatTableProps, 'onSelect'> {
  readonly line: CompatLine;
  readonly needs: readonly Need[];
  readonly selected: boolean;
}

function Line({ line, needs, selected, onSelect }: LineProps) {
  const { host, cells } = line;
  return (
    <tr className="hw-row" data-selected={selected}>
      <th scope="row" className={nameClass(host.host)}>
        <button
          type="button"
          aria-pressed={selected}
          onClick={() => {
            onSelect(host.host);
          }}
        >
          {host.host}
        </button>
      </th>
      {host.status === 'unknown' ? (
        <td colSpan={needs.length + 1} className="hw-said">
          <CompatSign status={host.status} /> {host.reason}
        </td>
      ) : (
        <>
          <td>
            <CompatSign status={host.status} />
          </td>
          {cells.map((check, index) => (
            <Cell key={needs[index]?.key ?? index} check={check} />
          ))}
        </>
      )}
    </tr>
  );
}

function Cell({ check }: { readonly check: CompatCheck | undefined }) {
  if (check === undefined)
    return (
      <td className="compat-cell">
        <span className="sign cell-sign" role="img" aria-label={text.notAsked}>
          <SkippedIcon />
        </span>
      </td>
    );
  const { icon: Icon, status } = SIGNS[check.status];
  const tint = { pass: '', warn: ' warns', fail: ' offends' }[check.status];
  return (
    <td className={`compat-cell${tint}`} title={check.seen}>
      <span className={`sign cell-sign sign-${status}`} role="img" aria-label={text.compat(check.status)}>
        <Icon />
      </span>
      <span className="compat-seen">{check.seen}</span>
    </td>
  );
}

function CompatLegend() {
  return (
    <ul className="hw-legend" aria-label={text.legend}>
      {(['pass', 'warn', 'fail'] as const).map((status) => {
        const { icon: Icon, status: sign } = SIGNS[status];
        return (
          <li key={status}>
            <span className={`sign sign-${sign}`} aria-hidden="true">
              <Icon />
            </span>
            {text.compat(status)}
          </li>
        );
      })}
      <li>
        <span className="sign" aria-hidden="true">
          <SkippedIcon />
        </span>
        {text.notAsked}
      </li>
    </ul>
  );
}
