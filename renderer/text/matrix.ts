import {
  countsWords,
  isNotNeeded,
  MATRIX_WORDS,
  probeTitle,
  spotWords,
  UNNEEDED,
  type MatrixCell,
  type MatrixSpot,
  type MatrixStatus,
  type StageMatrix,
} from '../../src/contract/matrix.ts';

/** Sentences of a stage's matrix. */
export const matrixText = {
  matrix: 'Matrix',
  label: (stage: string): string => `Matrix of ${stage}: arrow keys go from cell to cell, Enter opens one`,
  words: MATRIX_WORDS,
  probe: probeTitle,
  show: 'Show',
  worst: 'Worst',
  from: 'from',
  host: 'host',
  itself: 'The machine itself',
  to: 'to',
  nothing: 'nothing to try',
  untried: (why: string): string => `not tried: ${why}`,
  counts: (counts: StageMatrix['counts']): string => {
    const all = Object.values(counts).reduce((sum, one) => sum + one, 0);
    return `${all} tests: ${counts.ok === all ? 'all ok' : countsWords(counts)}`;
  },
  leftOut: (count: number): string => `${count} more are not kept in the run`,
  cell: (shown: string, status: MatrixStatus, where: string): string =>
    shown === MATRIX_WORDS[status] || shown === UNNEEDED
      ? `${shown}: ${where}`
      : `${shown}, ${MATRIX_WORDS[status]}: ${where}`,
  way: (from: string, to: string): string => `${from} to ${to}`,
  layer: (machine: string, title: string): string => `${machine}, ${title}`,
  columns: { probe: 'Test', at: 'Where', seen: 'Seen', wanted: 'Wanted' },
  close: 'Close',
  why: 'What the stage says of it',
  foundNothing: (typed: string): string => `No machine is found by "${typed}".`,
  noLaptop: 'This run has no row of the laptop; "bringup probe" tells what it reaches.',
  empty: 'This run keeps no matrix of the stage.',
  emptyWhy:
    'A stage tells its matrix at its end. A stage that stopped before and a run of an older version have none; tasks and log have what was found.',
  waiting: 'The matrix is told at the end of the stage.',
};

/** The words in a cell: of one probe what was seen, else the few words of the whole. */
export function wordsIn(spot: MatrixSpot, probe: string | undefined): string {
  if (probe === undefined || spot.cells.every(isNotNeeded)) return spotWords(spot);
  const seen = spot.cells[0]?.seen ?? '';
  return seen === '' ? MATRIX_WORDS[spot.status] : seen;
}

/** The word before what a test saw; none where that says it already. */
export function wordOf(cell: MatrixCell): string {
  return isNotNeeded(cell) ? '' : MATRIX_WORDS[cell.status];
}
