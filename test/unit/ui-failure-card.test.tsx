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

const acts = () => ({ retry: vi.fn(), resume: vi.fn(), skip: vi.fn() });

function show(stage: StageState, given: ReturnType<typeof acts> | undefined): void {
  render(<FailureCard stage={stage} seenAt={() => undefined} acts={given} probe={undefined} />);
}

describe('FailureCard', () => {
  it("starts with the request when the failure is somebody else's", () => {
    show(failedStage(failedRun), acts());
    expect(buttons()).toEqual([
      'Copy request to customer network',
      'Copy command',
      'Retry',
      'Resume from here',
      'Skip this stage',
      'Evidence, 5 lines',
    ]);
    expect(document.querySelectorAll('.pf-m-primary')).toHaveLength(1);
  });

  it("starts with the fix that the screen can carry out when it is the field engineer's", () => {
    const given = acts();
    show(failedStage(preflightFailedRun), given);
    expect(buttons()[0]).toBe('Install what is missing and run again');
    screen.getByRole('button', { name: 'Install what is missing and run again' }).click();
    expect(given.resume).toHaveBeenCalledExactlyOnceWith({ installMissing: true });
  });

  it('offers no run while none can be started', () => {
    show(failedStage(failedRun), undefined);
    expect(screen.queryByRole('button', { name: /Retry|Resume|Skip/ })).toBeNull();
    expect(screen.getByText('Resume from here')).toBeTruthy();
  });

  it('says plainly when nobody knows whose it is', () => {
    const stage = failedStage(failedRun);
    const failures = stage.failures.map((record) => ({ ...record, owner: null }));
    show({ ...stage, failures }, undefined);
    expect(screen.getByText('not known yet')).toBeTruthy();
    expect(buttons()[0]).toBe('Copy the failure report');
  });
});
