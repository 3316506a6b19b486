import picocolors from 'picocolors';

const { NO_COLOR, FORCE_COLOR, TERM } = process.env;

/**
 * Colors for a terminal, and none for a pipe or a file, whatever else is set: what a script reads is plain text.
 * `NO_COLOR` and `FORCE_COLOR` decide otherwise (no-color.org, force-color.org).
 */
export const pc = picocolors.createColors(
  // A pipe has no isTTY at all, and undefined would ask picocolors, which colors in every CI.
  !isSet(NO_COLOR) && (isSet(FORCE_COLOR) || (isTerminal(process.stdout) && TERM !== 'dumb')),
);

function isTerminal({ isTTY }: { readonly isTTY?: boolean }): boolean {
  return isTTY === true;
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}
