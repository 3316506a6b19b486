import { Button } from '@patternfly/react-core';
import { useState } from 'react';
import type { Problem } from '../../../src/contract/api.ts';
import { FailedIcon, WarningIcon } from '../../components/icons.ts';
import { sentenceOf } from '../model/problem-words.ts';
import { wizardText as text } from '../../text/wizard.ts';

interface ProblemListProps {
  readonly problems: readonly Problem[];
  readonly onFollow: (problem: Problem) => void;
}

const SHOWN = 2;

/** The problems of a step, errors first; each leads to the field that mends it. */
export function ProblemList({ problems, onFollow }: ProblemListProps) {
  const [all, setAll] = useState(false);
  if (problems.length === 0) return null;
  const sorted = [...problems].sort(
    (a, b) => Number(b.severity === 'error') - Number(a.severity === 'error'),
  );
  const stops = sorted[0]?.severity === 'error';
  return (
    <div className={stops ? 'step-problems' : 'step-problems step-warnings'}>
      <ul aria-label={text.problemsHere}>
        {sorted.slice(0, all ? undefined : SHOWN).map((problem) => (
          <li key={`${problem.path} ${problem.code} ${problem.line}:${problem.column}`}>
            <span
              className={`sign sign-${problem.severity === 'error' ? 'failed' : 'overridden'}`}
              aria-hidden="true"
            >
              {problem.severity === 'error' ? <FailedIcon /> : <WarningIcon />}
            </span>
            <button
              type="button"
              className="problem-link"
              onClick={() => {
                onFollow(problem);
              }}
            >
              {sentenceOf(problem)}
            </button>
            <span className="quiet">{text.problemLine(problem.line)}</span>
          </li>
        ))}
      </ul>
      {problems.length <= SHOWN ? null : (
        <Button
          variant="link"
          isInline
          aria-expanded={all}
          onClick={() => {
            setAll(!all);
          }}
        >
          {all ? text.fewerProblems : text.moreProblems(problems.length - SHOWN)}
        </Button>
      )}
    </div>
  );
}
