import { Button } from '@patternfly/react-core';
import { Suspense, lazy, useCallback, useMemo, useState } from 'react';
import type { BringupClient } from '../src/contract/api.ts';
import { useArrival } from './arrive.ts';
import type { Replay } from './clients/replay.ts';
import { actionsInMenus } from './components/menu-actions.ts';
import { Notice } from './components/Notice.tsx';
import { Palette } from './components/Palette.tsx';
import { Shortcuts } from './components/Shortcuts.tsx';
import { PartMissing, WizardComing } from './components/WizardComing.tsx';
import { isExample } from './example/open-example.ts';
import { Tour } from './example/Tour.tsx';
import { useExample } from './example/use-example.ts';
import { useHost } from './hooks/use-host.ts';
import { usePaletteKey } from './hooks/use-palette-key.ts';
import { goHome, goToRun, useRoute, type Route } from './hooks/use-route.ts';
import { useShortcuts } from './hooks/use-shortcuts.ts';
import { HomePage } from './pages/HomePage.tsx';
import { RunPage } from './pages/RunPage.tsx';
import { actionsOnPage, type Action } from './state/actions.ts';
import { exampleText } from './text/example.ts';
import { homeText } from './text/home.ts';
import { text } from './text.ts';
import { chooseTheme, nextTheme, useTheme } from './theme.ts';

/** Preparing a site is not what most starts are for; its part of the program, the editor above all, comes when it is asked for. */
const WizardPage = lazy(async () => {
  try {
    return { default: (await import('./wizard/WizardPage.tsx')).WizardPage };
  } catch {
    return { default: PartMissing };
  }
});

/** The central logs are not what most starts are for either. */
const LogsPage = lazy(async () => {
  try {
    return { default: (await import('./logs/LogsPage.tsx')).LogsPage };
  } catch {
    return { default: PartMissing };
  }
});

type Overlay =
  { readonly kind: 'shortcuts' } | { readonly kind: 'palette'; readonly actions: readonly Action[] } | null;

/** Routes between Home, a site and a run, with what is the same on all pages: skip link, keys, theme, list of actions. */
export function App({ client }: { readonly client: BringupClient }) {
  const host = useHost(client);
  const named = useRoute();
  const theme = useTheme();
  const [journal, setJournal] = useState<Replay | null>(null);
  const [overlay, setOverlay] = useState<Overlay>(null);
  const close = (): void => {
    setOverlay(null);
  };
  const help = useCallback(() => {
    setOverlay({ kind: 'shortcuts' });
  }, []);
  const everywhere = useMemo(() => {
    const paint = (): void => {
      chooseTheme(nextTheme(theme));
    };
    return [
      { id: 'home', title: homeText.goHome, keys: 'g', onPage: false, run: goHome },
      { id: 'theme', title: homeText.theme(theme), keys: 't', onPage: false, run: paint },
      { id: 'help', title: homeText.shortcuts, keys: '?', onPage: false, run: help },
    ];
  }, [theme, help]);
  useShortcuts(
    useMemo(() => Object.fromEntries(everywhere.map(({ keys, run }) => [keys, run])), [everywhere]),
  );
  usePaletteKey(
    useCallback(() => {
      const page = document.getElementById('root');
      const onPage = page === null ? [] : actionsOnPage(page);
      const inMenus = actionsInMenus().filter(
        ({ title }) => !onPage.some((action) => action.title === title),
      );
      setOverlay((shown) =>
        shown === null ? { kind: 'palette', actions: [...onPage, ...inMenus, ...everywhere] } : null,
      );
    }, [everywhere]),
  );
  useArrival(pageKey(named));
  const example = useExample(named.page === 'run' ? named.run : '');
  // Until it is known what this page may do, nothing is shown that would have to be taken back.
  if (host === undefined) return null;
  const { watching } = host;
  const route: Route = watching === undefined ? named : { page: 'run', run: watching };
  const inExample = route.page === 'run' && isExample(route.run);
  if (inExample && example === null) return null;
  if (inExample && example === 'missing') return <PartMissing />;
  const opened = inExample && example !== 'missing' ? example : journal;
  const replay = route.page === 'run' && opened?.run === route.run ? opened : null;
  const openJournal = (opened: Replay): void => {
    journal?.close?.();
    setJournal(opened);
    goToRun(opened.run);
  };
  return (
    <>
      <SkipLink />
      {watching === undefined ? null : <Notice kind="info">{homeText.watching}</Notice>}
      {!inExample ? null : (
        <Notice kind="info">
          {exampleText.notice}{' '}
          <Button variant="link" isInline onClick={goHome}>
            {exampleText.leave}
          </Button>
        </Notice>
      )}
      {route.page === 'home' ? (
        <HomePage client={client} canShare={host.canShare} onShortcuts={help} onJournal={openJournal} />
      ) : route.page === 'logs' ? (
        <Suspense fallback={<main id="stage" aria-busy="true" tabIndex={-1} />}>
          <LogsPage
            key={route.file}
            client={client}
            file={route.file}
            query={route.query}
            onShortcuts={help}
          />
        </Suspense>
      ) : route.page === 'site' ? (
        <Suspense fallback={<WizardComing file={route.file} />}>
          <WizardPage
            key={route.file}
            client={client}
            file={route.file}
            step={route.step}
            onShortcuts={help}
          />
        </Suspense>
      ) : (
        <RunPage
          key={replay === null ? route.run : `journal ${route.run}`}
          client={replay?.client ?? client}
          read={replay?.store}
          run={route.run}
          readOnly={replay !== null || watching !== undefined}
          onShortcuts={help}
        />
      )}
      {replay?.run === 'example-failed' ? <Tour /> : null}
      {overlay?.kind === 'shortcuts' ? <Shortcuts onClose={close} /> : null}
      {overlay?.kind === 'palette' ? <Palette actions={overlay.actions} onClose={close} /> : null}
    </>
  );
}

/** What is another page to somebody who looks at it: steps of one site file are not. */
function pageKey(route: Route): string {
  return route.page === 'home'
    ? ''
    : route.page === 'run'
      ? `run ${route.run}`
      : `${route.page} ${route.file}`;
}

function SkipLink() {
  return (
    <a
      className="skip-link"
      href="#stage"
      onClick={(event) => {
        event.preventDefault();
        document.getElementById('stage')?.focus();
      }}
    >
      {text.skipToContent}
    </a>
  );
}
