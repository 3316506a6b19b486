import { Button } from '@patternfly/react-core';
import { BringupError } from '../../../src/contract/errors.ts';
import { Evidence } from '../../components/Evidence.tsx';
import { StatusWord } from '../../components/Status.tsx';
import { hardwareText as text } from '../../text/hardware.ts';

interface ErrorNoteProps {
  readonly error: Error;
  readonly onAgain?: () => void;
}

/** An error in words: what is wrong, what to do, and its evidence folded. */
export function ErrorNote({ error, onAgain }: ErrorNoteProps) {
  const known = error instanceof BringupError ? error : undefined;
  return (
    <section className="hw-error" role="alert">
      <StatusWord status="failed">{error.message}</StatusWord>
      {known?.hint === undefined ? null : <p>{known.hint}</p>}
      {known === undefined ? null : <Evidence evidence={known.evidence} />}
      {onAgain === undefined ? null : (
        <Button variant="secondary" onClick={onAgain}>
          {text.again}
        </Button>
      )}
    </section>
  );
}
