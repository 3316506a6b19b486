import { prepareText as text } from '../../text/prepare.ts';
import { ChoiceField, TextField } from '../components/fields.tsx';
import type { SiteModel } from '../types.ts';

interface MachineFieldsProps {
  readonly model: SiteModel;
  /** Names of the networks in the site file. */
  readonly networks: readonly string[];
}

/** The KVM host: how it is reached and where the deployment VM will lie on it. */
export function KvmHostFields({ model, networks }: MachineFieldsProps) {
  const { fields, hints } = text;
  const at = (name: string) => ({ model, path: ['kvm_host', name] });
  return (
    <section className="hw-form" data-path="$.kvm_host" tabIndex={-1} aria-labelledby="kvm-host-title">
      <h2 id="kvm-host-title">{text.kvmHost}</h2>
      <p className="quiet">{text.kvmHostMeta}</p>
      <TextField {...at('address')} label={fields.address} hint={hints.address} required />
      <TextField {...at('port')} label={fields.port} kind="number" placeholder="22" after="address" />
      <TextField {...at('user')} label={fields.user} hint={hints.user} required />
      <TextField {...at('credential')} label={fields.credential} required />
      <TextField {...at('host_key')} label={fields.hostKey} hint={hints.hostKey} after="credential" />
      <NetworkField model={model} networks={networks} of="kvm_host" />
      <TextField {...at('bridge')} label={fields.bridge} hint={hints.bridge} required />
      <ChoiceField
        {...at('virtualization')}
        label={fields.virtualization}
        options={text.virtualization}
        after="bridge"
      />
      <TextField {...at('storage')} label={fields.storage} hint={hints.storage} after="bridge" />
      <FileFields
        model={model}
        path={['kvm_host', 'packages']}
        label={fields.packages}
        hint={hints.packages}
      />
    </section>
  );
}

/** The deployment VM: its size, its address, and what it is built from. */
export function DeploymentVmFields({ model, networks }: MachineFieldsProps) {
  const { fields, hints } = text;
  const at = (name: string) => ({ model, path: ['deployment_vm', name] });
  return (
    <section className="hw-form" data-path="$.deployment_vm" tabIndex={-1} aria-labelledby="vm-title">
      <h2 id="vm-title">{text.deploymentVm}</h2>
      <p className="quiet">{text.deploymentVmMeta}</p>
      <TextField {...at('name')} label={fields.name} placeholder="deploy" />
      <TextField {...at('address')} label={fields.address} required />
      <NetworkField model={model} networks={networks} of="deployment_vm" />
      <TextField {...at('user')} label={fields.user} placeholder="bringup" />
      <TextField {...at('cpus')} label={fields.cpus} kind="number" placeholder="4" />
      <TextField {...at('memory_mib')} label={fields.memory} kind="number" placeholder="8192" />
      <TextField {...at('disk_gib')} label={fields.disk} kind="number" placeholder="80" />
      <FileFields
        model={model}
        path={['deployment_vm', 'base_image']}
        label={fields.image}
        hint={hints.image}
      />
      <FileFields
        model={model}
        path={['deployment_vm', 'packages']}
        label={fields.packages}
        hint={hints.packages}
      />
    </section>
  );
}

function NetworkField({
  model,
  networks,
  of,
}: MachineFieldsProps & { readonly of: 'kvm_host' | 'deployment_vm' }) {
  return (
    <ChoiceField
      model={model}
      path={[of, 'network']}
      label={text.fields.network}
      options={networks.map((name) => [name, name])}
      empty="–"
      required
    />
  );
}

interface FileFieldsProps {
  readonly model: SiteModel;
  readonly path: readonly string[];
  readonly label: string;
  readonly hint: string;
}

/** A file beside the site file, with the checksum it must have. */
function FileFields({ model, path, label, hint }: FileFieldsProps) {
  return (
    <>
      <TextField model={model} path={[...path, 'path']} label={label} hint={hint} />
      <TextField model={model} path={[...path, 'sha256']} label={`${label}, ${text.fields.sha256}`} />
    </>
  );
}
