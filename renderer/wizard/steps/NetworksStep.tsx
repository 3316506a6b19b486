import { Button } from '@patternfly/react-core';
import { useRef } from 'react';
import { wizardText as text } from '../../text/wizard.ts';
import { TextField } from '../components/fields.tsx';
import { Services } from '../components/Services.tsx';
import { appendTo } from '../model/field.ts';
import { focusField } from '../model/focus-field.ts';
import { valueAt } from '../model/paths.ts';
import type { Json, SiteModel, StepProps } from '../types.ts';

/** The networks of the site and who gives the services on them. */
export function NetworksStep({ model }: StepProps) {
  const main = useRef<HTMLFieldSetElement>(null);
  const networks = entries(valueAt(model.document, ['networks']));
  const add = (): void => {
    const at = networks.length;
    model.edit(appendTo(model.document, ['networks'], { name: '', cidr: '' })).then(
      () => {
        requestAnimationFrame(
          () => main.current !== null && focusField(main.current, `$.networks[${at}].name`),
        );
      },
      () => undefined,
    );
  };
  return (
    <fieldset className="step-main fields" disabled={model.document === null} ref={main}>
      <legend>{text.networks}</legend>
      {networks.map((network, index) => (
        <Network
          key={index}
          model={model}
          index={index}
          name={nameOf(network) || text.network}
          onRemove={() => {
            model.edit([{ op: 'remove', path: ['networks', index] }]).catch(() => undefined);
          }}
        />
      ))}
      {networks.length > 0 ? null : <p className="quiet">{text.noNetworkBody}</p>}
      <Button
        variant="secondary"
        className="field-add"
        onClick={add}
        {...(networks.length === 0 ? { 'data-path': '$.networks' } : {})}
      >
        {text.addNetwork}
      </Button>
      <h2>{text.services}</h2>
      <Services model={model} networks={networks.map(nameOf).filter((name) => name !== '')} />
    </fieldset>
  );
}

interface NetworkProps {
  readonly model: SiteModel;
  readonly index: number;
  readonly name: string;
  readonly onRemove: () => void;
}

function Network({ model, index, name, onRemove }: NetworkProps) {
  const field = (key: string, after?: string) => ({
    model,
    path: ['networks', index, key],
    ...(after === undefined ? {} : { after }),
  });
  return (
    <div className="entry" role="group" aria-label={name}>
      <TextField {...field('name')} required label={text.name} placeholder="mgmt" />
      <TextField {...field('cidr', 'name')} required label={text.cidr} placeholder="10.20.0.0/24" />
      <TextField {...field('gateway', 'cidr')} label={text.gateway} placeholder="10.20.0.1" />
      <TextField {...field('vlan', 'gateway')} kind="number" label={text.vlan} placeholder={text.untagged} />
      <TextField {...field('mtu', 'vlan')} kind="number" label={text.mtu} placeholder="1500" />
      <div className="entry-wide">
        <TextField
          {...field('dhcp_range', 'mtu')}
          kind="range"
          label={text.dhcpRange}
          placeholder={text.dhcpHint}
        />
      </div>
      <Button
        variant="link"
        isInline
        className="entry-remove"
        aria-label={text.removeNetwork(name)}
        onClick={onRemove}
      >
        {text.remove}
      </Button>
    </div>
  );
}

function entries(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

function nameOf(network: Json): string {
  const name = typeof network === 'object' && network !== null && 'name' in network ? network.name : '';
  return typeof name === 'string' ? name : '';
}
