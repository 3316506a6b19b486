import { Button, SearchInput } from '@patternfly/react-core';
import { useState } from 'react';
import type { BringupClient } from '../../../src/contract/api.ts';
import { hardwareText as text } from '../../text/hardware.ts';
import { ErrorNote } from './ErrorNote.tsx';

interface RawResourcesProps {
  readonly client: BringupClient;
  readonly file: string;
  readonly bmc: string;
}

/** More resources than this are not drawn at once; the filter finds the rest. */
const MOST = 50;

/** What the BMC itself answered, on request: it is long, and only wanted where a snapshot looks wrong. */
export function RawResources({ client, file, bmc }: RawResourcesProps) {
  const [resources, setResources] = useState<Readonly<Record<string, unknown>> | null | undefined>(undefined);
  const [error, setError] = useState<Error | undefined>(undefined);
  const [wanted, setWanted] = useState('');
  const load = (): void => {
    client.call('hardware.raw', { file, bmc }).then(
      (answer) => {
        setResources(answer.resources);
      },
      (reason: unknown) => {
        setError(reason instanceof Error ? reason : new Error(String(reason)));
      },
    );
  };
  if (error !== undefined) return <ErrorNote error={error} onAgain={load} />;
  if (resources === undefined)
    return (
      <Button variant="link" isInline onClick={load}>
        {text.rawShow}
      </Button>
    );
  if (resources === null) return <p className="quiet">{text.rawNone}</p>;
  const uris = Object.keys(resources).filter((uri) => uri.toLowerCase().includes(wanted.toLowerCase()));
  const shown = uris.slice(0, MOST);
  return (
    <section className="raw">
      <h3>{text.sections.raw}</h3>
      <SearchInput
        aria-label={text.rawFilter}
        placeholder={text.rawFilter}
        value={wanted}
        onChange={(_event, value) => {
          setWanted(value);
        }}
        onClear={() => {
          setWanted('');
        }}
      />
      <p className="quiet">{text.rawOf(shown.length, Object.keys(resources).length)}</p>
      {shown.map((uri) => (
        <details key={uri}>
          <summary>
            <code>{uri}</code>
          </summary>
          <pre tabIndex={0}>{JSON.stringify(resources[uri], null, 2)}</pre>
        </details>
      ))}
    </section>
  );
}
