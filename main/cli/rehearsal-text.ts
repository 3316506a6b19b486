import { pc } from './colors.ts';
import type { RehearsalFault } from '../../src/contract/api.ts';
import { paragraph } from './paragraph.ts';

/** The faults in groups, by the stage that meets them. */
export function faultsText(faults: readonly RehearsalFault[], width: number): string {
  const room = Math.max(...faults.map(({ name }) => name.length));
  const stages = new Map<string, RehearsalFault[]>();
  for (const fault of faults)
    stages.set(fault.stage_title, [...(stages.get(fault.stage_title) ?? []), fault]);
  const groups = [...stages].map(([title, among]) =>
    [pc.bold(title), ...among.map((fault) => faultLine(fault, room, width))].join('\n'),
  );
  const usage = `Put one in with: ${pc.cyan('bringup rehearse --fault NAME')}, for one host ${pc.cyan('--fault NAME:HOST')}`;
  return [...groups, usage].join('\n\n');
}

function faultLine(
  { name, title, on_host: onHost, playable }: RehearsalFault,
  room: number,
  width: number,
): string {
  const notes = [
    ...(onHost ? ['of one host'] : []),
    ...(playable ? [] : ['not yet: its stage has no recording']),
  ];
  const text = notes.length === 0 ? title : `${title} (${notes.join('; ')})`;
  const line = paragraph(name.padEnd(room + 1), [text], width - 2);
  const shown = line.replaceAll(/^/gm, '  ');
  return playable ? shown : pc.dim(shown);
}
