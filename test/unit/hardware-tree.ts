import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { BringupError } from '../../src/contract/errors.ts';
import type { RedfishReader, Resource } from '../../src/hardware/reader.ts';

/** A Redfish tree: resources by URI, as a capture keeps them. A value that is no object stands for a broken answer. */
export type Tree = Readonly<Record<string, unknown>>;

/** A reader over a tree in memory. It counts requests, and rounds: requests that could have been under way at once. */
export interface TreeReader extends RedfishReader {
  readonly requests: () => number;
  readonly rounds: () => number;
}

/** `expand`: whether the service gives collections whole in one answer, as one that supports `$expand` does. */
export function treeReader(tree: Tree, options: { readonly expand?: boolean } = {}): TreeReader {
  const known = new Map(Object.entries(tree).map(([uri, value]) => [keyOf(uri), value]));
  let requests = 0;
  let rounds = 0;
  let waiting: (() => void)[] = [];

  const round = () =>
    new Promise<void>((resolve) => {
      if (waiting.length === 0)
        setImmediate(() => {
          const due = waiting;
          waiting = [];
          rounds += 1;
          for (const go of due) go();
        });
      waiting.push(resolve);
    });

  const find = (uri: string): Resource => {
    const key = keyOf(uri);
    if (!known.has(key))
      throw new BringupError({ code: 'REDFISH_NOT_FOUND', message: `${uri} is not there (404).` });
    return known.get(key) as never;
  };

  const get = async (uri: string) => {
    requests += 1;
    await round();
    return find(uri);
  };

  const members: RedfishReader['members'] = async (uri, onGap) => {
    const collection: unknown = await get(uri);
    const whole = listed(collection).map(async (member) => {
      if (Object.keys(member).length > 1) return member;
      try {
        return options.expand === false ? await get(member['@odata.id']) : find(member['@odata.id']);
      } catch (error) {
        onGap?.(member['@odata.id'], error);
        return undefined;
      }
    });
    return (await Promise.all(whole)).filter((member) => member !== undefined);
  };

  return { get, members, requests: () => requests, rounds: () => rounds };
}

/** A tree of test/fixtures/redfish. */
export function fixture(name: string): Tree {
  const file = fileURLToPath(new URL(`../fixtures/redfish/${name}.json`, import.meta.url));
  return JSON.parse(readFileSync(file, 'utf8')) as Tree;
}

/** A capture that lies beside the repository, when it does. */
export function capture(name: string): Tree | undefined {
  const file = fileURLToPath(new URL(`../../../shared/redfish/${name}.json`, import.meta.url));
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Tree) : undefined;
}

function listed(collection: unknown): { '@odata.id': string }[] {
  const members = (collection as { Members?: unknown } | null)?.Members;
  return (Array.isArray(members) ? (members as unknown[]) : []).filter(
    (member): member is { '@odata.id': string } =>
      typeof (member as { '@odata.id'?: unknown } | null)?.['@odata.id'] === 'string',
  );
}

function keyOf(uri: string): string {
  return uri.replace(/\/+$/, '').toLowerCase();
}
