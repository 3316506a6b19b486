import { wizardText as text } from '../../text/wizard.ts';
import { valueAt } from '../model/paths.ts';
import type { SiteModel } from '../types.ts';
import { ChoiceField, TextField } from './fields.tsx';

interface ServicesProps {
  readonly model: SiteModel;
  readonly networks: readonly string[];
}

type Mode = 'managed' | 'existing' | 'none';

/** The modes of each service, the one that holds when nothing is said first, and the fields that each mode has. */
const SERVICES: readonly {
  readonly name: string;
  readonly modes: readonly Mode[];
  readonly fields: Partial<Record<Mode, readonly string[]>>;
}[] = [
  { name: 'dns', modes: ['managed', 'existing'], fields: { managed: ['upstream'], existing: ['servers'] } },
  { name: 'ntp', modes: ['managed', 'existing'], fields: { managed: ['upstream'], existing: ['servers'] } },
  { name: 'dhcp', modes: ['none', 'managed', 'existing'], fields: { managed: ['network'] } },
  {
    name: 'repository',
    modes: ['none', 'managed', 'existing'],
    fields: { managed: ['protocols', 'credential'], existing: ['url'] },
  },
  {
    name: 'logging',
    modes: ['none', 'managed', 'existing'],
    fields: { existing: ['server', 'protocol'] },
  },
];

const LABELS: Readonly<Record<string, string>> = {
  upstream: text.upstream,
  servers: text.servers,
  network: text.onNetwork,
  protocols: text.protocols,
  url: text.url,
  server: text.server,
  credential: text.shareCredential,
  quota_gib: text.quota,
  keep_days: text.keepDays,
  limit_gib: text.limit,
  protocol: text.protocol,
  port: text.logPort,
};
const LISTS = ['upstream', 'servers', 'protocols'];
const NUMBERS = ['quota_gib', 'keep_days', 'limit_gib', 'port'];

/** One row a service: who gives it, and what has to be known then. A field that has no use in its mode stays visible while it is there. */
export function Services({ model, networks }: ServicesProps) {
  return (
    <table className="services">
      <thead>
        <tr>
          <th scope="col">{text.serviceColumn}</th>
          <th scope="col">{text.whoGives}</th>
          <th scope="col">{text.details}</th>
        </tr>
      </thead>
      <tbody>
        {SERVICES.map(({ name, modes, fields }) => {
          const set = valueAt(model.document, ['services', name]);
          const mode = valueAt(model.document, ['services', name, 'mode']) ?? modes[0];
          const there = typeof set === 'object' && set !== null ? Object.keys(set) : [];
          const wanted = fields[mode as Mode] ?? [];
          const shown = [...wanted, ...there.filter((field) => field in LABELS && !wanted.includes(field))];
          const [title, note] = text.service[name] ?? [name, ''];
          return (
            <tr key={name}>
              <th scope="row">
                <b>{title}</b>
                <span className="quiet block">{note}</span>
              </th>
              <td>
                <ChoiceField
                  model={model}
                  path={['services', name, 'mode']}
                  bare
                  label={`${title}: ${text.whoGives}`}
                  options={modes.map((value) => [value, text.mode[value] ?? value])}
                />
              </td>
              <td>
                {shown.map((field) => (
                  <ServiceField key={field} model={model} service={name} field={field} networks={networks} />
                ))}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

interface ServiceFieldProps extends ServicesProps {
  readonly service: string;
  readonly field: string;
}

function ServiceField({ model, service, field, networks }: ServiceFieldProps) {
  const target = { model, path: ['services', service, field], after: 'mode' };
  const label = LABELS[field] ?? field;
  if (field === 'network')
    return (
      <ChoiceField
        {...target}
        label={label}
        empty={text.none}
        options={networks.map((name) => [name, name])}
      />
    );
  return (
    <TextField
      {...target}
      kind={LISTS.includes(field) ? 'list' : NUMBERS.includes(field) ? 'number' : 'text'}
      label={label}
      {...(LISTS.includes(field)
        ? { placeholder: field === 'protocols' ? text.protocolsHint : text.addressesHint }
        : {})}
    />
  );
}
