import { Button, SearchInput } from '@patternfly/react-core';
import { useRef } from 'react';
import { wizardText as text } from '../../text/wizard.ts';
import { LIST, TEXT } from '../model/field.ts';
import { valueAt } from '../model/paths.ts';
import type { SiteModel } from '../types.ts';
import { BulkBar } from './BulkBar.tsx';
import { download } from './download.ts';
import { writeTable } from './read-table.ts';

interface HostToolsProps {
  readonly model: SiteModel;
  /** Positions of the picked hosts, ascending. */
  readonly selected: readonly number[];
  readonly filter: string;
  readonly shown: number;
  readonly onFilter: (filter: string) => void;
  readonly onAdd: () => void;
  readonly onPaste: (pasted: string) => void;
  readonly onSelect: (selected: ReadonlySet<number>) => void;
}

/** What can be done with all hosts, or with those that are picked. */
export function HostTools(props: HostToolsProps) {
  const { model, selected, filter, shown, onFilter, onAdd, onPaste, onSelect } = props;
  const file = useRef<HTMLInputElement>(null);
  const hosts = valueAt(model.document, ['hosts']);
  const count = Array.isArray(hosts) ? hosts.length : 0;
  const save = (): void => {
    const rows = Array.from({ length: count }, (_, at) => at);
    const csv = writeTable(({ path, kind }) =>
      rows.map((at) => (kind === 'list' ? LIST : TEXT).show(valueAt(model.document, ['hosts', at, ...path]))),
    );
    download('hosts.csv', csv);
  };
  return (
    <div className="host-tools">
      <div className="tool-row">
        <Button variant="secondary" onClick={onAdd} isDisabled={model.document === null}>
          {text.addHost}
        </Button>
        <Button
          variant="secondary"
          isDisabled={model.document === null}
          onClick={() => {
            onPaste('');
          }}
        >
          {text.pasteTable}
        </Button>
        <Button
          variant="link"
          isInline
          isDisabled={model.document === null}
          onClick={() => file.current?.click()}
        >
          {text.importCsv}
        </Button>
        <Button variant="link" isInline isDisabled={count === 0} onClick={save}>
          {text.exportCsv}
        </Button>
        <input
          ref={file}
          className="visually-hidden"
          type="file"
          accept=".csv,.tsv,.txt,text/csv"
          aria-label={text.importCsv}
          tabIndex={-1}
          onChange={(event) => {
            void event.target.files?.[0]?.text().then(onPaste);
            event.target.value = '';
          }}
        />
        <SearchInput
          className="host-filter"
          aria-label={text.filterHosts}
          placeholder={text.filterHosts}
          value={filter}
          resultsCount={filter === '' ? '' : text.shownOf(shown, count)}
          onChange={(_event, value) => {
            onFilter(value);
          }}
          onClear={() => {
            onFilter('');
          }}
        />
      </div>
      {selected.length === 0 ? null : (
        <BulkBar model={model} selected={selected} count={count} onSelect={onSelect} />
      )}
    </div>
  );
}
