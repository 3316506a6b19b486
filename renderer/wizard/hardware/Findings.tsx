import { useState, type ReactNode } from 'react';
import type { HardwareFinding } from '../../../src/contract/hardware.ts';
import { FoldButton } from '../../components/FoldButton.tsx';
import { hardwareText as text } from '../../text/hardware.ts';
import { worthALook } from './discovery-rows.ts';
import { FindingItem } from './FindingItem.tsx';

interface FindingsProps {
  readonly findings: readonly HardwareFinding[];
  readonly actions: (finding: HardwareFinding) => ReactNode;
}

/** Findings, errors first; notes are folded, because nothing has to be done about them. */
export function Findings({ findings, actions }: FindingsProps) {
  const [open, setOpen] = useState(false);
  const pressing = worthALook(findings);
  const notes = findings.filter(({ severity }) => severity === 'note');
  const item = (finding: HardwareFinding) => (
    <FindingItem key={`${finding.code} ${finding.host ?? ''} ${finding.message}`} finding={finding}>
      {actions(finding)}
    </FindingItem>
  );
  return (
    <>
      <ul className="findings">{pressing.map(item)}</ul>
      {notes.length === 0 ? null : (
        <div className="parts">
          <FoldButton
            open={open}
            onToggle={() => {
              setOpen(!open);
            }}
          >
            {text.notes(notes.length)}
          </FoldButton>
          {open ? <ul className="findings">{notes.map(item)}</ul> : null}
        </div>
      )}
    </>
  );
}
