import { useCallback, useState } from 'react';
import { StatusWord } from '../../components/Status.tsx';
import { prepareText as text } from '../../text/prepare.ts';
import { countByStatus } from '../hardware/compat-count.ts';
import { compatMatrix } from '../hardware/compat-matrix.ts';
import { CompatPane } from '../hardware/CompatPane.tsx';
import { CompatTable } from '../hardware/CompatTable.tsx';
import { StepFrame } from '../hardware/StepFrame.tsx';
import { useDiscovery } from '../hardware/use-discovery.ts';
import { useHeld } from '../hardware/use-held.ts';
import { WarnWord } from '../hardware/WarnWord.tsx';
import { Waiting } from '../hardware/Waiting.tsx';
import type { StepProps } from '../types.ts';

/** What the stack and its applications need against each host, requirement by requirement. */
export function CompatibilityStep({ client, model, go }: StepProps) {
  const { result } = useDiscovery({ client, model });
  const load = useCallback(() => client.call('hardware.compat', { file: model.file }), [client, model.file]);
  const { value, error } = useHeld(load, model, result);
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  if (value === undefined) return <Waiting error={error} words={text.waits} {...{ model, go }} />;
  const { hosts } = value;
  const matrix = compatMatrix(hosts);
  const { fail: failed, warn: warned, unknown } = countByStatus(hosts);
  const selected =
    hosts.find(({ host }) => host === chosen) ?? hosts.find(({ status }) => status !== 'pass') ?? hosts[0];
  return (
    <StepFrame
      verdict={
        failed > 0 ? (
          <StatusWord status="failed">{text.compatBad(failed, hosts.length)}</StatusWord>
        ) : unknown > 0 ? (
          <WarnWord>{text.compatUnknown(unknown, hosts.length)}</WarnWord>
        ) : warned > 0 ? (
          <WarnWord>{text.compatWarn(warned, hosts.length)}</WarnWord>
        ) : (
          <StatusWord status="ok">{text.compatAll(hosts.length)}</StatusWord>
        )
      }
      paneLabel={selected?.host ?? text.compatHost}
      pane={<CompatPane host={selected} />}
    >
      {matrix.needs.length === 0 && failed === 0 && unknown === 0 ? (
        <p className="hw-empty">{text.compatNone}</p>
      ) : (
        <CompatTable matrix={matrix} selected={selected?.host} onSelect={setChosen} />
      )}
    </StepFrame>
  );
}
