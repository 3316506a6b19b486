import { BringupError } from '../../../src/contract/errors.ts';
import { hardwareText as text } from '../../text/hardware.ts';
import { PrimaryButton } from '../components/PrimaryButton.tsx';
import type { SiteModel, StepProps } from '../types.ts';
import { ErrorNote } from './ErrorNote.tsx';
import { FileFirst, errorsOf } from './FileErrors.tsx';

interface WaitingProps {
  /** Why there is nothing to show; left out while nothing is known yet. */
  readonly error: Error | undefined;
  /** What is missing, and why. */
  readonly words: string;
  /** True where the hardware was never discovered although no error says so. */
  readonly missing?: boolean;
  readonly model: SiteModel;
  readonly go: StepProps['go'];
}

/** A step that has nothing to show before another one was done. */
export function Waiting({ error, words, missing = false, model, go }: WaitingProps) {
  const wrong = errorsOf(model.problems);
  const waits = missing || (error instanceof BringupError && error.code === 'HARDWARE_NOT_DISCOVERED');
  return (
    <div className="step-main hw">
      {wrong.length > 0 ? (
        <FileFirst errors={wrong} go={go} />
      ) : error === undefined || waits ? null : (
        <ErrorNote error={error} />
      )}
      {waits && wrong.length === 0 ? (
        <div className="hw-empty">
          <p>{words}</p>
          <PrimaryButton
            rank="work"
            onClick={() => {
              go('discovery');
            }}
          >
            {text.toDiscovery}
          </PrimaryButton>
        </div>
      ) : null}
    </div>
  );
}
