/** Longer than names as people give them: such a one may take several lines, so that the columns beside it stay in sight. */
const LONG = 14;

/** The class of a cell with this name. */
export function nameClass(name: string): string | undefined {
  return name.length > LONG ? 'long-name' : undefined;
}
