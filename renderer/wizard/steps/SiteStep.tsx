import { useEffect, useState } from 'react';
import type { StackSummary } from '../../../src/contract/api.ts';
import { wizardText as text } from '../../text/wizard.ts';
import { ChoiceField, TextField } from '../components/fields.tsx';
import { valueAt } from '../model/paths.ts';
import type { StepProps } from '../types.ts';

const ZONES = ['Etc/UTC', ...Intl.supportedValuesOf('timeZone')];

/** What and where the site is, and which stack is deployed there. */
export function SiteStep({ client, model }: StepProps) {
  const [stacks, setStacks] = useState<readonly StackSummary[]>([]);
  useEffect(() => {
    client.call('stacks.list', {}).then(
      (answer) => {
        setStacks(answer.stacks);
      },
      () => undefined,
    );
  }, [client]);
  const chosen = stacks.find(({ name }) => name === valueAt(model.document, ['stack']));
  const about = (name: string, after?: string) => ({
    model,
    path: ['site', name],
    ...(after === undefined ? {} : { after }),
  });
  const contact = (name: string, after?: string) => ({
    model,
    path: ['site', 'contact', name],
    ...(after === undefined ? {} : { after }),
  });
  return (
    <fieldset className="step-main fields" disabled={model.document === null}>
      <legend>{text.about}</legend>
      <TextField {...about('name')} required label={text.name} hint={text.hints.name} />
      <TextField {...about('customer', 'name')} label={text.customer} />
      <TextField {...about('location', 'customer')} label={text.location} />
      <TextField {...contact('name')} label={text.contactName} />
      <TextField {...contact('phone', 'name')} label={text.phone} />
      <TextField {...contact('email', 'phone')} label={text.email} />
      <TextField {...about('domain')} required label={text.domain} hint={text.hints.domain} />
      <TextField
        {...about('timezone', 'domain')}
        label={text.timezone}
        hint={text.hints.timezone}
        suggestions={ZONES}
      />
      <h2>{text.deployed}</h2>
      <ChoiceField
        model={model}
        path={['stack']}
        label={text.stack}
        options={stacks.map(({ name, title }) => [name, title === name ? name : `${name}: ${title}`])}
        empty={text.none}
        {...(chosen === undefined ? {} : { hint: text.stackStages(chosen.version, chosen.stages.length) })}
      />
    </fieldset>
  );
}
