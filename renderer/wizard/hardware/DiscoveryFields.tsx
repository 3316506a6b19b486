import { hardwareText as text } from '../../text/hardware.ts';
import { ChoiceField, TextField } from '../components/fields.tsx';
import type { SiteModel } from '../types.ts';

/** How BMCs are found and reached beyond the addresses that hosts name: the section `discovery` of the site file. */
export function DiscoveryFields({ model }: { readonly model: SiteModel }) {
  const { ways } = text;
  const at = (name: string) => ({ model, path: ['discovery', name] });
  return (
    <section className="hw-form" data-path="$.discovery" tabIndex={-1} aria-labelledby="ways-title">
      <h2 id="ways-title">{ways.title}</h2>
      <ChoiceField {...at('via')} label={ways.via} options={ways.vias} />
      <TextField {...at('ranges')} label={ways.ranges} hint={ways.rangesHint} kind="list" />
      <TextField {...at('credential')} label={ways.credential} hint={ways.credentialHint} />
      <TextField {...at('ca')} label={ways.ca} hint={ways.caHint} />
    </section>
  );
}
