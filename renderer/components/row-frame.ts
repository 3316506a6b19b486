import type { RefCallback } from 'react';
import type { StageState } from '../../src/runs/state.ts';
import type { Archive } from '../state/archive.ts';
import type { Column } from '../state/cells.ts';
import type { Query } from '../state/query.ts';
import type { GroupKind, NumberedTask } from '../state/task-groups.ts';

/** What every row of a task table is drawn with. */
export interface RowFrame {
  readonly stage: StageState;
  readonly hosts: readonly string[];
  readonly columns: readonly Column[];
  readonly span: number;
  readonly now: number;
  readonly query: Query | undefined;
  readonly detailOf: Archive['detailOf'];
}

/** A row of one task: where it stands, and how it is measured. */
export interface TaskRowFrame extends RowFrame {
  readonly entry: NumberedTask;
  readonly group: GroupKind;
  readonly index: number;
  readonly measure: RefCallback<HTMLTableRowElement>;
}
