import { useState } from 'react';
import type { Evidence as Proof } from '../../src/contract/errors.ts';
import { text } from '../text.ts';
import { FoldButton } from './FoldButton.tsx';

/** Height in CSS pixels from which the card fits its window with the evidence open. */
const ROOMY = 1000;

/** The proof of a failure, folded: where each line was seen and what it says, word for word. */
export function Evidence({ evidence }: { readonly evidence: readonly Proof[] }) {
  const [open, setOpen] = useState(() => window.innerHeight >= ROOMY);
  if (evidence.length === 0) return null;
  const lines = evidence.reduce((sum, proof) => sum + proof.text.trimEnd().split('\n').length, 0);
  return (
    <div className="evidence">
      <FoldButton
        open={open}
        onToggle={() => {
          setOpen(!open);
        }}
      >
        {text.evidence(lines)}
      </FoldButton>
      {open ? (
        <dl>
          {evidence.map((proof) => (
            <div key={`${proof.source} ${proof.text}`}>
              <dt>{proof.source}</dt>
              <dd>
                <pre tabIndex={0}>{proof.text.trimEnd()}</pre>
              </dd>
            </div>
          ))}
        </dl>
      ) : null}
    </div>
  );
}
