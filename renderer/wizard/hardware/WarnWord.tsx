import { WarningIcon } from '../../components/icons.ts';

/** Something to look at that stops nothing, as sign and word. */
export function WarnWord({ children }: { readonly children: string }) {
  return (
    <span className="status-word status-overridden">
      <span className="sign sign-overridden" aria-hidden="true">
        <WarningIcon />
      </span>
      <span>{children}</span>
    </span>
  );
}
