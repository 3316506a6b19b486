import { Checkbox } from '@patternfly/react-core';
import { wizardText as text } from '../../text/wizard.ts';
import { TextField } from '../components/fields.tsx';
import { TEXT, problemsAt } from '../model/field.ts';
import { valueAt, type Path } from '../model/paths.ts';
import type { Json, SiteModel } from '../types.ts';

interface HostRowProps {
  readonly model: SiteModel;
  readonly host: number;
  readonly row: number;
  readonly selected: boolean;
  readonly opened: boolean;
  readonly onPick: () => void;
  readonly onOpen: (host: number) => void;
}

const CELLS: readonly {
  readonly id: string;
  readonly path: Path;
  readonly kind?: 'list';
  readonly after?: string;
  readonly required?: boolean;
}[] = [
  { id: 'name', path: ['name'], required: true },
  { id: 'serial', path: ['serial'], after: 'name' },
  { id: 'roles', path: ['roles'], kind: 'list', after: 'serial' },
  { id: 'bmc_address', path: ['bmc', 'address'] },
  { id: 'bmc_credential', path: ['bmc', 'credential'], after: 'address' },
];

/** One host; its cells are fields, its last one opens the pane with the rest. */
export function HostRow({ model, host, row, selected, opened, onPick, onOpen }: HostRowProps) {
  const name = TEXT.show(valueAt(model.document, ['hosts', host, 'name'])) || text.hostAt(host + 1);
  const nics = valueAt(model.document, ['hosts', host, 'interfaces']);
  const wrong = problemsAt(model.problems, ['hosts', host, 'interfaces']).length;
  return (
    <tr aria-rowindex={row} data-selected={opened} data-picked={selected}>
      <td className="col-pick">
        <Checkbox id={`pick-${host}`} aria-label={text.pick(name)} isChecked={selected} onChange={onPick} />
      </td>
      {CELLS.map(({ id, path, kind, ...rest }) => (
        <td key={id} className={`col-${id}`}>
          <TextField
            {...rest}
            model={model}
            path={['hosts', host, ...path]}
            bare
            label={text.ofHost(text.column[id] ?? id, name)}
            {...(kind === undefined ? {} : { kind })}
          />
        </td>
      ))}
      <td className="col-nics">
        <button
          type="button"
          className="cell-link"
          aria-expanded={opened}
          aria-label={text.openHost(name)}
          onClick={() => {
            onOpen(host);
          }}
        >
          {wrong > 0 ? <span className="bad">{text.errors(wrong)}</span> : summaryOf(nics)}
        </button>
      </td>
    </tr>
  );
}

/** "nic1 10.20.0.11, +1" */
function summaryOf(nics: Json | undefined): string {
  if (!Array.isArray(nics) || nics.length === 0) return text.noInterface;
  const [first, ...others] = nics as readonly Readonly<Record<string, Json>>[];
  const shown = [first?.['name'], first?.['address'] ?? first?.['mac']].map((value) => TEXT.show(value));
  return `${shown.filter((part) => part !== '').join(' ')}${others.length === 0 ? '' : `, +${others.length}`}`;
}
