import { useCallback, useMemo, useState } from 'react';
import type { BringupClient } from '../src/contract/api.ts';
import type { Replay } from './clients/replay.ts';
import { Palette } from './components/Palette.tsx';
import { Shortcuts } from './components/Shortcuts.tsx';
import { useHost } from './hooks/use-host.ts';
import { usePaletteKey } from './hooks/use-palette-key.ts';
import { goHome, goToRun, useRoute, type Route } from './hooks/use-route.ts';
import { useShortcuts } from './hooks/use-shortcuts.ts';
import { HomePage } from './pages/HomePage.tsx';
import { RunPage } from './pages/RunPage.tsx';
import { actionsOnPage, type Action } from './state/actions.ts';
import { homeText } from './text/home.ts';
import { text } from './text.ts';
import { chooseTheme, nextTheme, useTheme } from './theme.ts';
import { WizardPage } from './wizard/WizardPage.tsx';

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
      setOverlay((shown) =>
        shown === null ? { kind: 'palette', actions: [...onPage, ...everywhere] } : null,
      );
    }, [everywhere]),
  );
  // Until it is known what this page may do, nothing is shown that would have to be taken back.
  if (host === undefined) return null;
  const { watching } = host;
  const route: Route = watching === undefined ? named : { page: 'run', run: watching };
  const replay = route.page === 'run' && journal?.run === route.run ? journal : null;
  const openJournal = (opened: Replay): void => {
    setJournal(opened);
    goToRun(opened.run);
  };
  return (
    <>
      <SkipLink />
      {route.page === 'home' ? (
        <HomePage client={client} canShare={host.canShare} onShortcuts={help} onJournal={openJournal} />
      ) : route.page === 'site' ? (
        <WizardPage key={route.file} client={client} file={route.file} step={route.step} onShortcuts={help} />
      ) : (
        <RunPage
          key={replay === null ? route.run : `journal ${route.run}`}
          client={replay?.client ?? client}
          run={route.run}
          readOnly={replay !== null || watching !== undefined}
          onShortcuts={help}
        />
      )}
      {overlay?.kind === 'shortcuts' ? <Shortcuts onClose={close} /> : null}
      {overlay?.kind === 'palette' ? <Palette actions={overlay.actions} onClose={close} /> : null}
    </>
  );
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
