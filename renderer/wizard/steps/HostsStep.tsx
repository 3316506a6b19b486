import { useState, type ClipboardEvent } from 'react';
import { wizardText as text } from '../../text/wizard.ts';
import { HostDetails } from '../hosts/HostDetails.tsx';
import { HostTable } from '../hosts/HostTable.tsx';
import { HostTools } from '../hosts/HostTools.tsx';
import { PasteDialog } from '../hosts/PasteDialog.tsx';
import { appendTo, TEXT } from '../model/field.ts';
import { parsePath, valueAt } from '../model/paths.ts';
import type { SiteModel, StepProps } from '../types.ts';

const IN_TABLE = /^\$\.hosts\[\d+\](\.(name|serial|roles)\b.*|\.bmc\.(address|credential))?$/;

/** The servers as one dense table; what a row has no room for is in the pane of its host. */
export function HostsStep({ model, focus }: StepProps) {
  const [opened, setOpened] = useState<number | null>(null);
  const [followed, setFollowed] = useState<string | undefined>(undefined);
  const [pasted, setPasted] = useState<string | null>(null);
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set());
  const [filter, setFilter] = useState('');
  const [aim, setAim] = useState<string | undefined>(focus);
  const names = hostNames(model);
  if (focus !== followed) {
    setFollowed(focus);
    setAim(focus);
    setFilter('');
    if (focus !== undefined && !IN_TABLE.test(focus)) setOpened(hostOf(focus));
  }
  const shown = names.flatMap((_, at) => (matches(model, at, filter) ? [at] : []));
  const catchTable = (event: ClipboardEvent): void => {
    const clip = event.clipboardData.getData('text/plain');
    if (!/[\t\n]/.test(clip.trim())) return;
    event.preventDefault();
    setPasted(clip);
  };
  const add = (): void => {
    setFilter('');
    model.edit(appendTo(model.document, ['hosts'], { name: '', profile: 'auto' })).then(
      () => {
        setAim(`$.hosts[${names.length}].name`);
      },
      () => undefined,
    );
  };
  return (
    <>
      <div className="step-main hosts-step" onPaste={catchTable}>
        <HostTools
          model={model}
          selected={[...selected].filter((at) => at < names.length).sort((a, b) => a - b)}
          filter={filter}
          shown={shown.length}
          onFilter={setFilter}
          onAdd={add}
          onPaste={setPasted}
          onSelect={setSelected}
        />
        {names.length === 0 ? (
          <div className="empty-step">
            <h2>{text.noHostsTitle}</h2>
            <p>{text.noHostsBody}</p>
          </div>
        ) : (
          <HostTable
            model={model}
            shown={shown}
            selected={selected}
            opened={opened}
            aim={aim}
            onAim={setAim}
            onSelect={setSelected}
            onOpen={setOpened}
          />
        )}
      </div>
      {opened === null || opened >= names.length ? null : (
        <HostDetails
          key={opened}
          model={model}
          host={opened}
          onClose={() => {
            setAim(`$.hosts[${opened}].name`);
            setOpened(null);
          }}
        />
      )}
      {pasted === null ? null : (
        <PasteDialog
          model={model}
          pasted={pasted}
          onClose={() => {
            setPasted(null);
          }}
        />
      )}
    </>
  );
}

function hostOf(path: string): number | null {
  const at = parsePath(path)[1];
  return typeof at === 'number' ? at : null;
}

function hostNames(model: SiteModel): readonly unknown[] {
  const hosts = valueAt(model.document, ['hosts']);
  return Array.isArray(hosts) ? hosts : [];
}

/** Whether the name, serial number, a role or an address of a host contains the filter. */
function matches(model: SiteModel, at: number, filter: string): boolean {
  const wanted = filter.trim().toLowerCase();
  if (wanted === '') return true;
  return [['name'], ['serial'], ['roles'], ['bmc', 'address'], ['interfaces', 0, 'address']].some((path) =>
    TEXT.show(valueAt(model.document, ['hosts', at, ...path]))
      .toLowerCase()
      .includes(wanted),
  );
}
