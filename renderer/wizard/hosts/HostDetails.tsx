import { Button } from '@patternfly/react-core';
import { wizardText as text } from '../../text/wizard.ts';
import { ChoiceField, TextField } from '../components/fields.tsx';
import { appendTo, TEXT } from '../model/field.ts';
import { valueAt } from '../model/paths.ts';
import type { Json, SiteModel } from '../types.ts';

interface HostDetailsProps {
  readonly model: SiteModel;
  readonly host: number;
  readonly onClose: () => void;
}

/** What a row has no room for: the interfaces of a host, its login, and the finer points of its BMC. */
export function HostDetails({ model, host, onClose }: HostDetailsProps) {
  const at = ['hosts', host] as const;
  const name = TEXT.show(valueAt(model.document, [...at, 'name'])) || text.hostAt(host + 1);
  const nics = listOf(valueAt(model.document, [...at, 'interfaces']));
  const networks = listOf(valueAt(model.document, ['networks']))
    .map((_, index) => TEXT.show(valueAt(model.document, ['networks', index, 'name'])))
    .filter((one) => one !== '');
  const change = (edits: Parameters<SiteModel['edit']>[0]): void => {
    model.edit(edits).catch(() => undefined);
  };
  const field = (group: string, key: string, after?: string) => ({
    model,
    path: [...at, group, key],
    ...(after === undefined ? {} : { after }),
  });
  return (
    <aside
      className="pane host-details"
      aria-label={text.detailsOf(name)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      <header className="pane-head">
        <h2>{name}</h2>
        <Button variant="link" isInline onClick={onClose}>
          {text.closeDetails}
        </Button>
      </header>
      <h3>{text.interfaces}</h3>
      {nics.map((_, index) => {
        const nic = [...at, 'interfaces', index];
        const nicName = TEXT.show(valueAt(model.document, [...nic, 'name'])) || text.interfaceAt(index + 1);
        return (
          <div key={index} className="entry entry-small" role="group" aria-label={nicName}>
            <TextField model={model} path={[...nic, 'name']} required label={text.name} />
            <TextField model={model} path={[...nic, 'mac']} after="name" label={text.mac} />
            <ChoiceField
              model={model}
              path={[...nic, 'network']}
              after="mac"
              label={text.network}
              empty={text.none}
              options={networks.map((one) => [one, one])}
            />
            <TextField model={model} path={[...nic, 'address']} after="network" label={text.address} />
            <TextField
              model={model}
              path={[...nic, 'switch_port']}
              label={text.switchPort}
              placeholder="leaf1:Ethernet1"
            />
            <Button
              variant="link"
              isInline
              className="entry-remove"
              onClick={() => {
                change([{ op: 'remove', path: nic }]);
              }}
            >
              {text.removeInterface(nicName)}
            </Button>
          </div>
        );
      })}
      <Button
        variant="secondary"
        onClick={() => {
          change(appendTo(model.document, [...at, 'interfaces'], { name: `nic${nics.length + 1}` }));
        }}
      >
        {text.addInterface}
      </Button>
      <h3>{text.ssh}</h3>
      <div className="entry entry-small">
        <TextField {...field('ssh', 'user')} label={text.user} />
        <TextField {...field('ssh', 'port', 'user')} kind="number" label={text.port} placeholder="22" />
        <TextField {...field('ssh', 'credential')} label={text.credential} />
        <TextField {...field('ssh', 'host_key')} label={text.hostKey} placeholder="SHA256:…" />
      </div>
      <h3>{text.bmc}</h3>
      <div className="entry entry-small">
        <TextField {...field('bmc', 'port', 'address')} kind="number" label={text.port} placeholder="443" />
        <TextField {...field('bmc', 'certificate')} label={text.certificate} placeholder={text.pinnedLater} />
      </div>
    </aside>
  );
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}
