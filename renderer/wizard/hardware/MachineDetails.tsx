import { SearchInput } from '@patternfly/react-core';
import { useState } from 'react';
import type { HardwareSnapshot } from '../../../src/contract/hardware.ts';
import { moment } from '../../format.ts';
import { hardwareText as text } from '../../text/hardware.ts';
import { Facts } from './Facts.tsx';
import { Parts } from './Parts.tsx';
import { attributeRows, partsOf } from './snapshot-parts.ts';

interface MachineDetailsProps {
  readonly snapshot: HardwareSnapshot;
  readonly now: number;
}

/** What a BMC told of its machine: the facts first, every part folded under them. */
export function MachineDetails({ snapshot, now }: MachineDetailsProps) {
  const { facts } = text;
  const { cpu, memory, disks, bios, bmc } = snapshot;
  const terabytes = disks.reduce((sum, disk) => sum + disk.size_gb, 0);
  const clock = bmc.clock_offset_seconds;
  return (
    <>
      <Facts
        facts={[
          [facts.serial, snapshot.serial === undefined ? undefined : <code>{snapshot.serial}</code>],
          [facts.cpu, text.cpuText(cpu.count, cpu.model ?? '', cpu.cores)],
          [facts.memory, text.gib(memory.total_gib)],
          [facts.disks, disks.length === 0 ? undefined : `${disks.length}, ${text.gigabytes(terabytes)}`],
          [facts.power, snapshot.power_state],
          [facts.health, [text.health(snapshot.health), ...snapshot.health_problems].join('; ')],
          [facts.bios, bios.version === undefined ? undefined : <code>{bios.version}</code>],
          [facts.bmc, [bmc.product ?? bmc.model, bmc.version].filter(Boolean).join(' ')],
          [facts.clock, clock === undefined ? undefined : text.clockOff(clock)],
          [facts.license, bmc.licenses?.map(({ name, state }) => `${name}: ${state}`).join(', ')],
          [facts.read, moment(snapshot.captured_at, now)],
        ]}
      />
      {partsOf(snapshot).map(([title, rows]) => (
        <Parts key={title} title={title} rows={rows} />
      ))}
      <Attributes snapshot={snapshot} />
    </>
  );
}

function Attributes({ snapshot }: { readonly snapshot: HardwareSnapshot }) {
  const [wanted, setWanted] = useState('');
  const all = attributeRows(snapshot);
  const rows = all.filter((row) => row.join(' ').toLowerCase().includes(wanted.toLowerCase()));
  if (all.length === 0) return null;
  return (
    <Parts title={text.sections.bios} rows={rows.length === 0 ? [[text.none]] : rows}>
      <SearchInput
        aria-label={text.attributeFilter}
        placeholder={text.attributeFilter}
        value={wanted}
        onChange={(_event, value) => {
          setWanted(value);
        }}
        onClear={() => {
          setWanted('');
        }}
      />
    </Parts>
  );
}
