import { Button } from '@patternfly/react-core';
import { useCallback, useMemo } from 'react';
import { StatusWord } from '../../components/Status.tsx';
import '../../styles/parameters.css';
import { parametersText as text } from '../../text/parameters.ts';
import { ErrorNote } from '../hardware/ErrorNote.tsx';
import { errorsOf } from '../hardware/FileErrors.tsx';
import { setIn } from '../hardware/parameter-count.ts';
import { ParameterEntries } from '../hardware/ParameterEntries.tsx';
import { parametersOf } from '../hardware/parameter-schema.ts';
import { ParameterSection } from '../hardware/ParameterSection.tsx';
import { textOf } from '../hardware/site-view.ts';
import { StepFrame } from '../hardware/StepFrame.tsx';
import { useHeld } from '../hardware/use-held.ts';
import { valueAt } from '../model/paths.ts';
import type { StepProps } from '../types.ts';

const NO_TEXT = { text: '', saving: false };

/** The parameters of the stack as a form made from its own schema; what is left empty takes the default. */
export function ParametersStep({ client, model, focus, go }: StepProps) {
  const stack = textOf(valueAt(model.document, ['stack'])) ?? '';
  const load = useCallback(
    async () => (stack === '' ? { schema: null } : client.call('stacks.parameters', { name: stack })),
    [client, stack],
  );
  const { value, error } = useHeld(load, NO_TEXT);
  const entries = useMemo(() => (value?.schema == null ? [] : parametersOf(value.schema)), [value]);
  const groups = entries.filter((entry) => entry.kind === 'group');
  const single = entries.filter((entry) => entry.kind !== 'group');
  const wrong = errorsOf(model.problems).filter(({ path }) => path.startsWith('$.parameters')).length;
  return (
    <StepFrame
      verdict={
        entries.length === 0 ? null : (
          <StatusWord status={wrong > 0 ? 'failed' : 'ok'}>
            {wrong > 0 ? text.wrong(wrong) : text.set(setIn(model.document, entries))}
          </StatusWord>
        )
      }
      meta={stack === '' ? '' : text.meta(stack)}
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
      ) : value !== undefined && entries.length === 0 ? (
        <p className="hw-empty">{text.none(stack)}</p>
      ) : null}
      {single.length === 0 ? null : (
        <div className="hw-form">
          <ParameterEntries model={model} entries={single} />
        </div>
      )}
      {groups.map((group) => (
        <ParameterSection key={group.name} model={model} group={group} focus={focus} />
      ))}
    </StepFrame>
  );
}
