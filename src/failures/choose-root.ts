import type { KnownCause } from './catalogue.ts';
import type { Hit } from './find-causes.ts';

/** The cause at the root, and what it brought about; `root` undefined: none shows, or two do and none explains the other. */
export interface Choice {
  readonly root: Hit | undefined;
  readonly consequences: readonly Hit[];
}

export const NOTHING: Choice = { root: undefined, consequences: [] };

/** Picks the root among the causes that show in one output. */
export function chooseRoot(hits: readonly Hit[]): Choice {
  const roots = hits.filter(
    (hit) => !hits.some((other) => other !== hit && explainsFirst(other.cause, hit.cause)),
  );
  const weight = Math.max(...roots.map((hit) => hit.weight));
  const strongest = roots.filter((hit) => hit.weight === weight);
  const [root] = strongest;
  if (root === undefined || strongest.length > 1) return NOTHING;
  return { root, consequences: hits.filter((hit) => hit !== root && explains(root.cause, hit.cause)) };
}

/** True when a failure of the kind `cause` brings failures of the kind `other` about. */
export function explains(cause: KnownCause, other: KnownCause): boolean {
  return cause !== other && cause.explains.some((key) => covers(key, other.key));
}

/** As `explains`; of two that name each other, the one that names the other exactly goes first. */
function explainsFirst(cause: KnownCause, other: KnownCause): boolean {
  if (!explains(cause, other)) return false;
  return (
    !explains(other, cause) || (cause.explains.includes(other.key) && !other.explains.includes(cause.key))
  );
}

function covers(pattern: string, key: string): boolean {
  return pattern.endsWith('.*') ? key.startsWith(pattern.slice(0, -1)) : pattern === key;
}
