interface BarProps {
  /** From 0 to 1. */
  readonly part: number;
  readonly label: string;
  readonly small?: boolean;
}

/** A progress bar with a stated meaning; moves without animation for those who asked for less motion. */
export function Bar({ part, label, small = false }: BarProps) {
  const percent = Math.round(Math.min(1, Math.max(0, part)) * 100);
  return (
    <div
      className={small ? 'bar bar-small' : 'bar'}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
    >
      <div className="bar-fill" style={{ width: `${percent}%` }} />
    </div>
  );
}
