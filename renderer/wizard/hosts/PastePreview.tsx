import { FormSelect, FormSelectOption } from '@patternfly/react-core';
import { FailedIcon, SkippedIcon, TickIcon, WarningIcon } from '../../components/icons.ts';
import { wizardText as text } from '../../text/wizard.ts';
import { TEXT } from '../model/field.ts';
import { COLUMNS, columnTitle } from './columns.ts';
import type { PlannedRow } from './plan-paste.ts';
import type { PastedTable } from './read-table.ts';

interface PastePreviewProps {
  readonly table: PastedTable;
  readonly rows: readonly PlannedRow[];
  readonly onColumn: (at: number, id: string) => void;
}

/** Rows that are drawn; what is wrong comes first, so nothing that matters is left out. */
const SHOWN = 100;
const ORDER: readonly PlannedRow['what'][] = ['wrong', 'change', 'add', 'same'];
const SIGNS = { add: TickIcon, change: TickIcon, same: SkippedIcon, wrong: FailedIcon };

/** What each row will do and why not; the meaning of a column can be chosen in its heading. */
export function PastePreview({ table, rows, onColumn }: PastePreviewProps) {
  const sorted = rows
    .map((row, at) => ({ row, at }))
    .sort((a, b) => ORDER.indexOf(a.row.what) - ORDER.indexOf(b.row.what) || a.at - b.at);
  const numberOf = (what: PlannedRow['what']): number => rows.filter((row) => row.what === what).length;
  return (
    <>
      <p className="paste-sum" role="status">
        <b>{text.pasteSum(numberOf('add'), numberOf('change'), numberOf('same'))}</b>
        {numberOf('wrong') === 0 ? null : <b className="bad">{text.pasteWrong(numberOf('wrong'))}</b>}
        <span className="quiet">{table.header === null ? text.noHeader : text.withHeader}</span>
      </p>
      {table.secrets.length === 0 ? null : (
        <p className="paste-secret">
          <WarningIcon /> {text.secretColumns(table.secrets.join(', '))}
        </p>
      )}
      <div className="paste-rows" tabIndex={0} role="region" aria-label={text.preview}>
        <table>
          <thead>
            <tr>
              <th scope="col">{text.willBe}</th>
              {table.columns.map((column, at) => (
                <th key={at} scope="col">
                  <span className="quiet block">{table.header?.[at] ?? text.columnAt(at + 1)}</span>
                  <FormSelect
                    value={column?.id ?? ''}
                    aria-label={text.meaningOf(table.header?.[at] ?? text.columnAt(at + 1))}
                    onChange={(_event, id) => {
                      onColumn(at, id);
                    }}
                  >
                    <FormSelectOption value="" label={text.leftOut} />
                    {COLUMNS.map((one) => (
                      <FormSelectOption key={one.id} value={one.id} label={columnTitle(one)} />
                    ))}
                  </FormSelect>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sorted.slice(0, SHOWN).map(({ row, at }) => {
              const Sign = SIGNS[row.what];
              return (
                <tr key={at} data-what={row.what}>
                  <th scope="row">
                    <span className={row.what === 'wrong' ? 'sign sign-failed' : 'sign'} aria-hidden="true">
                      <Sign />
                    </span>{' '}
                    {text.rowWhat[row.what]}
                    {row.wrong.length === 0 ? null : (
                      <span className="bad block">{row.wrong.join('; ')}</span>
                    )}
                  </th>
                  {row.cells.map((cell, column) => (
                    <td key={column} className={cell?.wrong === undefined ? '' : 'offends'}>
                      {cell === null
                        ? ''
                        : Array.isArray(cell.value)
                          ? cell.value.join(', ')
                          : TEXT.show(cell.value)}
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {rows.length <= SHOWN ? null : <p className="quiet">{text.moreRows(rows.length - SHOWN)}</p>}
    </>
  );
}
