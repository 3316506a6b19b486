import type { RefCallback } from 'react';
import type { StageState } from '../../src/runs/state.ts';
import { badHosts } from '../state/order.ts';
import type { Row } from '../state/rows.ts';
import { taskAt, type TaskGroup } from '../state/task-groups.ts';
import { text } from '../text.ts';
import { CaretDownIcon, CaretRightIcon } from './icons.ts';

interface GroupHeadProps {
  readonly stage: StageState;
  readonly span: number;
  readonly row: Row & { kind: 'head' };
  readonly index: number;
  readonly measure: RefCallback<HTMLTableRowElement>;
  readonly onFold: (row: Row & { kind: 'head' }) => void;
}

/** The head of a group of tasks: what they have in common, how many, and the fold. */
export function GroupHead({ stage, span, row, index, measure, onFold }: GroupHeadProps) {
  const { group, folded } = row;
  const Caret = folded ? CaretRightIcon : CaretDownIcon;
  return (
    <tr
      className={`group-head group-${group.kind}`}
      ref={measure}
      data-index={index}
      aria-rowindex={index + 1}
    >
      <th colSpan={span} scope="colgroup">
        <button
          type="button"
          aria-expanded={!folded}
          onClick={() => {
            onFold(row);
          }}
        >
          <Caret />
          <b>{text.group(group.kind)}</b>
          <span>{noteOf(group, stage)}</span>
        </button>
      </th>
    </tr>
  );
}

function noteOf(group: TaskGroup, stage: StageState): string {
  const root = taskAt(stage, group.places.at(0) ?? -1)?.task;
  if (group.kind === 'root-cause' && root !== undefined) return text.rootCauseNote(badHosts(root).length);
  if (group.kind === 'blocked') return text.blockedNote(group.places.length);
  if (group.kind.endsWith('checks')) return text.checksNote(group.places.length, stage.tasks.size);
  return text.tasksNote(group.places.length);
}
