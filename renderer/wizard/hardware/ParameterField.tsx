import { Button, FormSelect, FormSelectOption, TextInput } from '@patternfly/react-core';
import { useMemo } from 'react';
import { parametersText as text } from '../../text/parameters.ts';
import { useField } from '../components/use-field.ts';
import { TEXT } from '../model/field.ts';
import { isWithin, jsonPath, valueAt } from '../model/paths.ts';
import { wordsAtField } from '../model/problem-words.ts';
import type { SiteModel } from '../types.ts';
import { formatOf } from './parameter-format.ts';
import type { Parameter } from './parameter-schema.ts';

interface ParameterFieldProps {
  readonly model: SiteModel;
  readonly parameter: Parameter;
}

/** One parameter of the stack: its field, its default, its limits, and what the check says of its value. */
export function ParameterField({ model, parameter }: ParameterFieldProps) {
  const { path, title, kind, byDefault, required } = parameter;
  const format = useMemo(() => formatOf(kind), [kind]);
  const field = useField({ model, path }, format);
  const { id, value, problems, refused } = field;
  const [problem] = problems;
  const missing = problem !== undefined && !isWithin(problem.path, jsonPath(path));
  const said = refused ?? (missing ? text.needed : problem === undefined ? undefined : wordsAtField(problem));
  const attributes = {
    ...field.attributes,
    'aria-describedby': said === undefined ? `${id}-hint` : `${id}-said ${id}-hint`,
  };
  const validated = attributes['aria-invalid'] ? 'error' : 'default';
  const options = optionsOf(parameter, model, value);
  const named = (option: string): string =>
    kind !== 'boolean' ? option : option === 'true' ? text.yes : option === 'false' ? text.no : option;
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
                label={byDefault === undefined ? text.notChosen(required) : text.byDefault(named(byDefault))}
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
          {value === '' || byDefault === undefined ? null : (
            <Button
              variant="link"
              isInline
              aria-label={text.useDefault(title)}
              onClick={() => {
                void field.commit('');
                // The button goes with the value; the focus would go with the button.
                document.getElementById(id)?.focus();
              }}
            >
              {text.byDefault('')}
            </Button>
          )}
        </div>
        {said === undefined ? null : (
          <p
            id={`${id}-said`}
            className={`field-said ${refused === null && problem?.severity === 'warning' ? 'warn' : 'bad'}`}
            role="alert"
          >
            {said}
          </p>
        )}
        <p id={`${id}-hint`} className="field-hint quiet">
          {hintsOf(parameter, options.length > 0, value === '' && !missing)}
        </p>
      </div>
    </div>
  );
}

/** What can be chosen; a value that is none of it stays visible. Empty where a text is typed. */
function optionsOf({ kind, choices, names }: Parameter, model: SiteModel, value: string): readonly string[] {
  const all = kind === 'boolean' ? ['true', 'false'] : names === undefined ? choices : namedIn(model, names);
  return all.length === 0 || value === '' || all.includes(value) ? all : [...all, value];
}

function namedIn({ document }: SiteModel, names: 'hosts' | 'networks'): readonly string[] {
  const list = valueAt(document, [names]);
  if (!Array.isArray(list)) return [];
  return list.map((_, at) => TEXT.show(valueAt(document, [names, at, 'name']))).filter((name) => name !== '');
}

function hintsOf(
  { description, byDefault, example, from, to, kind, required }: Parameter,
  chosen: boolean,
  empty: boolean,
): string {
  return [
    required && byDefault === undefined && empty ? text.needed : undefined,
    description,
    byDefault === undefined || byDefault === '' || chosen ? undefined : text.defaultIs(byDefault),
    example === undefined ? undefined : text.forExample(example),
    from === undefined && to === undefined ? undefined : text.limits(from, to),
    kind === 'texts' ? text.several : undefined,
    kind === 'json' ? text.asJson : undefined,
  ]
    .filter((hint) => hint !== undefined)
    .join(' ');
}
