import { useEffect, useState } from 'react';
import type { BringupClient } from '../../src/contract/api.ts';

/** Which host this page belongs to and what it may do there. */
export interface Host {
  /** The one run that this page may look at; absent where it may do everything. */
  readonly watching?: string;
  readonly canShare: boolean;
}

/** Asks the host once; undefined until it has answered. */
export function useHost(client: BringupClient): Host | undefined {
  const [host, setHost] = useState<Host | undefined>(undefined);
  useEffect(() => {
    client.call('app.info', {}).then(
      ({ host: kind, watching }) => {
        setHost({ canShare: kind === 'browser', ...(watching === undefined ? {} : { watching }) });
      },
      () => {
        // A host that does not answer shows its trouble on the page itself, in words that fit there.
        setHost({ canShare: false });
      },
    );
  }, [client]);
  return host;
}
