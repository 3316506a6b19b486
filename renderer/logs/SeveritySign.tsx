import { FailedIcon, WarningIcon } from '../components/icons.ts';
import { logText } from '../text/logs.ts';

const BAD = new Set(['emerg', 'alert', 'crit', 'err']);

/** A severity as a word, with a sign where somebody should look. */
export function SeveritySign({ severity }: { readonly severity: string }) {
  const word = logText.severity(severity);
  const kind = BAD.has(severity) ? 'bad' : severity === 'warning' ? 'warn' : 'quiet';
  return (
    <span className={`log-severity ${kind}`}>
      {kind === 'bad' ? <FailedIcon /> : kind === 'warn' ? <WarningIcon /> : null}
      {word}
    </span>
  );
}
