import { Button, FormSelect, FormSelectOption, TextInput } from '@patternfly/react-core';
import { useMemo } from 'react';
import { prepareText as text } from '../../text/prepare.ts';
import { useField } from '../components/use-field.ts';
import type { SiteModel } from '../types.ts';
import { formatOf, type Parameter } from './parameter-schema.ts';

interface ParameterFieldProps {
  readonly model: SiteModel;
  readonly parameter: Parameter;
}

/** One parameter of the stack: its field, its default, its limits, and what the check says of its value. */
export function ParameterField({ model, parameter }: ParameterFieldProps) {
  const { path, title, description, kind, byDefault, from, to, choices } = parameter;
  const format = useMemo(() => formatOf(kind), [kind]);
  const field = useField({ model, path }, format);
  const { id, value, problems, refused, attributes } = field;
  const [problem] = problems;
  const validated = attributes['aria-invalid'] ? 'error' : 'default';
  const options = kind === 'boolean' ? ['true', 'false'] : choices;
  const named = (option: string): string =>
    kind !== 'boolean' ? option : option === 'true' ? text.yes : text.no;
  const hints = [
    description,
    byDefault === undefined ? undefined : text.defaultIs(kind === 'boolean' ? named(byDefault) : byDefault),
    from === undefined && to === undefined ? undefined : text.limits(from, to),
    kind === 'json' ? text.asJson : undefined,
  ];
  return (
    <div className="field parameter">
      <label htmlFor={id}>{title}</label>
      <div className="field-value">
        <div className="parameter-value">
          {options.length > 0 ? (
            <FormSelect
              id={id}
              value={value}
              validated={validated}
              {...attributes}
              onChange={(_event, chosen) => void field.commit(chosen)}
            >
              <FormSelectOption
                value=""
                label={text.byDefault(byDefault === undefined ? '' : named(byDefault))}
              />
              {options.map((option) => (
                <FormSelectOption key={option} value={option} label={named(option)} />
              ))}
            </FormSelect>
          ) : (
            <TextInput
              id={id}
              value={value}
              validated={validated}
              spellCheck={false}
              autoComplete="off"
              placeholder={byDefault ?? ''}
              {...(kind === 'integer' || kind === 'number' ? { inputMode: 'numeric' } : {})}
              {...attributes}
              onChange={(_event, typed) => {
                field.change(typed);
              }}
              onBlur={field.onBlur}
              onKeyDown={field.onKeyDown}
            />
          )}
          {value === '' ? null : (
            <Button
              variant="link"
              isInline
              aria-label={text.useDefault(title)}
              onClick={() => void field.commit('')}
            >
              {text.byDefault('')}
            </Button>
          )}
        </div>
        {refused !== null || problem !== undefined ? (
          <p id={`${id}-said`} className="field-said bad" role="alert">
            {refused ?? problem?.message}
          </p>
        ) : null}
        <p className="field-hint quiet">{hints.filter((hint) => hint !== undefined).join(' ')}</p>
      </div>
    </div>
  );
}
