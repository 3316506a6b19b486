import { Button } from '@patternfly/react-core';
import { homeText } from '../text/home.ts';

interface EmptyHomeProps {
  readonly onNew: () => void;
  readonly onOpenSite: () => void;
}

/** Home on a machine from which nothing was brought up yet: what a site begins with, and the two ways to begin. */
export function EmptyHome({ onNew, onOpenSite }: EmptyHomeProps) {
  return (
    <div className="empty-page">
      <h2>{homeText.emptyTitle}</h2>
      <p>{homeText.emptyBody}</p>
      <div className="empty-actions">
        <Button variant="primary" onClick={onNew}>
          {homeText.newSite}
        </Button>
        <Button variant="secondary" onClick={onOpenSite}>
          {homeText.openKind('site')}
        </Button>
      </div>
    </div>
  );
}
