import { Button } from '@patternfly/react-core';
import { useEffect, useMemo, useState } from 'react';
import type { BringupClient, FileKind } from '../../src/contract/api.ts';
import type { Replay } from '../clients/replay.ts';
import { DropZone } from '../components/DropZone.tsx';
import { EmptyHome } from '../components/EmptyHome.tsx';
import { FilePicker } from '../components/FilePicker.tsx';
import { HomeHeader } from '../components/HomeHeader.tsx';
import { WarningIcon } from '../components/icons.ts';
import { NewSite } from '../components/NewSite.tsx';
import { RehearseDialog } from '../components/RehearseDialog.tsx';
import { Notice } from '../components/Notice.tsx';
import { RunList } from '../components/RunList.tsx';
import { ShareDialog } from '../components/ShareDialog.tsx';
import { SiteTable } from '../components/SiteTable.tsx';
import { useNow } from '../hooks/use-now.ts';
import { goToRun, goToSite } from '../hooks/use-route.ts';
import { useShortcuts } from '../hooks/use-shortcuts.ts';
import { useSites } from '../hooks/use-sites.ts';
import { openJournal } from '../replay/open-journal.ts';
import { whatWasDropped } from '../state/dropped.ts';
import { errorSentence } from '../state/error-sentence.ts';
import { groupSites } from '../state/home.ts';
import { homeText } from '../text/home.ts';
import { text } from '../text.ts';
import { lastStep } from '../wizard/model/last-step.ts';

interface HomePageProps {
  readonly client: BringupClient;
  /** True where this host can let somebody else watch a run. */
  readonly canShare: boolean;
  readonly onShortcuts: () => void;
  readonly onJournal: (journal: Replay) => void;
}

type Dialog = FileKind | 'new' | 'rehearse' | { readonly share: string };

/** Sites and runs on this machine: who needs the engineer, what runs by itself, what is finished. */
export function HomePage({ client, canShare, onShortcuts, onJournal }: HomePageProps) {
  const { found, error, reload } = useSites(client);
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const [notice, setNotice] = useState<string | null>(null);
  const [busy, setBusy] = useState<string | null>(null);
  const now = useNow(true);
  const groups = useMemo(() => groupSites(found?.runs ?? [], found?.known ?? []), [found]);
  const sites = groups.flatMap((group) => group.sites);
  const selected = sites.find((entry) => entry.id === chosen) ?? sites[0];
  const needing = groups.find((group) => group.kind === 'needs-you')?.sites.length ?? 0;
  useEffect(() => {
    document.title = text.app;
  }, []);

  const explain = (reason: unknown): void => {
    setBusy(null);
    setNotice(errorSentence(reason));
  };
  const openFile = (kind: FileKind, file: string): void => {
    setDialog(null);
    setNotice(null);
    if (kind === 'site') goToSite(file, lastStep(file));
    else client.call('runs.open', { file }).then((opened) => goToRun(opened.run), explain);
  };
  const choose = (kind: FileKind): void => {
    client.call('files.choose', { kind }).then(({ native, file }) => {
      if (!native) setDialog(kind);
      else if (file !== null) openFile(kind, file);
    }, explain);
  };
  const readDropped = async (file: File): Promise<void> => {
    const dropped = await whatWasDropped(file, client, window.bringup?.pathOf);
    if (dropped.kind === 'journal') onJournal(await openJournal(dropped.blob));
    else openFile(dropped.kind, dropped.file);
  };
  const take = (files: readonly File[]): void => {
    const [file, ...more] = files;
    if (file === undefined) return;
    if (more.length > 0) setNotice(homeText.dropOne);
    else readDropped(file).catch(explain);
  };
  const resume = (run: string): void => {
    setBusy(run);
    client.call('runs.resume', { run }).then((going) => goToRun(going.run), explain);
  };
  const forget = (file: string): void => {
    client.call('sites.forget', { file }).then(reload, explain);
  };
  const startNew = (): void => {
    setDialog('new');
  };
  const openSite = (): void => {
    choose('site');
  };
  const startRehearsal = (): void => {
    setDialog('rehearse');
  };
  const close = (): void => {
    setDialog(null);
  };
  useShortcuts({ n: startNew, o: openSite });
  return (
    <DropZone onFiles={take}>
      <HomeHeader
        sites={sites.length === 0 ? undefined : sites.length}
        onNew={startNew}
        onOpenSite={openSite}
        onOpenExport={() => {
          choose('export');
        }}
        onJournal={(file) => {
          take([file]);
        }}
        onShortcuts={onShortcuts}
        onExample={goToRun}
        onRehearse={startRehearsal}
      />
      {error === null ? null : (
        <Notice kind="warning">
          {homeText.refreshFailed} {error}{' '}
          <Button variant="link" isInline onClick={reload}>
            {homeText.tryAgain}
          </Button>
        </Notice>
      )}
      {notice === null ? null : (
        <Notice
          kind="warning"
          onClose={() => {
            setNotice(null);
          }}
        >
          {notice}
        </Notice>
      )}
      <main className="home" id="stage" tabIndex={-1}>
        <header className="home-title">
          <h1>{homeText.title}</h1>
          {needing === 0 ? null : (
            <p className="needs-you">
              <WarningIcon /> {homeText.needYou(needing)}
            </p>
          )}
        </header>
        {found === undefined && error === null ? <p className="quiet">{homeText.loading}</p> : null}
        {found !== undefined && sites.length === 0 ? (
          <EmptyHome onNew={startNew} onOpenSite={openSite} onExample={goToRun} onRehearse={startRehearsal} />
        ) : null}
        {selected === undefined ? null : (
          <>
            <SiteTable
              {...{ groups, now, busy }}
              selected={selected.id}
              onSelect={setChosen}
              onResume={resume}
              onForget={forget}
            />
            <RunList
              entry={selected}
              now={now}
              busy={busy}
              onResume={resume}
              onShare={canShare ? (run) => setDialog({ share: run }) : undefined}
            />
          </>
        )}
      </main>
      {typeof dialog === 'object' && dialog !== null ? (
        <ShareDialog client={client} run={dialog.share} onClose={close} />
      ) : null}
      {dialog === 'new' ? (
        <NewSite client={client} onClose={close} onCreated={(file) => goToSite(file)} />
      ) : null}
      {dialog === 'rehearse' ? (
        <RehearseDialog client={client} known={found?.known ?? []} onClose={close} onStarted={goToRun} />
      ) : null}
      {dialog === 'site' || dialog === 'export' ? (
        <FilePicker
          client={client}
          kind={dialog}
          onClose={close}
          onChoose={(file) => {
            openFile(dialog, file);
          }}
        />
      ) : null}
    </DropZone>
  );
}
