import { Button } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import type { BringupClient } from '../../../src/contract/api.ts';
import type { HardwareFinding } from '../../../src/contract/hardware.ts';
import { Evidence } from '../../components/Evidence.tsx';
import { hardwareText as text } from '../../text/hardware.ts';
import type { StepId } from '../types.ts';
import { isCabling, isToCompare, worthALook, type DiscoveryRows, type MachineRow } from './discovery-rows.ts';
import { Findings } from './Findings.tsx';
import { MachineDetails } from './MachineDetails.tsx';
import { MachineSign } from './MachineSign.tsx';
import { RawResources } from './RawResources.tsx';

interface DiscoveryPaneProps {
  readonly rows: DiscoveryRows;
  /** The machine that was selected; all findings where none is. */
  readonly row: MachineRow | undefined;
  readonly discovered: boolean;
  readonly running: boolean;
  readonly client: BringupClient;
  readonly file: string;
  readonly now: number;
  readonly onClose: () => void;
  readonly onAgain: (host: string) => void;
  readonly onGo: (step: StepId) => void;
  readonly onHost: (finding: HardwareFinding) => void;
}

/** The pane of discovery: what has to be mended, or everything about one machine. */
export function DiscoveryPane(props: DiscoveryPaneProps) {
  const { rows, row, discovered, running } = props;
  const actions = (finding: HardwareFinding): ReactNode => <FindingActions {...props} finding={finding} />;
  if (row !== undefined) return <Machine key={row.id} {...props} row={row} actions={actions} />;
  // Certificates that wait to be compared are asked for beside the table.
  const told = [...rows.expected, ...rows.strangers].filter((one) => !isToCompare(one));
  const findings = told.flatMap((one) => one.findings).concat(rows.others);
  const rank = { error: 0, warning: 1, note: 2 };
  const sorted = [...findings].sort((a, b) => rank[a.severity] - rank[b.severity]);
  const open = worthALook(findings).length;
  return (
    <>
      <header className="hw-pane-head">
        <h2>{text.findings}</h2>
        {discovered && !running ? <span className="quiet">{text.findingCount(open)}</span> : null}
      </header>
      {open === 0 ? (
        <p className="quiet">{discovered && !running ? text.noFindings : text.noFindingsYet}</p>
      ) : null}
      <Findings findings={sorted} actions={actions} />
    </>
  );
}

interface MachineProps extends DiscoveryPaneProps {
  readonly row: MachineRow;
  readonly actions: (finding: HardwareFinding) => ReactNode;
}

function Machine({ row, client, file, now, running, onClose, onAgain, actions }: MachineProps) {
  const { machine, host, bmc } = row;
  const snapshot = machine?.snapshot;
  return (
    <>
      <header className="hw-pane-head">
        <h2>{host ?? bmc?.replace(/^https?:\/\//, '') ?? text.stranger}</h2>
        <Button variant="link" isInline onClick={onClose}>
          {text.allFindings}
        </Button>
      </header>
      <p className="hw-pane-state">
        <MachineSign row={row} />
        <span className="quiet">{[snapshot?.manufacturer, snapshot?.model].filter(Boolean).join(' ')}</span>
      </p>
      {machine?.error === undefined || row.findings.length > 0 ? null : (
        <div className="hw-error">
          <p>{machine.error.message}</p>
          {machine.error.hint === undefined ? null : <p>{machine.error.hint}</p>}
        </div>
      )}
      <Findings findings={row.findings} actions={actions} />
      {machine?.error === undefined ? null : <Evidence evidence={machine.error.evidence} />}
      {host === undefined || running || row.findings.length > 0 ? null : (
        <Button
          variant="secondary"
          onClick={() => {
            onAgain(host);
          }}
        >
          {text.checkAgain(host)}
        </Button>
      )}
      {snapshot === undefined ? null : <MachineDetails snapshot={snapshot} now={now} />}
      {bmc === undefined || machine === undefined ? null : (
        <RawResources client={client} file={file} bmc={machine.bmc} />
      )}
    </>
  );
}

const CREDENTIAL = /LOGIN|CREDENTIAL|PASSWORD|LOCKED/;

function FindingActions({
  finding,
  rows,
  running,
  onAgain,
  onGo,
  onHost,
}: DiscoveryPaneProps & { readonly finding: HardwareFinding }) {
  const { host, code, severity } = finding;
  const row = rows.expected.find((one) => one.host === host);
  if (host === undefined || row === undefined || severity === 'note') return null;
  const login = CREDENTIAL.test(row.machine?.error?.code ?? '');
  const inFile = code.startsWith('host.') && !login && code !== 'host.unread';
  return (
    <>
      {login ? (
        <Button
          variant="secondary"
          onClick={() => {
            onGo('credentials');
          }}
        >
          {text.inStep.credentials}
        </Button>
      ) : null}
      {isCabling(code) ? (
        <Button
          variant="secondary"
          onClick={() => {
            onGo('cabling');
          }}
        >
          {text.inStep.cabling}
        </Button>
      ) : null}
      {inFile ? (
        <Button
          variant="secondary"
          onClick={() => {
            onHost(finding);
          }}
        >
          {text.inStep.hosts}
        </Button>
      ) : null}
      <Button
        variant="link"
        isInline
        isDisabled={running}
        onClick={() => {
          onAgain(host);
        }}
      >
        {text.checkAgain(host)}
      </Button>
    </>
  );
}
