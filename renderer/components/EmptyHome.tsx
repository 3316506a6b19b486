import { Button } from '@patternfly/react-core';
import type { Example } from '../example/open-example.ts';
import { exampleText } from '../text/example.ts';
import { homeText } from '../text/home.ts';

interface EmptyHomeProps {
  readonly onNew: () => void;
  readonly onOpenSite: () => void;
  readonly onExample: (example: Example) => void;
  readonly onRehearse: () => void;
}

/** Home on a machine from which nothing was brought up yet: what a site begins with, the two ways to begin, and examples to look at. */
export function EmptyHome({ onNew, onOpenSite, onExample, onRehearse }: EmptyHomeProps) {
  return (
    <div className="empty-page">
      <h2>{homeText.emptyTitle}</h2>
      <p>{homeText.emptyBody}</p>
      <div className="empty-actions">
        <Button variant="primary" onClick={onNew}>
          {homeText.startSite}
        </Button>
        <Button variant="secondary" onClick={onOpenSite}>
          {homeText.openExisting}
        </Button>
      </div>
      <section className="empty-example" aria-labelledby="example-title">
        <h3 id="example-title">{exampleText.look}</h3>
        <p>{exampleText.lookBody}</p>
        <div className="empty-actions">
          {(['example-failed', 'example-done'] as const).map((example) => (
            <Button
              key={example}
              variant="link"
              isInline
              onClick={() => {
                onExample(example);
              }}
            >
              {exampleText.open[example]}
            </Button>
          ))}
          <Button variant="link" isInline onClick={onRehearse}>
            {exampleText.own}
          </Button>
        </div>
      </section>
    </div>
  );
}
