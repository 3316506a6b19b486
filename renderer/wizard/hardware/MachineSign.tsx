import type { Status } from '../../../src/contract/events.ts';
import { StatusWord } from '../../components/Status.tsx';
import { hardwareText as text } from '../../text/hardware.ts';
import { WarnWord } from './WarnWord.tsx';
import { isToCompare, worthALook, type MachineRow, type MachineState } from './discovery-rows.ts';

const STATUS: Record<MachineState, Status> = {
  reading: 'running',
  found: 'ok',
  failed: 'failed',
  missing: 'unreachable',
  unknown: 'pending',
};

/** How a machine stands, as sign and word; found with findings is a warning, one of another machine too. */
export function MachineSign({ row }: { readonly row: MachineRow }) {
  const open = worthALook(row.findings);
  if (row.state === 'found' && row.host === undefined) return <WarnWord>{text.stranger}</WarnWord>;
  if (row.state === 'found' && open.length > 0) {
    const words = text.foundFindings(open.length);
    const wrong = open.some(({ severity }) => severity === 'error');
    return wrong ? <StatusWord status="failed">{words}</StatusWord> : <WarnWord>{words}</WarnWord>;
  }
  if (isToCompare(row)) return <WarnWord>{text.toCompare}</WarnWord>;
  const unreachable = row.state === 'failed' && row.findings.some(({ code }) => code === 'host.missing');
  return (
    <StatusWord quiet status={unreachable ? 'unreachable' : STATUS[row.state]}>
      {unreachable ? text.state('missing') : text.state(row.state)}
    </StatusWord>
  );
}
