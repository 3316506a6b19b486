import { Button } from '@patternfly/react-core';
import { useState } from 'react';
import type { HostState } from '../../src/runs/state.ts';
import { outcomeOf } from '../state/order.ts';
import type { Archive } from '../state/archive.ts';
import { text } from '../text.ts';
import { HostDetail } from './HostDetail.tsx';
import { StatusWord } from './Status.tsx';

interface HostListProps {
  readonly answers: readonly (readonly [string, HostState])[];
  readonly offends: boolean;
  /** `file:line` of the task, shown once. */
  readonly place: string;
  readonly detailOf: Archive['detailOf'];
}

const FIRST = 8;

/** What each host answered to one task. */
export function HostList({ answers, offends, place, detailOf }: HostListProps) {
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
            {answer.detail_seq === undefined ? null : (
              <HostDetail host={host} seq={answer.detail_seq} load={detailOf} />
            )}
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
