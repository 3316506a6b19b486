import { duration } from '../../format.ts';
import { hardwareText as text } from '../../text/hardware.ts';
import { worthALook, type DiscoveryRows, type MachineRow } from './discovery-rows.ts';
import { nameClass } from './long-name.ts';
import { MachineSign } from './MachineSign.tsx';

interface DiscoveryTableProps {
  readonly rows: DiscoveryRows;
  readonly selected: string | undefined;
  readonly onSelect: (id: string) => void;
}

/** Expected against found, one line a machine; what the site file does not name stands below. */
export function DiscoveryTable({ rows, selected, onSelect }: DiscoveryTableProps) {
  const { columns } = text;
  const heads = [columns.host, columns.bmc, columns.state, columns.model, columns.serial];
  const line = (row: MachineRow) => (
    <MachineLine key={row.id} row={row} selected={row.id === selected} onSelect={onSelect} />
  );
  return (
    <table className="hw-table machines">
      <thead>
        <tr>
          {[...heads, columns.bmcVersion, columns.bios].map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
          <th scope="col" className="col-time">
            {columns.time}
          </th>
        </tr>
      </thead>
      <tbody>{rows.expected.map(line)}</tbody>
      {rows.strangers.length === 0 ? null : (
        <tbody>
          <tr className="hw-group">
            <th colSpan={8} scope="rowgroup">
              {text.notInFile} <span>{text.machineCount(rows.strangers.length)}</span>
            </th>
          </tr>
          {rows.strangers.map(line)}
        </tbody>
      )}
    </table>
  );
}

interface MachineLineProps {
  readonly row: MachineRow;
  readonly selected: boolean;
  readonly onSelect: (id: string) => void;
}

function MachineLine({ row, selected, onSelect }: MachineLineProps) {
  const { machine, bmc, host } = row;
  const snapshot = machine?.snapshot;
  const address = bmc?.replace(/^https?:\/\//, '');
  const failed = row.state === 'failed' || row.state === 'missing';
  return (
    <tr data-selected={selected} className={failed ? 'hw-row offends' : 'hw-row'}>
      <th scope="row" className={nameClass(host ?? '')}>
        <button
          type="button"
          aria-pressed={selected}
          onClick={() => {
            onSelect(row.id);
          }}
        >
          {host ?? text.stranger}
        </button>
      </th>
      <td>{address ?? <span className="quiet">{text.none}</span>}</td>
      <td>
        <MachineSign row={row} />
      </td>
      {snapshot === undefined ? (
        <td colSpan={4} className="hw-said">
          {failed ? reasonOf(row) : row.bmc === undefined ? text.noBmc : (row.said ?? text.none)}
        </td>
      ) : (
        <>
          <td>{shortModel(snapshot.model)}</td>
          <td>
            <code>{snapshot.serial ?? text.none}</code>
          </td>
          <td>
            <code>{snapshot.bmc.version ?? text.none}</code>
          </td>
          <td>
            <code>{snapshot.bios.version ?? text.none}</code>
          </td>
        </>
      )}
      <td className="col-time">{machine?.seconds === undefined ? '' : duration(machine.seconds)}</td>
    </tr>
  );
}

function reasonOf({ machine, findings, said }: MachineRow): string {
  return machine?.error?.message ?? worthALook(findings)[0]?.message ?? said ?? text.none;
}

/** The model as people say it. */
function shortModel(model: string | undefined): string {
  return (model ?? text.none).replace(/^(PowerEdge|ProLiant|ThinkSystem)\s+/, '');
}
