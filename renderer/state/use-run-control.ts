import { useState } from 'react';
import type { BringupClient } from '../../src/contract/api.ts';
import { errorSentence } from './error-sentence.ts';
import type { Asked, Decision } from './run-actions.ts';

interface Control {
  /** What the engineer is asked about, if anything. */
  readonly asked: Asked | undefined;
  readonly busy: boolean;
  readonly refusal: string | undefined;
  /** True from the first cancel on: the next one stops at once. */
  readonly cancelling: boolean;
  readonly ask: (asked: Asked) => void;
  readonly close: () => void;
  readonly decide: (decision: Decision) => void;
}

/**
 * Carries out what the engineer decided about a run: `runs.cancel`, `runs.resume`, `runs.retry`. A refusal stays in the
 * dialog; `onDone` is told what was done, and what `runs.cancel` answered.
 */
export function useRunControl(
  client: BringupClient,
  run: string,
  onDone: (asked: Asked, cancelled: boolean) => void,
): Control {
  const [asked, setAsked] = useState<Asked | undefined>(undefined);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | undefined>(undefined);
  const [cancelling, setCancelling] = useState(false);
  const close = (): void => {
    setAsked(undefined);
    setRefusal(undefined);
  };
  const decide = (decision: Decision): void => {
    if (asked === undefined) return;
    setBusy(true);
    setRefusal(undefined);
    carryOut(client, run, asked, decision).then(
      (cancelled) => {
        setBusy(false);
        setCancelling(asked.kind === 'cancel' && cancelled);
        close();
        onDone(asked, cancelled);
      },
      (error: unknown) => {
        setBusy(false);
        setRefusal(errorSentence(error));
      },
    );
  };
  return { asked, busy, refusal, cancelling, ask: setAsked, close, decide };
}

async function carryOut(
  client: BringupClient,
  run: string,
  asked: Asked,
  { choice, reason = '', keepFault = false }: Decision,
): Promise<boolean> {
  switch (asked.kind) {
    case 'cancel': {
      const now = asked.now ? { now: true } : {};
      return (await client.call('runs.cancel', { run, ...now })).cancelled;
    }
    case 'resume':
      await client.call('runs.resume', { run, ...asked.options, ...(keepFault ? { keepFault } : {}) });
      return false;
    case 'retry':
      await client.call('runs.retry', { run, stage: asked.stage, ...asked.options, ...choice?.options });
      return false;
    case 'skip':
      await client.call('runs.resume', { run, skip: [{ stage: asked.stage, reason }] });
      return false;
  }
}
