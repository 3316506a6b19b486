import type { RunDocument } from '../contract/api.ts';
import type { MatrixCell } from '../contract/matrix.ts';

/**
 * What each machine of a stage was tested for by itself, in the order of rows and columns. Nothing where the matrix is made of
 * tasks, as those are told in any case; ways between machines are not among it.
 */
export function ownTests({ matrix }: RunDocument['stages'][number]): readonly MatrixCell[] {
  if (matrix === undefined || matrix.of_tasks === true) return [];
  return matrix.rows
    .flatMap(({ spots }) => spots.flatMap((spot) => spot?.cells ?? []))
    .filter(({ to }) => to === undefined);
}
