import { Button } from '@patternfly/react-core';
import { useCallback } from 'react';
import type { Status } from '../../../src/contract/events.ts';
import { StatusWord } from '../../components/Status.tsx';
import { prepareText as text } from '../../text/prepare.ts';
import { ErrorNote } from '../hardware/ErrorNote.tsx';
import { parametersOf } from '../hardware/parameter-schema.ts';
import { ParameterField } from '../hardware/ParameterField.tsx';
import { textOf } from '../hardware/site-view.ts';
import { StepFrame } from '../hardware/StepFrame.tsx';
import { useHeld } from '../hardware/use-held.ts';
import { valueAt } from '../model/paths.ts';
import type { StepProps } from '../types.ts';

const NO_TEXT = { text: '', saving: false };

/** The parameters of the stack as a form made from its own schema; what is left empty takes the default. */
export function ParametersStep({ client, model, go }: StepProps) {
  const stack = textOf(valueAt(model.document, ['stack'])) ?? '';
  const load = useCallback(
    async () => (stack === '' ? { schema: null } : client.call('stacks.parameters', { name: stack })),
    [client, stack],
  );
  const { value, error } = useHeld(load, NO_TEXT);
  const parameters = value?.schema == null ? [] : parametersOf(value.schema);
  const set = parameters.filter(({ path }) => valueAt(model.document, path) !== undefined).length;
  const wrong = model.problems.filter(({ path }) => path.startsWith('$.parameters'));
  const status: Status = wrong.some(({ severity }) => severity === 'error') ? 'failed' : 'ok';
  const groups = [...new Set(parameters.map(({ group }) => group))];
  return (
    <StepFrame
      verdict={
        parameters.length === 0 ? null : (
          <StatusWord status={status}>{text.parametersSet(set, parameters.length)}</StatusWord>
        )
      }
      meta={stack === '' ? '' : text.parametersMeta(stack)}
    >
      {error === undefined ? null : <ErrorNote error={error} />}
      {stack === '' ? (
        <p className="hw-empty">
          {text.noStack}{' '}
          <Button
            variant="link"
            isInline
            onClick={() => {
              go('site', '$.stack');
            }}
          >
            {text.toSite}
          </Button>
        </p>
      ) : value !== undefined && parameters.length === 0 ? (
        <p className="hw-empty">{text.parametersNone(stack)}</p>
      ) : null}
      {groups.map((group) => (
        <section key={group ?? ''} className="hw-form">
          {group === undefined ? null : <h2>{group}</h2>}
          {parameters
            .filter((parameter) => parameter.group === group)
            .map((parameter) => (
              <ParameterField key={parameter.path.join('.')} model={model} parameter={parameter} />
            ))}
        </section>
      ))}
    </StepFrame>
  );
}
