import type { RunSummary } from '../../src/contract/api.ts';
import { isBad } from '../state/order.ts';

/** "3 of 10" and one block a stage: filled when done, tall and red where it failed, half filled where it runs. */
export function StageBlocks({ run }: { readonly run: RunSummary }) {
  const blocks = Array.from({ length: run.stages_total }, (_, index) => kindOf(run, index));
  return (
    <span className="blocks">
      <span>
        {run.stages_done} of {run.stages_total}
      </span>
      <span aria-hidden="true">
        {blocks.map((kind, index) => (
          <i key={index} className={`block-${kind}`} />
        ))}
      </span>
    </span>
  );
}

function kindOf(run: RunSummary, index: number): 'done' | 'failed' | 'running' | 'open' {
  if (index < run.stages_done) return 'done';
  if (index > run.stages_done) return 'open';
  if (isBad(run.status)) return 'failed';
  return run.status === 'running' ? 'running' : 'open';
}
