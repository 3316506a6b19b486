import { useMemo, useState } from 'react';
import type { BringupClient } from '../src/contract/api.ts';
import type { RunEvent } from '../src/contract/events.ts';
import { createReplayClient } from './clients/replay.ts';
import { Shortcuts } from './components/Shortcuts.tsx';
import { goHome, goToRun, useRoute } from './hooks/use-route.ts';
import { useShortcuts } from './hooks/use-shortcuts.ts';
import { HomePage } from './pages/HomePage.tsx';
import { RunPage } from './pages/RunPage.tsx';
import { text } from './text.ts';
import { chooseTheme, nextTheme, useTheme } from './theme.ts';

interface Journal {
  readonly run: string;
  readonly client: BringupClient;
}

/** Routes between Home and a run; a journal opened as a file is a run whose client is a replay. */
export function App({ client }: { readonly client: BringupClient }) {
  const route = useRoute();
  const theme = useTheme();
  const [journal, setJournal] = useState<Journal | null>(null);
  const [helping, setHelping] = useState(false);
  const help = (): void => {
    setHelping(true);
  };
  const openJournal = (events: readonly RunEvent[]): void => {
    const run = events[0]?.run ?? '';
    setJournal({ run, client: createReplayClient(events) });
    goToRun(run);
  };
  const keys = useMemo(
    () => ({
      '?': () => {
        setHelping(true);
      },
      g: goHome,
      t: () => {
        chooseTheme(nextTheme(theme));
      },
    }),
    [theme],
  );
  useShortcuts(keys);
  const replay = route.page === 'run' && journal?.run === route.run ? journal : null;
  return (
    <>
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
      {route.page === 'home' ? (
        <HomePage client={client} onShortcuts={help} onJournal={openJournal} />
      ) : (
        <RunPage
          key={replay === null ? route.run : `journal ${route.run}`}
          client={replay?.client ?? client}
          run={route.run}
          readOnly={replay !== null}
          onShortcuts={help}
        />
      )}
      {helping ? (
        <Shortcuts
          onClose={() => {
            setHelping(false);
          }}
        />
      ) : null}
    </>
  );
}
