import type { CommandInput, CommandOutput } from '../contract/api.ts';
import { listCredentials } from './credentials-list.ts';
import { setCredential } from './credentials-set.ts';
import { chooseStore } from './credentials-store.ts';
import { testCredential } from './credentials-test.ts';
import type { BringupPorts } from './ports.ts';

type Commands =
  'credentials.set' | 'credentials.delete' | 'credentials.list' | 'credentials.test' | 'credentials.store';
type Handlers = { [C in Commands]: (input: CommandInput<C>) => Promise<CommandOutput<C>> };

/** The commands about credentials. Values go in and never come out. */
export function credentialHandlers(ports: BringupPorts): Handlers {
  return {
    'credentials.set': async (input) => setCredential(ports, input),
    'credentials.delete': async ({ name }) => ({ deleted: await ports.credentials.delete(name) }),
    'credentials.list': async (query) => listCredentials(ports.credentials, query),
    'credentials.test': async (input) => testCredential(ports, input),
    'credentials.store': async (input) => chooseStore(ports, input),
  };
}
