import { Button } from '@patternfly/react-core';
import { useRef, type ChangeEvent } from 'react';
import type { Example } from '../example/open-example.ts';
import { exampleText } from '../text/example.ts';
import { homeText } from '../text/home.ts';
import { rehearsalText } from '../text/rehearsal.ts';
import { text } from '../text.ts';
import { Menu } from './Menu.tsx';

interface HomeHeaderProps {
  /** Absent while there is none. */
  readonly sites: number | undefined;
  readonly onNew: () => void;
  readonly onOpenSite: () => void;
  readonly onOpenExport: () => void;
  readonly onJournal: (file: File) => void;
  readonly onShortcuts: () => void;
  readonly onExample: (example: Example) => void;
  readonly onRehearse: () => void;
}

/** Where am I, and the ways to begin. */
export function HomeHeader({
  sites,
  onNew,
  onOpenSite,
  onOpenExport,
  onJournal,
  onShortcuts,
  onExample,
  onRehearse,
}: HomeHeaderProps) {
  const input = useRef<HTMLInputElement>(null);
  const chosen = (event: ChangeEvent<HTMLInputElement>): void => {
    const file = event.target.files?.[0];
    event.target.value = '';
    if (file !== undefined) onJournal(file);
  };
  return (
    <header className="frame-head home-head">
      <p className="crumbs">
        <b className="site-name">{text.app}</b>
        <span className="quiet">{sites === undefined ? '' : homeText.siteCount(sites)}</span>
      </p>
      <div className="head-actions">
        <Button variant="link" onClick={onRehearse}>
          {rehearsalText.rehearse}
        </Button>
        <Button variant="link" onClick={onOpenExport}>
          {homeText.openKind('export')}
        </Button>
        <Button variant="secondary" aria-keyshortcuts="n" onClick={onNew}>
          {homeText.newSite}
        </Button>
        <Button variant="secondary" aria-keyshortcuts="o" onClick={onOpenSite}>
          {homeText.openKind('site')}
        </Button>
        <Menu
          onShortcuts={onShortcuts}
          items={(['example-failed', 'example-done'] as const).map((example) => ({
            label: exampleText.openNamed[example],
            onSelect: () => {
              onExample(example);
            },
          }))}
          onJournal={() => {
            input.current?.click();
          }}
        />
        <input
          ref={input}
          id="journal-file"
          className="visually-hidden"
          type="file"
          accept=".jsonl,.json"
          aria-label={homeText.openJournal}
          tabIndex={-1}
          onChange={chosen}
        />
      </div>
    </header>
  );
}
