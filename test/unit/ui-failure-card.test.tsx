// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { FailureCard } from '../../renderer/components/FailureCard.tsx';
import type { RunEvent } from '../../src/contract/events.ts';
import { EMPTY_RUN, reduceRun, type StageState } from '../../src/runs/state.ts';
import { failedRun, preflightFailedRun } from '../fixtures/journals/samples.ts';

afterEach(cleanup);

function failedStage(events: readonly RunEvent[]): StageState {
  const stages = [...reduceRun(EMPTY_RUN, events).stages.values()];
  const stage = stages.find(({ failures }) => failures.length > 0);
  if (stage === undefined) throw new Error('no failed stage in the sample');
  return stage;
}

const buttons = (): string[] =>
  screen
    .getAllByRole('button')
    .map((button) => button.textContent || (button.getAttribute('aria-label') ?? ''));

describe('FailureCard', () => {
  it("starts with the request when the failure is somebody else's", () => {
    render(<FailureCard stage={failedStage(failedRun)} seenAt={() => undefined} onApply={vi.fn()} />);
    expect(buttons()).toEqual([
      'Copy request to customer network',
      'Copy command',
      'Resume from here',
      'Evidence, 5 lines',
    ]);
    expect(document.querySelectorAll('.pf-m-primary')).toHaveLength(1);
  });

  it("starts with the fix that the screen can carry out when it is the field engineer's", () => {
    const onApply = vi.fn();
    render(
      <FailureCard stage={failedStage(preflightFailedRun)} seenAt={() => undefined} onApply={onApply} />,
    );
    expect(buttons()[0]).toBe('Install what is missing and run again');
    screen.getByRole('button', { name: 'Install what is missing and run again' }).click();
    expect(onApply).toHaveBeenCalledExactlyOnceWith({ installMissing: true });
  });

  it('offers no run while none can be started', () => {
    render(<FailureCard stage={failedStage(failedRun)} seenAt={() => undefined} onApply={undefined} />);
    expect(screen.queryByRole('button', { name: 'Resume from here' })).toBeNull();
    expect(screen.getByText('Resume from here')).toBeTruthy();
  });

  it('says plainly when nobody knows whose it is', () => {
    const stage = failedStage(failedRun);
    const failures = stage.failures.map((record) => ({ ...record, owner: null }));
    render(<FailureCard stage={{ ...stage, failures }} seenAt={() => undefined} onApply={undefined} />);
    expect(screen.getByText('not known yet')).toBeTruthy();
    expect(buttons()[0]).toBe('Copy the failure report');
  });
});
