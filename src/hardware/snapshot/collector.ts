import { BringupError } from '../../contract/errors.ts';
import type { SnapshotGap } from '../../contract/hardware.ts';
import type { RedfishReader, Resource } from '../reader.ts';
import { isBag, isBlank, link } from './values.ts';

/** Reads what is there and keeps note of what is not. Nothing here rejects; no URI is read twice. */
export interface Collector {
  /** One resource; undefined where there is no link or it cannot be read (then it is a gap). */
  resource(what: string, uri: string | undefined): Promise<Resource | undefined>;
  /** Several resources, side by side, in the order of their links. */
  resources(what: string, uris: readonly string[]): Promise<readonly Resource[]>;
  /** The members of a collection; empty where there is no link or it cannot be read (then it is a gap). */
  members(what: string, uri: string | undefined): Promise<readonly Resource[]>;
  /** As members, for a place that is only guessed: when it is not there, that is no gap. */
  guess(what: string, uri: string | undefined): Promise<readonly Resource[]>;
  note(what: string, uri: string, reason: string): void;
  readonly gaps: readonly SnapshotGap[];
}

/** A collector over one machine's reader. */
export function createCollector(reader: RedfishReader): Collector {
  const gaps: SnapshotGap[] = [];
  const read = new Map<string, Promise<Resource | undefined>>();
  const collections = new Map<string, Promise<readonly Resource[]>>();

  const note = (what: string, uri: string, reason: string) => void gaps.push({ what, uri, reason });

  const resource: Collector['resource'] = async (what, uri) => {
    if (uri === undefined) return undefined;
    return remember(read, uri, async () => {
      try {
        const found = await reader.get(uri);
        if (isBag(found) && !isBlank(found)) return found;
        note(what, uri, isBag(found) ? BLANK : 'It is not a JSON object.');
      } catch (error) {
        note(what, uri, reasonOf(error));
      }
      return undefined;
    });
  };

  const tells = (member: unknown, what: string, uri: string): member is Resource => {
    if (!isBag(member)) return false;
    const blank = isBlank(member);
    if (blank) note(what, link(member) ?? uri, BLANK);
    return !blank;
  };

  const collect = async (what: string, uri: string | undefined, quiet: boolean) => {
    if (uri === undefined) return [];
    return remember(collections, uri, async () => {
      try {
        const found = await reader.members(uri, (member, error) => {
          note(what, member, reasonOf(error));
        });
        return Array.isArray(found) ? found.filter((member) => tells(member, what, uri)) : [];
      } catch (error) {
        if (!quiet) note(what, uri, reasonOf(error));
        return [];
      }
    });
  };

  return {
    resource,
    resources: async (what, uris) =>
      (await Promise.all(uris.map((uri) => resource(what, uri)))).filter((found) => found !== undefined),
    members: (what, uri) => collect(what, uri, false),
    guess: (what, uri) => collect(what, uri, true),
    note,
    gaps,
  };
}

const BLANK = 'It is there, but says nothing.';

function remember<T>(known: Map<string, Promise<T>>, uri: string, read: () => Promise<T>): Promise<T> {
  const key = uri.toLowerCase();
  const started = known.get(key) ?? read();
  known.set(key, started);
  return started;
}

function reasonOf(error: unknown): string {
  if (error instanceof BringupError) return error.message;
  return error instanceof Error ? `Unexpected: ${error.message}` : 'Unexpected failure.';
}
