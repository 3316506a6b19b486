import { Button } from '@patternfly/react-core';
import { Fragment, useState } from 'react';
import type { FailureRecord } from '../../src/contract/failure.ts';
import type { ProbeResult } from '../../src/contract/vantage.ts';
import type { StageState } from '../../src/runs/state.ts';
import { clock } from '../format.ts';
import { failedHosts } from '../state/stage-line.ts';
import { logText } from '../text/logs.ts';
import { text } from '../text.ts';
import { Evidence } from './Evidence.tsx';
import { OwnerIcon } from './icons.ts';
import { StatusWord } from './Status.tsx';
import { VantageMatrix } from './VantageMatrix.tsx';
import { WhatNow, type FailureActs } from './WhatNow.tsx';

interface FailureCardProps {
  readonly stage: StageState;
  /** When the failure was journalled, ISO 8601. */
  readonly seenAt: (record: FailureRecord) => string | undefined;
  /** The link to what was logged around it; undefined where there are no central logs. */
  readonly logsOf?: ((record: FailureRecord, at: string) => string) | undefined;
  /** What can be done about it; undefined while nothing can (running, read-only). */
  readonly acts: FailureActs | undefined;
  /** Probes once more who reaches what; undefined where nothing can be asked. */
  readonly probe: ((record: FailureRecord) => Promise<ProbeResult>) | undefined;
}

/** The failure card: what, where, why, whose, what now. */
export function FailureCard({ stage, seenAt, logsOf, acts, probe }: FailureCardProps) {
  const [index, setIndex] = useState(0);
  const total = stage.failures.length;
  const record = stage.failures[Math.min(index, total - 1)];
  if (record === undefined) return null;
  const at = seenAt(record);
  return (
    <section className="card" aria-label={text.recordOf(index + 1, total)}>
      <header className="card-head">
        <StatusWord status={stage.status === 'running' ? 'failed' : stage.status} />
        <span>{at === undefined ? record.reference : text.firstSeen(record.reference, clock(at))}</span>
      </header>
      {total < 2 ? null : (
        <p className="card-pager">
          <span>{text.recordOf(index + 1, total)}</span>
          <Button
            variant="link"
            isInline
            isDisabled={index === 0}
            onClick={() => {
              setIndex(index - 1);
            }}
          >
            {text.previous}
          </Button>
          <Button
            variant="link"
            isInline
            isDisabled={index >= total - 1}
            onClick={() => {
              setIndex(index + 1);
            }}
          >
            {text.next}
          </Button>
        </p>
      )}
      <dl className="answers">
        <dt>{text.what}</dt>
        <dd className="answer-what">{record.what}</dd>
        <dt>{text.where}</dt>
        <dd>
          <Where record={record} stage={stage} />
        </dd>
        <dt>{text.why}</dt>
        <dd>
          <p className="answer-cause">{record.why.summary}</p>
          {record.why.chain.length === 0 ? null : (
            <ol>
              {record.why.chain.map((link) => (
                <li key={link}>{link}</li>
              ))}
            </ol>
          )}
        </dd>
        <dt>{text.whose}</dt>
        <dd>
          <span className="owner">
            <OwnerIcon />
            {text.owner(record.owner)}
          </span>
        </dd>
        <dt>{text.whatNow}</dt>
        <dd>
          <WhatNow key={record.reference} record={record} acts={acts} />
        </dd>
      </dl>
      <Evidence key={`evidence-${record.reference}`} evidence={record.why.evidence} />
      {at === undefined || logsOf === undefined ? null : (
        <p className="card-logs">
          <a href={logsOf(record, at)}>{logText.around(record.where.host)}</a>
        </p>
      )}
      <VantageMatrix
        key={`matrix-${record.reference}`}
        matrix={record.matrix}
        said={[record.why.summary, ...record.why.chain]}
        probe={record.matrix === undefined || probe === undefined ? undefined : () => probe(record)}
      />
    </section>
  );
}

/** More names than this do not help; the middle has them all. */
const NAMED_HOSTS = 4;

function Where({ record, stage }: { readonly record: FailureRecord; readonly stage: StageState }) {
  const { host, task, file, line, runs_on } = record.where;
  const failed = [...failedHosts(stage)];
  const names =
    host === undefined || (failed.includes(host) && stage.failures.length === 1) ? failed : [host];
  const more = names.length - NAMED_HOSTS;
  const named = names.slice(0, NAMED_HOSTS).join(', ') + (more > 0 ? text.andMore(more) : '');
  return (
    <>
      <b>{named === '' ? runs_on : named}</b>
      <p className="answer-place">
        {file === undefined ? null : <code>{breakable(line === undefined ? file : `${file}:${line}`)}</code>}
        {file === undefined || task === undefined ? '' : ', '}
        {task === undefined ? '' : text.taskAt(task)}
      </p>
    </>
  );
}

/** A path that goes on a second line behind a slash before it is cut inside a name. */
function breakable(path: string) {
  return path.split('/').map((part, index) => (
    <Fragment key={index}>
      {index === 0 ? null : (
        <>
          /<wbr />
        </>
      )}
      {part}
    </Fragment>
  ));
}
