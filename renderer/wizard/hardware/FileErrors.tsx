import { Button } from '@patternfly/react-core';
import type { Problem } from '../../../src/contract/api.ts';
import { prepareText as text } from '../../text/prepare.ts';
import { stepOfPath } from '../model/paths.ts';
import type { StepProps } from '../types.ts';

interface FileErrorsProps extends Pick<StepProps, 'go'> {
  readonly errors: readonly Problem[];
}

/** The errors of the site file that keep a step from its work, each with the way to the field that mends it. */
export function FileErrors({ errors, go }: FileErrorsProps) {
  return (
    <ul className="findings" aria-label={text.fileErrors}>
      {errors.map((problem) => (
        <li key={`${problem.path} ${problem.code}`} className="finding">
          <h3>{problem.message}</h3>
          <Button
            variant="link"
            isInline
            aria-label={`${text.openStep}: ${problem.message}`}
            onClick={() => {
              go(stepOfPath(problem.path), problem.path);
            }}
          >
            {text.openStep}
          </Button>
        </li>
      ))}
    </ul>
  );
}

/** The problems that stop every run and every look at the machines. */
export function errorsOf(problems: readonly Problem[]): readonly Problem[] {
  return problems.filter(({ severity }) => severity === 'error');
}
