/**
 * True when the whole text fits the pattern: `*` is any text, `?` one character, everything else itself. Goes back to the
 * last star only, so that time stays within text times pattern whatever either of them is.
 */
export function matchesGlob(text: string, pattern: string): boolean {
  let [at, wanted, star, resume] = [0, 0, -1, 0];
  while (at < text.length) {
    if (pattern[wanted] === '*') {
      [star, resume] = [wanted, at];
      wanted++;
    } else if (wanted < pattern.length && (pattern[wanted] === '?' || pattern[wanted] === text[at])) {
      at++;
      wanted++;
    } else if (star >= 0) {
      resume++;
      [at, wanted] = [resume, star + 1];
    } else return false;
  }
  while (pattern[wanted] === '*') wanted++;
  return wanted === pattern.length;
}
