import type { ReactNode } from 'react';
import '../../styles/hardware.css';
import '../../styles/hardware-pane.css';
import '../../styles/hardware-parts.css';
import '../../styles/hardware-plan.css';

interface StepFrameProps {
  /** Sign and word that say how the step stands. */
  readonly verdict?: ReactNode;
  readonly meta?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** The right-hand side: what was selected, or what to do. */
  readonly pane?: ReactNode;
  readonly paneLabel?: string;
}

/** The inside of a step: how it stands and what can be done, then its body, and a pane beside it. */
export function StepFrame({ verdict, meta, actions, children, pane, paneLabel }: StepFrameProps) {
  return (
    <>
      <div className="step-main hw">
        {verdict === undefined && meta === undefined && actions === undefined ? null : (
          <div className="hw-bar">
            {verdict}
            <p className="hw-meta">{meta}</p>
            <div className="hw-actions">{actions}</div>
          </div>
        )}
        {children}
      </div>
      {pane === undefined ? null : (
        <aside className="pane hw-pane" aria-label={paneLabel} tabIndex={0}>
          {pane}
        </aside>
      )}
    </>
  );
}
