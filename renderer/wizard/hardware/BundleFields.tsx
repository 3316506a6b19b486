import { Button } from '@patternfly/react-core';
import { useCallback, useState } from 'react';
import type { BringupClient } from '../../../src/contract/api.ts';
import { FilePicker } from '../../components/FilePicker.tsx';
import { bundleText as text } from '../../text/bundle.ts';
import { TextField } from '../components/fields.tsx';
import type { SiteModel } from '../types.ts';
import { BundleView } from './BundleView.tsx';
import { besideFile } from './beside-file.ts';
import { ErrorNote } from './ErrorNote.tsx';
import { useHeld } from './use-held.ts';

interface BundleFieldsProps {
  readonly client: BringupClient;
  readonly model: SiteModel;
}

/** The bundle: which file it is and what proves it, and at once what its list says and what the stages want of it. */
export function BundleFields({ client, model }: BundleFieldsProps) {
  const { file, edit } = model;
  const [picking, setPicking] = useState(false);
  const [refused, setRefused] = useState<Error | undefined>(undefined);
  const load = useCallback(() => client.call('bundle.look', { file }), [client, file]);
  const { value: look, error } = useHeld(load, model);
  const at = (name: string) => ({ model, path: ['bundle', name] });
  const explain = (reason: unknown): void => {
    setRefused(reason instanceof Error ? reason : new Error(String(reason)));
  };
  const set = (name: string, value: string): void => {
    setRefused(undefined);
    edit([{ op: 'set', path: ['bundle', name], value }]).catch(explain);
  };
  const take = (chosen: string): void => {
    setPicking(false);
    set('path', besideFile(file, chosen));
  };
  const choose = (): void => {
    client.call('files.choose', { kind: 'bundle' }).then(({ native, file: chosen }) => {
      if (!native) setPicking(true);
      else if (chosen !== null) take(chosen);
    }, explain);
  };
  const problem = refused ?? error;
  return (
    <section className="hw-form bundle" data-path="$.bundle" tabIndex={-1} aria-labelledby="bundle-title">
      <h2 id="bundle-title">{text.title}</h2>
      <p className="quiet">{text.meta}</p>
      <TextField {...at('path')} label={text.file} hint={text.fileHint} />
      <div className="field">
        <span />
        <div>
          <Button variant="secondary" onClick={choose}>
            {text.choose}
          </Button>
        </div>
      </div>
      <TextField {...at('key')} label={text.key} hint={text.keyHint} after="path" />
      <TextField {...at('sha256')} label={text.sha256} hint={text.sha256Hint} after="path" />
      {problem === undefined ? null : <ErrorNote error={problem} />}
      {look === undefined ? (
        <p className="quiet">{error === undefined ? text.reading : ''}</p>
      ) : (
        <BundleView
          look={look}
          onKey={(fingerprint) => {
            set('key', fingerprint);
          }}
        />
      )}
      {picking ? (
        <FilePicker
          client={client}
          kind="bundle"
          onChoose={take}
          onClose={() => {
            setPicking(false);
          }}
        />
      ) : null}
    </section>
  );
}
