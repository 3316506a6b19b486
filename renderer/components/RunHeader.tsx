import { Button } from '@patternfly/react-core';
import { useEffect, useMemo, useRef } from 'react';
import type { LinkState } from '../../src/contract/api.ts';
import type { RunState } from '../../src/runs/state.ts';
import { age, clock, duration, moment, secondsBetween } from '../format.ts';
import { progressOf } from '../state/progress.ts';
import { endedEarly } from '../state/run-actions.ts';
import { text } from '../text.ts';
import { rehearsalText } from '../text/rehearsal.ts';
import { runText } from '../text/run.ts';
import { Bar } from './Bar.tsx';
import { LinkIcon, UnreachableIcon } from './icons.ts';
import { Menu } from './Menu.tsx';
import type { MenuItem } from './menu-actions.ts';
import { StatusIcon } from './Status.tsx';

interface RunHeaderProps {
  readonly run: RunState;
  readonly link: LinkState;
  readonly now: number;
  readonly readOnly: boolean;
  /** Name of the export the run was read from. */
  readonly opened: string | undefined;
  /** The one action; undefined where nothing can be done. */
  readonly action: { readonly label: string; readonly onPress: () => void } | undefined;
  readonly menu: readonly MenuItem[];
  readonly onShortcuts: () => void;
}

/** Where am I, what am I attached to, how far is it, and the one action. */
export function RunHeader(props: RunHeaderProps) {
  const { run, now, action, menu, onShortcuts } = props;
  return (
    <header className="frame-head">
      <nav className="crumbs" aria-label={text.menu}>
        <a href="#/">{text.sites}</a>
        <span aria-hidden="true">/</span>
        <b className="site-name" title={run.site}>
          {run.site}
        </b>
        <span className="quiet">
          {run.stack}
          {run.started === '' ? '' : `, ${moment(run.started, now)}`}
        </span>
      </nav>
      <Attachment {...props} />
      <HowFar run={run} now={now} />
      <div className="head-actions">
        {action === undefined ? null : (
          <Button variant="secondary" onClick={action.onPress}>
            {action.label}
          </Button>
        )}
        <SteadyMenu onShortcuts={onShortcuts} items={menu} />
      </div>
    </header>
  );
}

/** The menu, drawn anew only when it offers something else: a dropdown measures the page whenever it is drawn. */
function SteadyMenu({
  items,
  onShortcuts,
}: {
  readonly items: readonly MenuItem[];
  readonly onShortcuts: () => void;
}) {
  const newest = useRef(items);
  useEffect(() => {
    newest.current = items;
  });
  const labels = items.map(({ label }) => label).join('\n');
  return useMemo(() => {
    const steady = labels.split('\n').flatMap((label) => {
      const onSelect = (): void => newest.current.find((item) => item.label === label)?.onSelect();
      return label === '' ? [] : [{ label, onSelect }];
    });
    return <Menu onShortcuts={onShortcuts} items={steady} />;
  }, [labels, onShortcuts]);
}

/** A running stage tells something at least every few seconds; silence beyond this is worth saying. */
const SILENT_SECONDS = 60;

type AttachmentProps = Pick<RunHeaderProps, 'run' | 'link' | 'now' | 'readOnly' | 'opened'>;

function Attachment(props: AttachmentProps) {
  const { bad, title, note } = attachmentOf(props);
  const over = props.run.finished !== undefined && props.link.connected;
  return (
    <div className={bad ? 'attachment attachment-lost' : 'attachment'} role={bad ? 'alert' : undefined}>
      {over ? <StatusIcon status={props.run.status} /> : bad ? <UnreachableIcon /> : <LinkIcon />}
      <p>
        <b>{title}</b>
        <span>{note}</span>
      </p>
    </div>
  );
}

function attachmentOf({ run, link, now, readOnly, opened }: AttachmentProps): {
  bad: boolean;
  title: string;
  note: string;
} {
  if (!link.connected) return { bad: true, title: text.lost, note: text.lostSince(clock(link.since)) };
  if (opened !== undefined) return { bad: false, title: text.readOnly, note: runText.opened(opened) };
  if (run.interrupted !== undefined) return { bad: true, title: text.interrupted, note: run.interrupted };
  if (run.finished !== undefined) {
    const early = endedEarly(run) === undefined ? undefined : runText.endedEarly;
    const title = readOnly ? text.readOnly : (early ?? text.ended(run.status));
    return { bad: false, title, note: moment(run.finished, now) };
  }
  const stage = [...run.stages.values()].find((entry) => entry.status === 'running');
  const attached = run.choices?.rehearsal === undefined ? undefined : rehearsalText.attached;
  const title = attached ?? (stage === undefined ? text.notAttached : text.attached(stage.runs_on));
  const quiet = run.lastAt === '' ? 0 : secondsBetween(run.lastAt, now);
  const note =
    run.lastAt === ''
      ? text.noEvents
      : quiet > SILENT_SECONDS
        ? text.silent(age(quiet))
        : text.lastEvent(age(quiet));
  return { bad: false, title, note };
}

function HowFar({ run, now }: { readonly run: RunState; readonly now: number }) {
  const progress = progressOf(run, now);
  const left = run.choices?.left;
  const [done, words] = text.stagesDone(progress.done, progress.total);
  const long = (progress.expected ?? progress.spent) >= 3600;
  return (
    <div className="how-far">
      <p>
        <span>
          <b>{done}</b>
          {words}
          {endedEarly(run) === undefined || left === undefined ? '' : runText.stagesLeft(left)}
          {progress.failed === 0 ? '' : ', '}
          {progress.failed === 0 ? null : <b className="bad">{text.nFailed(progress.failed)}</b>}
          {progress.running === 0 ? '' : `, ${text.nRunning(progress.running)}`}
        </span>
        <span>
          <b>{duration(progress.spent, long)}</b>
          {progress.expected === undefined ? '' : text.ofAbout(duration(progress.expected, long))}
        </span>
      </p>
      <Bar part={progress.part} label={text.runProgress} />
    </div>
  );
}
