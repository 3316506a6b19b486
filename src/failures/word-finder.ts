const SIZE = 1 << 14;

/**
 * Tells whether a text holds a word of three letters or more. Nearly every word of the catalogue is not in a given text,
 * and that is mostly seen by its first and last three letters alone.
 */
export function createWordFinder(text: string): (word: string) => boolean {
  const lower = text.toLowerCase();
  const threes = new Uint8Array(SIZE);
  for (let at = 0; at + 2 < lower.length; at += 1) threes[slot(lower, at)] = 1;
  const known = new Map<string, boolean>();
  return (word) => {
    if (threes[slot(word, 0)] === 0 || threes[slot(word, word.length - 3)] === 0) return false;
    const seen = known.get(word);
    if (seen !== undefined) return seen;
    const found = lower.includes(word);
    known.set(word, found);
    return found;
  };
}

/** Place of the three letters that begin at `at`. */
function slot(text: string, at: number): number {
  return (text.charCodeAt(at) * 961 + text.charCodeAt(at + 1) * 31 + text.charCodeAt(at + 2)) & (SIZE - 1);
}
