import { useState, type ReactNode } from 'react';
import { FoldButton } from '../../components/FoldButton.tsx';

interface PartsProps {
  readonly title: string;
  /** Words about each part; the first one names it. */
  readonly rows: readonly (readonly (string | undefined)[])[];
  readonly children?: ReactNode;
}

/** Parts of a machine, folded under their number: most of them are only looked at when something is wrong. */
export function Parts({ title, rows, children }: PartsProps) {
  const [open, setOpen] = useState(false);
  if (rows.length === 0) return null;
  return (
    <section className="parts">
      <h3>
        <FoldButton
          open={open}
          onToggle={() => {
            setOpen(!open);
          }}
        >
          {title} <span className="quiet">{rows.length}</span>
        </FoldButton>
      </h3>
      {open ? (
        <>
          {children}
          <div className="parts-scroll" tabIndex={0} role="region" aria-label={title}>
            <ul>
              {rows.map(([name, ...cells], index) => (
                <li key={`${name ?? ''} ${index}`}>
                  <b>{name}</b>
                  <span>{cells.filter((cell) => cell !== undefined && cell !== '').join(', ')}</span>
                </li>
              ))}
            </ul>
          </div>
        </>
      ) : null}
    </section>
  );
}
