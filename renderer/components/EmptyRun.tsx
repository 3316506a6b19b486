import { text } from '../text.ts';

/** What the run page shows before the first event. */
export function EmptyRun({ run }: { readonly run: string }) {
  return (
    <main className="empty-page">
      <h1>{text.noRun(run)}</h1>
      <p>{text.noRunHint}</p>
      <p>
        <a href="#/">{text.sites}</a>
      </p>
    </main>
  );
}
