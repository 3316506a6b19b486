import { Button } from '@patternfly/react-core';
import { useMemo, useState } from 'react';
import { StatusWord } from '../../components/Status.tsx';
import { moment } from '../../format.ts';
import { useNow } from '../../hooks/use-now.ts';
import { hardwareText as text } from '../../text/hardware.ts';
import { cableRows, isOff, takeSeen, type CableRow } from '../hardware/cables.ts';
import { CableTable } from '../hardware/CableTable.tsx';
import { isCabling, worthALook } from '../hardware/discovery-rows.ts';
import { ErrorNote } from '../hardware/ErrorNote.tsx';
import { Findings } from '../hardware/Findings.tsx';
import { siteHosts } from '../hardware/site-view.ts';
import { StepFrame } from '../hardware/StepFrame.tsx';
import { Waiting } from '../hardware/Waiting.tsx';
import { useDiscovery } from '../hardware/use-discovery.ts';
import type { StepProps } from '../types.ts';

/** Cabling: every planned interface against what its machine and its switch say, and what was seen into the site file. */
export function CablingStep({ client, model, go }: StepProps) {
  const { result, progress, error, loading, start } = useDiscovery({ client, model });
  const [taken, setTaken] = useState<string | undefined>(undefined);
  const [refused, setRefused] = useState<Error | undefined>(undefined);
  const hosts = useMemo(() => siteHosts(model.document), [model.document]);
  const now = useNow(false);
  const rows = useMemo(() => (result === undefined ? [] : cableRows(hosts, result)), [hosts, result]);
  const findings = (result?.findings ?? []).filter(({ code }) => isCabling(code));
  const right = rows.filter(({ state }) => state === 'right').length;
  const off = rows.filter(isOff).length;
  const take = (row: CableRow, field: 'mac' | 'switch_port', value: string): void => {
    setRefused(undefined);
    model.edit([takeSeen(row, field, value)]).then(
      () => {
        setTaken(`${value} of ${row.host} ${row.name}`);
      },
      (reason: unknown) => {
        setRefused(reason instanceof Error ? reason : new Error(String(reason)));
      },
    );
  };
  if (result === undefined)
    return (
      <Waiting
        error={error}
        missing={!loading && error === undefined}
        words={text.cablingWaits}
        {...{ model, go }}
      />
    );
  const planned = hosts.some(({ interfaces }) => interfaces.length > 0);
  return (
    <StepFrame
      verdict={
        <StatusWord status={off > 0 ? 'failed' : 'ok'}>{text.cablesOf(right, rows.length)}</StatusWord>
      }
      meta={text.lastAt(moment(result.at, now))}
      actions={
        <div role="status" className="hw-done">
          {taken === undefined ? null : (
            <>
              <StatusWord quiet status="ok">
                {text.taken(taken)}
              </StatusWord>
              <Button
                variant="link"
                isInline
                onClick={() => {
                  model.undo();
                  setTaken(undefined);
                }}
              >
                {text.undo}
              </Button>
            </>
          )}
        </div>
      }
      paneLabel={text.findings}
      pane={
        <>
          <header className="hw-pane-head">
            <h2>{text.findings}</h2>
            <span className="quiet">{text.findingCount(worthALook(findings).length)}</span>
          </header>
          {findings.length === 0 ? <p className="quiet">{text.noFindings}</p> : null}
          <Findings
            findings={findings}
            actions={({ host, severity }) =>
              host === undefined || severity === 'note' ? null : (
                <Button
                  variant="secondary"
                  isDisabled={progress !== undefined}
                  onClick={() => {
                    start({ hosts: [host] });
                  }}
                >
                  {text.checkAgain(host)}
                </Button>
              )
            }
          />
        </>
      }
    >
      {refused === undefined ? null : <ErrorNote error={refused} />}
      {planned ? <CableTable rows={rows} onTake={take} /> : <p className="hw-empty">{text.cablingNone}</p>}
    </StepFrame>
  );
}
