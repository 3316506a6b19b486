import { Button } from '@patternfly/react-core';
import { useMemo, useState } from 'react';
import type { HardwareFinding } from '../../../src/contract/hardware.ts';
import { Bar } from '../../components/Bar.tsx';
import { StatusWord } from '../../components/Status.tsx';
import { duration, moment, secondsBetween } from '../../format.ts';
import { useNow } from '../../hooks/use-now.ts';
import { hardwareText as text } from '../../text/hardware.ts';
import { PrimaryButton } from '../components/PrimaryButton.tsx';
import { Certificates, HostKey } from '../hardware/Certificates.tsx';
import { DiscoveryFields } from '../hardware/DiscoveryFields.tsx';
import { DiscoveryPane } from '../hardware/DiscoveryPane.tsx';
import {
  discoveryRows,
  newCertificates,
  shownHostKey,
  worthALook,
  type DiscoveryRows,
} from '../hardware/discovery-rows.ts';
import { DiscoveryTable } from '../hardware/DiscoveryTable.tsx';
import { ErrorNote } from '../hardware/ErrorNote.tsx';
import { FileFirst, errorsOf } from '../hardware/FileErrors.tsx';
import { siteHosts } from '../hardware/site-view.ts';
import { StepFrame } from '../hardware/StepFrame.tsx';
import { useDiscovery } from '../hardware/use-discovery.ts';
import type { StepProps } from '../types.ts';

/** Discovery, live: expected against found, each failure with its own reason, and what has to be compared first. */
export function DiscoveryStep({ client, model, go }: StepProps) {
  const { result, progress, asked, error, loading, start, cancel } = useDiscovery({ client, model });
  const [selected, setSelected] = useState<string | undefined>(undefined);
  const hosts = useMemo(() => siteHosts(model.document), [model.document]);
  const running = progress !== undefined;
  const now = useNow(running);
  const rows = discoveryRows(hosts, { result, progress, only: asked });
  const all = [...rows.expected, ...rows.strangers];
  const key = shownHostKey(error);
  const wrong = errorsOf(model.problems);
  const again = (host: string): void => {
    start({ hosts: [host] });
  };
  const goTo = (finding: HardwareFinding): void => {
    const host = hosts.find(({ name }) => name === finding.host);
    if (host !== undefined) go('hosts', `$.hosts[${host.index}]`);
  };
  return (
    <StepFrame
      verdict={loading ? null : <Verdict rows={rows} running={running} />}
      meta={
        running
          ? text.spent(duration(secondsBetween(progress.started ?? new Date(now).toISOString(), now)))
          : result === undefined
            ? ''
            : text.lastAt(moment(result.at, now))
      }
      actions={
        running ? (
          <PrimaryButton onClick={cancel}>{text.stop}</PrimaryButton>
        ) : (
          <PrimaryButton
            rank={result === undefined && wrong.length === 0 ? 'work' : undefined}
            isDisabled={hosts.length === 0 || wrong.length > 0}
            onClick={() => {
              start();
            }}
          >
            {result === undefined ? text.discover : text.discoverAgain}
          </PrimaryButton>
        )
      }
      paneLabel={text.findings}
      pane={
        <DiscoveryPane
          rows={rows}
          row={all.find(({ id }) => id === selected)}
          discovered={result !== undefined}
          {...{ client, file: model.file, now, running }}
          onClose={() => {
            setSelected(undefined);
          }}
          onAgain={again}
          onGo={go}
          onHost={goTo}
        />
      }
    >
      {running ? (
        <Bar part={progress.total === 0 ? 0 : progress.done / progress.total} label={text.discovery} />
      ) : null}
      {key !== undefined && !running ? (
        <HostKey
          fingerprint={key}
          onAccept={() => {
            start({ acceptHostKey: key });
          }}
        />
      ) : error === undefined || running || wrong.length > 0 ? null : (
        <ErrorNote error={error} />
      )}
      {running ? null : (
        <Certificates
          certificates={newCertificates(result)}
          onPin={(chosen) => {
            const named = chosen.flatMap(({ host }) => host ?? []);
            const some = named.length === chosen.length ? { hosts: named } : {};
            start({ ...some, acceptCertificates: chosen.map(({ sha256 }) => sha256) });
          }}
        />
      )}
      {wrong.length === 0 ? null : <FileFirst errors={wrong} go={go} />}
      {result === undefined && wrong.length === 0 && !running && !loading && hosts.length > 0 ? (
        <p className="hw-lead">{text.neverBody}</p>
      ) : null}
      {hosts.length === 0 ? (
        <p className="hw-empty">
          {text.noHosts}{' '}
          <Button
            variant="link"
            isInline
            onClick={() => {
              go('hosts');
            }}
          >
            {text.toHosts}
          </Button>
        </p>
      ) : (
        <DiscoveryTable rows={rows} selected={selected} onSelect={setSelected} />
      )}
      <DiscoveryFields model={model} />
    </StepFrame>
  );
}

function Verdict({ rows, running }: { readonly rows: DiscoveryRows; readonly running: boolean }) {
  const { expected, strangers, others } = rows;
  const found = expected.filter(({ state }) => state === 'found').length;
  const reading = expected.filter(({ state }) => state === 'reading').length;
  if (running) return <StatusWord status="running">{text.stillReading(reading, expected.length)}</StatusWord>;
  if (expected.every(({ state }) => state === 'unknown') && strangers.length === 0)
    return <StatusWord status="pending">{text.neverDiscovered}</StatusWord>;
  const open = worthALook([...[...expected, ...strangers].flatMap((row) => row.findings), ...others]);
  const wrong = open.some(({ severity }) => severity === 'error') || found < expected.length;
  return (
    <StatusWord status={wrong ? 'failed' : open.length > 0 ? 'overridden' : 'ok'}>
      {text.foundOf(found, expected.length)}
    </StatusWord>
  );
}
