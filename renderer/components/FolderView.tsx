import type { FileKind, FolderEntry, FolderListing } from '../../src/contract/api.ts';
import { moment } from '../format.ts';
import { useNow } from '../hooks/use-now.ts';
import { homeText } from '../text/home.ts';
import { FileIcon, FolderIcon } from './icons.ts';

interface FolderViewProps {
  readonly listing: FolderListing;
  readonly kind: FileKind;
  readonly onFolder: (folder: string) => void;
  readonly onChoose: (file: string) => void;
}

/** Places on the left, what the folder holds on the right; everything is a button, so Tab and Enter suffice. */
export function FolderView({ listing, kind, onFolder, onChoose }: FolderViewProps) {
  const { folder, parent, places, entries } = listing;
  const now = useNow(false);
  return (
    <div className="folder-view">
      <nav aria-label={homeText.places}>
        <ul>
          {places.map((place) => (
            <li key={place.folder}>
              <button
                type="button"
                aria-current={isIn(folder, place.folder) ? 'true' : undefined}
                title={homeText.placeTitle(place)}
                onClick={() => {
                  onFolder(place.folder);
                }}
              >
                {place.name}
              </button>
            </li>
          ))}
        </ul>
      </nav>
      <section aria-label={homeText.folder}>
        <p className="folder-path">
          <code>{folder}</code>
          {parent === undefined ? null : (
            <button
              type="button"
              className="plain-link"
              onClick={() => {
                onFolder(parent);
              }}
            >
              {homeText.up}
            </button>
          )}
        </p>
        {entries.length === 0 ? <p className="quiet">{homeText.noEntries(kind)}</p> : null}
        <ul className="folder-entries">
          {entries.map((entry) => (
            <li key={entry.path}>
              <Entry
                entry={entry}
                now={now}
                onOpen={() => {
                  if (entry.kind === 'folder') onFolder(entry.path);
                  else onChoose(entry.path);
                }}
              />
            </li>
          ))}
        </ul>
        {listing.left_out === 0 ? null : <p className="quiet">{homeText.leftOut(listing.left_out)}</p>}
      </section>
    </div>
  );
}

interface EntryProps {
  readonly entry: FolderEntry;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly onOpen: () => void;
}

function Entry({ entry, now, onOpen }: EntryProps) {
  return (
    <button type="button" onClick={onOpen}>
      <span aria-hidden="true" className="sign">
        {entry.kind === 'folder' ? <FolderIcon /> : <FileIcon />}
      </span>
      <span className={entry.kind === 'folder' ? undefined : 'file-name'}>{entry.name}</span>
      <span className="quiet">{entry.modified === undefined ? '' : moment(entry.modified, now)}</span>
    </button>
  );
}

function isIn(folder: string, place: string): boolean {
  return folder === place || folder.startsWith(`${place.replace(/[\\/]$/, '')}/`);
}
