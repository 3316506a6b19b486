import type { ComponentType } from 'react';
import type { Status } from '../../src/contract/events.ts';
import type { MatrixStatus } from '../../src/contract/matrix.ts';
import type { CellStatus } from '../state/cells.ts';
import type { ReachKind } from '../state/matrix.ts';
import { isGood } from '../state/order.ts';
import { text } from '../text.ts';
import * as icons from './icons.ts';

const DISCS: Record<Status, ComponentType> = {
  pending: icons.PendingIcon,
  running: icons.RunningIcon,
  ok: icons.OkDiscIcon,
  changed: icons.OkDiscIcon,
  skipped: icons.SkippedIcon,
  failed: icons.FailedIcon,
  unreachable: icons.UnreachableIcon,
  'timed-out': icons.TimedOutIcon,
  cancelled: icons.CancelledIcon,
  stale: icons.StaleIcon,
  overridden: icons.OverriddenIcon,
};

const QUIET: Partial<Record<CellStatus, ComponentType>> = {
  ok: icons.TickIcon,
  changed: icons.ChangedIcon,
  'not-run': icons.SkippedIcon,
  overridden: icons.WarningIcon,
};

/** The sign of a stage: a disc that reads from across the hall. Hidden from screen readers, a word always stands beside it. */
export function StatusIcon({ status }: { readonly status: Status }) {
  const Icon = DISCS[status];
  return (
    <span className={`sign sign-${status}`} aria-hidden="true">
      <Icon />
    </span>
  );
}

/** The sign of a matrix cell: quiet for what is well, loud for what is not; its word is its label. */
export function CellSign({ status }: { readonly status: CellStatus }) {
  if (status === 'none') return <span className="sign sign-none" aria-hidden="true" />;
  const Icon = QUIET[status] ?? (status === 'not-run' ? icons.SkippedIcon : DISCS[status]);
  const label = status === 'not-run' ? text.notReached : text.status(status);
  return (
    <span className={`sign cell-sign sign-${status}`} role="img" aria-label={label}>
      <Icon />
    </span>
  );
}

interface StatusWordProps {
  readonly status: Status;
  readonly children?: string;
  /** In rows: success is a grey tick, so that what failed stands out. */
  readonly quiet?: boolean;
}

/** Sign and word together, for lists and headings. */
export function StatusWord({ status, children, quiet = false }: StatusWordProps) {
  const hushed = quiet && isGood(status) && status !== 'overridden';
  return (
    <span className={`status-word status-${status}${hushed ? ' quiet-word' : ''}`}>
      {hushed ? (
        <span aria-hidden="true" className="sign">
          <CellSign status={status} />
        </span>
      ) : (
        <StatusIcon status={status} />
      )}
      <span>{children ?? text.status(status)}</span>
    </span>
  );
}

const MATRIX: Record<MatrixStatus, { readonly Icon: ComponentType; readonly status: Status }> = {
  ok: { Icon: icons.TickIcon, status: 'ok' },
  warn: { Icon: icons.WarningIcon, status: 'overridden' },
  failed: { Icon: icons.FailedIcon, status: 'failed' },
  'not-tried': { Icon: icons.SkippedIcon, status: 'skipped' },
};

/** The sign of a test of a stage's matrix; a word stands beside it. */
export function MatrixSign({ status }: { readonly status: MatrixStatus }) {
  const { Icon, status: look } = MATRIX[status];
  return (
    <span className={`sign sign-${look}`} aria-hidden="true">
      <Icon />
    </span>
  );
}

const REACH: Record<ReachKind, { readonly Icon: ComponentType; readonly status: Status }> = {
  yes: { Icon: icons.TickIcon, status: 'ok' },
  no: { Icon: icons.FailedIcon, status: 'failed' },
  unclear: { Icon: icons.UnclearIcon, status: 'pending' },
  'not-asked': { Icon: icons.SkippedIcon, status: 'skipped' },
};

/** The sign of a probe; its cell says the word. */
export function ReachSign({ kind }: { readonly kind: ReachKind }) {
  const { Icon, status } = REACH[kind];
  return (
    <span className={`sign sign-${status}`} aria-hidden="true">
      <Icon />
    </span>
  );
}
