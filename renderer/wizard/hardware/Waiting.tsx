import { BringupError } from '../../../src/contract/errors.ts';
import { hardwareText as text } from '../../text/hardware.ts';
import { PrimaryButton } from '../components/PrimaryButton.tsx';
import { ErrorNote } from './ErrorNote.tsx';

interface WaitingProps {
  /** Why there is nothing to show; left out while nothing is known yet. */
  readonly error: Error | undefined;
  /** What is missing, and why. */
  readonly words: string;
  /** True where the hardware was never discovered although no error says so. */
  readonly missing?: boolean;
  /** Goes to the step that gives it. */
  readonly onGo: () => void;
}

/** A step that has nothing to show before another one was done. */
export function Waiting({ error, words, missing = false, onGo }: WaitingProps) {
  const waits = missing || (error instanceof BringupError && error.code === 'HARDWARE_NOT_DISCOVERED');
  return (
    <div className="step-main hw">
      {error === undefined || waits ? null : <ErrorNote error={error} />}
      {waits ? (
        <div className="hw-empty">
          <p>{words}</p>
          <PrimaryButton rank="work" onClick={onGo}>
            {text.toDiscovery}
          </PrimaryButton>
        </div>
      ) : null}
    </div>
  );
}
