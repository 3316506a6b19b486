import { Button } from '@patternfly/react-core';
import { useId, useRef } from 'react';
import { parametersText as text } from '../../text/parameters.ts';
import { appendTo, editsFor, TEXT } from '../model/field.ts';
import { focusField } from '../model/focus-field.ts';
import { jsonPath, valueAt, type Path } from '../model/paths.ts';
import type { Json, SiteModel } from '../types.ts';
import { ParameterField } from './ParameterField.tsx';
import {
  parametersOf,
  type Parameter,
  type ParameterEntry,
  type ParameterGroup,
  type ParameterList,
} from './parameter-schema.ts';

interface ParameterEntriesProps {
  readonly model: SiteModel;
  readonly entries: readonly ParameterEntry[];
}

/** Fields in the order of the schema; an object and a list of objects among them each in a frame of their own. */
export function ParameterEntries({ model, entries }: ParameterEntriesProps) {
  return entries.map((entry) => {
    const key = entry.name;
    if (entry.kind === 'list') return <Rows key={key} model={model} list={entry} />;
    if (entry.kind === 'group') return <Nest key={key} model={model} group={entry} />;
    return <ParameterField key={key} model={model} parameter={entry} />;
  });
}

interface NestProps {
  readonly model: SiteModel;
  readonly group: ParameterGroup;
}

function Nest({ model, group: { title, description, entries } }: NestProps) {
  const id = useId();
  return (
    <div className="parameter-nest" role="group" aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      {description === undefined ? null : <p className="quiet">{description}</p>}
      <ParameterEntries model={model} entries={entries} />
    </div>
  );
}

interface RowsProps {
  readonly model: SiteModel;
  readonly list: ParameterList;
}

/** A list of objects: each entry with its fields, a way to add one and to take one out. */
function Rows({ model, list: { path, title, description, items } }: RowsProps) {
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  const addButton = useRef<HTMLButtonElement>(null);
  const value = valueAt(model.document, path);
  const rows = Array.isArray(value) ? value.length : 0;
  const problem = model.problems.find((one) => one.path === jsonPath(path));
  const add = (): void => {
    const fields = parametersOf(items, [...path, rows]);
    model.edit(appendTo(model.document, path, blank(fields))).then(
      () => {
        const first = jsonPath(fields[0]?.path ?? path);
        requestAnimationFrame(() => frame.current !== null && focusField(frame.current, first));
      },
      () => undefined,
    );
  };
  const remove = (at: number): void => {
    const edits =
      rows === 1
        ? editsFor(model.document, path, undefined)
        : [{ op: 'remove' as const, path: [...path, at] }];
    model.edit(edits).then(
      () => addButton.current?.focus(),
      () => undefined,
    );
  };
  return (
    <div className="parameter-nest" role="group" aria-labelledby={id} ref={frame}>
      <h3 id={id}>{title}</h3>
      <p className="quiet">
        {description} {rows === 0 ? text.noEntries : null}
      </p>
      {problem === undefined ? null : (
        <p className="field-said bad" role="alert">
          {problem.message}
        </p>
      )}
      {Array.from({ length: rows }, (_, at) => (
        <Row key={at} {...{ model, items, at, path: [...path, at], onRemove: remove }} />
      ))}
      <Button
        ref={addButton}
        variant="secondary"
        className="parameter-add"
        aria-label={text.addTo(title)}
        onClick={add}
        {...(rows === 0 ? { 'data-path': jsonPath(path) } : {})}
      >
        {text.add}
      </Button>
    </div>
  );
}

interface RowProps {
  readonly model: SiteModel;
  readonly items: ParameterList['items'];
  readonly path: Path;
  readonly at: number;
  readonly onRemove: (at: number) => void;
}

function Row({ model, items, path, at, onRemove }: RowProps) {
  const fields = parametersOf(items, path);
  const called = fields.find(isText);
  const name = called === undefined ? '' : TEXT.show(valueAt(model.document, called.path));
  const title = name === '' ? text.entry(at + 1) : name;
  return (
    <div className="parameter-row" role="group" aria-label={title}>
      <div className="parameter-row-head">
        <b>{title}</b>
        <Button
          variant="link"
          isInline
          aria-label={text.removeEntry(title)}
          onClick={() => {
            onRemove(at);
          }}
        >
          {text.remove}
        </Button>
      </div>
      <ParameterEntries model={model} entries={fields} />
    </div>
  );
}

/** A new entry with what it must have left empty, so that the check names it at once. */
function blank(fields: readonly ParameterEntry[]): Json {
  return Object.fromEntries(
    fields
      .filter(isText)
      .filter((one) => one.required)
      .map((one) => [one.name, '']),
  );
}

function isText(entry: ParameterEntry): entry is Parameter {
  return entry.kind === 'text';
}
