import { FormSelect, FormSelectOption, TextInput } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import type { Problem } from '../../../src/contract/api.ts';
import { LIST, NUMBER, RANGE, TEXT, type Format } from '../model/field.ts';
import { useField, type FieldTarget } from './use-field.ts';

interface FieldProps extends FieldTarget {
  readonly label: string;
  readonly hint?: string;
  readonly placeholder?: string;
  /** In a table the column names the field; the label is then for screen readers alone. */
  readonly bare?: boolean;
}

const FORMATS = { text: TEXT, number: NUMBER, list: LIST, range: RANGE } satisfies Record<string, Format>;

interface TextFieldProps extends FieldProps {
  readonly kind?: keyof typeof FORMATS;
  readonly suggestions?: readonly string[];
}

/** One line of text, a number, or several texts with commas. */
export function TextField({ kind = 'text', label, placeholder, suggestions, ...props }: TextFieldProps) {
  const field = useField(props, FORMATS[kind]);
  const list = suggestions === undefined ? {} : { list: `${field.id}-list` };
  return (
    <FieldFrame {...props} id={field.id} label={label} problems={field.problems} refused={field.refused}>
      <TextInput
        id={field.id}
        value={field.value}
        validated={field.attributes['aria-invalid'] ? 'error' : 'default'}
        spellCheck={false}
        autoComplete="off"
        {...list}
        {...(placeholder === undefined ? {} : { placeholder })}
        {...field.attributes}
        {...(kind === 'number' ? { inputMode: 'numeric' } : {})}
        {...(props.bare === true && field.value !== '' ? { title: field.value } : {})}
        onChange={(_event, value) => {
          field.change(value);
        }}
        onBlur={field.onBlur}
        onKeyDown={field.onKeyDown}
      />
      {suggestions === undefined ? null : (
        <datalist id={`${field.id}-list`}>
          {suggestions.map((value) => (
            <option key={value} value={value} />
          ))}
        </datalist>
      )}
    </FieldFrame>
  );
}

interface ChoiceFieldProps extends FieldProps {
  /** Values and how they are called; the first is what holds where the field is missing, unless `empty` names that. */
  readonly options: readonly (readonly [value: string, label: string])[];
  readonly empty?: string;
}

/** One of a few values, written at once. A value that is none of them stays visible. */
export function ChoiceField({ label, options, empty, ...props }: ChoiceFieldProps) {
  const field = useField(props, TEXT);
  const known = options.some(([value]) => value === field.value);
  const shown = field.value === '' && empty === undefined ? (options[0]?.[0] ?? '') : field.value;
  return (
    <FieldFrame {...props} id={field.id} label={label} problems={field.problems} refused={field.refused}>
      <FormSelect
        id={field.id}
        value={shown}
        validated={field.attributes['aria-invalid'] ? 'error' : 'default'}
        {...field.attributes}
        onChange={(_event, value) => void field.commit(value)}
      >
        {empty === undefined ? null : <FormSelectOption value="" label={empty} />}
        {known || field.value === '' ? null : <FormSelectOption value={field.value} label={field.value} />}
        {options.map(([value, text]) => (
          <FormSelectOption key={value} value={value} label={text} />
        ))}
      </FormSelect>
    </FieldFrame>
  );
}

interface FrameProps {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly bare?: boolean;
  readonly problems: readonly Problem[];
  readonly refused: string | null;
  readonly children: ReactNode;
}

/** Label, field and, below it, what is wrong with its value or else what belongs there. */
function FieldFrame({ id, label, hint, bare = false, problems, refused, children }: FrameProps) {
  const [problem] = problems;
  return (
    <div className={bare ? 'field field-bare' : 'field'}>
      <label htmlFor={id} className={bare ? 'visually-hidden' : undefined}>
        {label}
      </label>
      <div className="field-value">
        {children}
        {refused !== null ? (
          <p id={`${id}-said`} className="field-said bad" role="alert">
            {refused}
          </p>
        ) : problem === undefined ? (
          hint === undefined ? null : (
            <p className="field-hint quiet">{hint}</p>
          )
        ) : (
          <p id={`${id}-said`} className={`field-said ${problem.severity === 'error' ? 'bad' : 'warn'}`}>
            {problem.message}
            {problem.hint === undefined ? null : <span className="quiet"> {problem.hint}</span>}
          </p>
        )}
      </div>
    </div>
  );
}
