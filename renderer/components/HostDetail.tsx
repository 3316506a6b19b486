import { useState } from 'react';
import type { ResultDetail } from '../../src/contract/events.ts';
import { errorSentence } from '../state/error-sentence.ts';
import { taskText } from '../text/task.ts';
import { FoldButton } from './FoldButton.tsx';

interface HostDetailProps {
  readonly host: string;
  /** Number of the event that has the detail. */
  readonly seq: number;
  /** Rejects as `runs.events` does. */
  readonly load: (seq: number) => Promise<ResultDetail | undefined>;
}

/** Command, output and diff of one answer, fetched when they are opened: they are too much to be kept for every task. */
export function HostDetail({ host, seq, load }: HostDetailProps) {
  const [open, setOpen] = useState(false);
  const [found, setFound] = useState<{ seq: number; detail?: ResultDetail | undefined; error?: string }>();
  const toggle = (): void => {
    setOpen(!open);
    if (open || (found?.seq === seq && found.error === undefined)) return;
    load(seq).then(
      (detail) => {
        setFound({ seq, detail });
      },
      (reason: unknown) => {
        setFound({ seq, error: errorSentence(reason) });
      },
    );
  };
  return (
    <div className="host-detail">
      <FoldButton open={open} label={taskText.detailOf(host)} onToggle={toggle}>
        {taskText.detail}
      </FoldButton>
      {!open ? null : found?.error !== undefined ? (
        <p role="alert" className="bad">
          {found.error}
        </p>
      ) : found === undefined ? (
        <p className="quiet">{taskText.fetching}</p>
      ) : (
        <Texts detail={found.detail ?? {}} />
      )}
    </div>
  );
}

const ORDER = ['command', 'message', 'stdout', 'stderr', 'diff'] as const;

function Texts({ detail }: { readonly detail: ResultDetail }) {
  const { rc } = detail;
  return (
    <dl>
      {ORDER.map((name) => {
        const text = detail[name];
        if (text === undefined) return null;
        return (
          <div key={name}>
            <dt>
              {taskText.names[name]}
              {name === 'command' && rc !== undefined ? taskText.ended(rc) : ''}
            </dt>
            <dd>
              <pre tabIndex={0} aria-label={taskText.names[name]}>
                {name === 'diff' ? <Diff text={text} /> : text}
              </pre>
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

/** The lines of a diff; the sign at their beginning says what the colour says. */
function Diff({ text }: { readonly text: string }) {
  return text.split('\n').map((line, index) => (
    <span key={index} className={kindOf(line)}>
      {line}
      {'\n'}
    </span>
  ));
}

function kindOf(line: string): string | undefined {
  if (/^(?:\+\+\+|---|@@)/.test(line)) return 'diff-place';
  return line.startsWith('+') ? 'diff-new' : line.startsWith('-') ? 'diff-old' : undefined;
}
