import { Button } from '@patternfly/react-core';
import { useState } from 'react';
import type { HostState } from '../../src/runs/state.ts';
import { outcomeOf } from '../state/order.ts';
import { text } from '../text.ts';
import { StatusWord } from './Status.tsx';

interface HostListProps {
  readonly answers: readonly (readonly [string, HostState])[];
  readonly offends: boolean;
  /** `file:line` of the task, shown once. */
  readonly place: string;
}

const FIRST = 8;

/** What each host answered to one task. */
export function HostList({ answers, offends, place }: HostListProps) {
  const [all, setAll] = useState(false);
  const shown = all ? answers : answers.slice(0, FIRST);
  return (
    <div className={offends ? 'hosts hosts-offend' : 'hosts'}>
      <ul>
        {shown.map(([host, answer]) => (
          <li key={host}>
            <b className="host-name">{host}</b>
            <StatusWord quiet status={outcomeOf(answer)}>
              {answer.ignored === true ? text.allowed(answer.status) : text.status(answer.status)}
            </StatusWord>
            <span className="host-text">{answer.text}</span>
          </li>
        ))}
      </ul>
      {shown.length < answers.length ? (
        <Button
          variant="link"
          isInline
          onClick={() => {
            setAll(true);
          }}
        >
          {text.showAll(answers.length)}
        </Button>
      ) : null}
      {place === '' ? null : <code className="host-place">{place}</code>}
    </div>
  );
}
