import { Button } from '@patternfly/react-core';
import type { Problem } from '../../../src/contract/api.ts';
import { prepareText as text } from '../../text/prepare.ts';
import { placeOfProblem, stepOfPath } from '../model/paths.ts';
import { sentenceOf } from '../model/problem-words.ts';
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
          <h3>{sentenceOf(problem)}</h3>
          <Button
            variant="link"
            isInline
            aria-label={`${text.openStep}: ${problem.message}`}
            onClick={() => {
              const place = placeOfProblem(problem);
              go(stepOfPath(place), place);
            }}
          >
            {text.openStep}
          </Button>
        </li>
      ))}
    </ul>
  );
}

/** What is said instead of an error of the service while the file itself has errors. */
export function FileFirst({ errors, go }: FileErrorsProps) {
  return (
    <>
      <p className="hw-lead">{text.fileFirst(errors.length)}</p>
      <FileErrors errors={errors} go={go} />
    </>
  );
}

/** The problems that stop every run and every look at the machines. */
export function errorsOf(problems: readonly Problem[]): readonly Problem[] {
  return problems.filter(({ severity }) => severity === 'error');
}
