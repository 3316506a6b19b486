import { useEffect, useMemo, useState } from 'react';
import type { BringupClient, CommandName } from '../../src/contract/api.ts';
import { wizardText as text } from '../text/wizard.ts';
import { errorsOf } from './hardware/FileErrors.tsx';
import {
  cablingNote,
  compatNote,
  credentialNote,
  discoveryNote,
  fileNotes,
  matchNote,
  planNote,
  waiting,
  type Notes,
  type StepNote,
} from './model/step-note.ts';
import type { SiteModel, StepId } from './types.ts';

/** Commands after which a step may stand differently. */
const TELLING: readonly CommandName[] = [
  'credentials.set',
  'credentials.delete',
  'credentials.store',
  'hardware.discover',
];

const FILE_FIRST: StepNote = { status: 'pending', line: text.waitsForFile };
/** What is known of the machines from before an error was made still counts; without that their steps wait for the file. */
const MACHINES_WAIT: Notes = {
  discovery: FILE_FIRST,
  cabling: FILE_FIRST,
  profiles: FILE_FIRST,
  compatibility: FILE_FIRST,
};

interface StepNotes {
  readonly notes: Notes;
  /** The same client; what is done through it is seen in the notes. */
  readonly client: BringupClient;
}

/** How each step stands beyond the problems of the file; asked again when the file, the step or the machines changed. */
export function useStepNotes(
  client: BringupClient,
  { file, document, problems }: SiteModel,
  step: StepId,
): StepNotes {
  const [asked, setAsked] = useState<Notes>({});
  const [changes, setChanges] = useState(0);
  const told = useMemo(
    (): BringupClient => ({
      ...client,
      call: async (command, input) => {
        const answer = await client.call(command, input);
        if (TELLING.includes(command)) setChanges((n) => n + 1);
        return answer;
      },
    }),
    [client],
  );
  useEffect(() => {
    if (document === null) return undefined;
    let stale = false;
    const keep = (notes: Notes): void => {
      if (!stale) setAsked((now) => ({ ...now, ...notes }));
    };
    const forget = (): void => undefined;
    client.call('credentials.list', { file }).then((list) => {
      keep({ credentials: credentialNote(list) });
    }, forget);
    // Without a valid file nothing tells which site's machines to look for.
    if (errorsOf(problems).length === 0)
      client
        .call('hardware.last', { file })
        .then(async ({ result }) => {
          keep({ discovery: discoveryNote(result, document), ...waiting(result) });
          if (result !== null) {
            keep({
              cabling: cablingNote(result),
              profiles: matchNote(await client.call('hardware.match', { file })),
            });
            keep({ compatibility: compatNote(await client.call('hardware.compat', { file })) });
          }
          keep({ review: planNote(await client.call('plan.show', { file })) });
        })
        .catch(forget);
    return () => {
      stale = true;
    };
  }, [client, file, document, problems, step, changes]);
  const notes = useMemo(
    () =>
      errorsOf(problems).length > 0
        ? // No plan is made from a file with errors, whatever the one before it was like.
          { ...fileNotes(document), ...MACHINES_WAIT, ...asked, review: FILE_FIRST }
        : { ...fileNotes(document), ...asked },
    [document, asked, problems],
  );
  return { notes, client: told };
}
