import { BringupError } from '../../contract/errors.ts';
import type { Resource } from '../reader.ts';
import { redfishError } from './errors.ts';
import { type Expansion, idOf, isLink, membersOf, nextLinkOf, refusesExpand } from './expand.ts';
import type { Limits } from './limits.ts';

/** What reading a collection needs of its client. */
export interface CollectionPorts {
  readonly name: string;
  readonly limits: Limits;
  readonly expansion: () => Promise<Expansion>;
  /** Reads one page, which is not kept. */
  readonly page: (uri: string) => Promise<Resource>;
  /** Reads one member that came as a link. */
  readonly get: (uri: string) => Promise<Resource>;
  /** Keeps a resource that came inside another. */
  readonly keep: (uri: string, resource: Resource) => void;
  readonly keyOf: (uri: string) => string;
}

type OnGap = (uri: string, error: unknown) => void;

/** Reads every member of a collection: expanded where the BMC can, page by page, members that came as links one by one. */
export async function readMembers(
  ports: CollectionPorts,
  uri: string,
  onGap: OnGap,
): Promise<readonly Resource[]> {
  const first = await firstPage(ports, uri);
  const entries = await followPages(ports, uri, first.page, onGap);
  const whole = first.expanded ? await complete(ports, uri, first.page, entries, onGap) : entries;
  const links = whole.map(idOf).flatMap((id) => (id === undefined ? [] : [{ '@odata.id': id }]));
  ports.keep(uri, { ...first.page, Members: links });
  const members = await Promise.all(whole.map((entry) => readMember(ports, entry, onGap)));
  return members.filter((member) => member !== undefined);
}

interface FirstPage {
  readonly page: Resource;
  readonly expanded: boolean;
}

async function firstPage(ports: CollectionPorts, uri: string): Promise<FirstPage> {
  const expansion = await ports.expansion();
  for (let query = expansion.query(); query !== undefined && !uri.includes('?');) {
    try {
      const page = await ports.page(`${uri}?${query}`);
      const members = membersOf(page);
      if (members.length === 0) return { page, expanded: false };
      const ignored = members.every(isLink);
      expansion.tell(query, ignored ? 'ignored' : 'worked');
      return { page, expanded: !ignored };
    } catch (thrown) {
      if (!(thrown instanceof BringupError) || !refusesExpand(thrown.code)) throw thrown;
      expansion.tell(query, 'refused');
      const next = expansion.query();
      query = next === query ? undefined : next;
    }
  }
  return { page: await ports.page(uri), expanded: false };
}

async function followPages(
  ports: CollectionPorts,
  uri: string,
  first: Resource,
  onGap: OnGap,
): Promise<readonly Resource[]> {
  const entries = [...membersOf(first)];
  const seen = new Set([ports.keyOf(uri)]);
  let next = nextLinkOf(first);
  while (next !== undefined && !seen.has(ports.keyOf(next))) {
    if (seen.size >= ports.limits.pages || entries.length >= ports.limits.members) {
      onGap(next, endless(ports, uri));
      return entries.slice(0, ports.limits.members);
    }
    seen.add(ports.keyOf(next));
    const page: Resource | undefined = await orGap(ports.page(next), next, onGap);
    if (page === undefined) return entries;
    entries.push(...membersOf(page));
    next = nextLinkOf(page);
  }
  return entries;
}

/** Some BMCs cut an expanded collection short and give no link to the rest: the plain one names all members. */
async function complete(
  ports: CollectionPorts,
  uri: string,
  first: Resource,
  entries: readonly Resource[],
  onGap: OnGap,
): Promise<readonly Resource[]> {
  const count = first['Members@odata.count'];
  if (typeof count !== 'number' || entries.length >= count) return entries;
  const plain = await orGap(ports.page(uri), uri, onGap);
  if (plain === undefined) return entries;
  const known = new Set(entries.map(idOf).map((id) => (id === undefined ? '' : ports.keyOf(id))));
  const rest = membersOf(plain).filter((link) => !known.has(ports.keyOf(idOf(link) ?? '')));
  return [...entries, ...rest];
}

async function readMember(
  ports: CollectionPorts,
  entry: Resource,
  onGap: OnGap,
): Promise<Resource | undefined> {
  const id = idOf(entry);
  if (!isLink(entry)) {
    if (id !== undefined) ports.keep(id, entry);
    return entry;
  }
  return id === undefined ? undefined : orGap(ports.get(id), id, onGap);
}

/** What cannot be read is told and left out. */
async function orGap(reading: Promise<Resource>, uri: string, onGap: OnGap): Promise<Resource | undefined> {
  try {
    return await reading;
  } catch (thrown) {
    if (isFinal(thrown)) throw thrown;
    onGap(uri, thrown);
    return undefined;
  }
}

/** Errors after which no other member can be read either, and which no list of gaps should hide. */
function isFinal(thrown: unknown): boolean {
  return (
    !(thrown instanceof BringupError) ||
    thrown.code === 'CANCELLED' ||
    thrown.code.startsWith('REDFISH_LOGIN')
  );
}

function endless(ports: CollectionPorts, uri: string): BringupError {
  return redfishError(
    'REDFISH_TOO_LARGE',
    `${ports.name} gives more than ${ports.limits.members} members or ${ports.limits.pages} pages for ${uri}; the rest is left out.`,
    'The Redfish service of the BMC is at fault: update its firmware.',
  );
}
