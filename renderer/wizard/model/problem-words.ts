import type { Problem } from '../../../src/contract/api.ts';

/** A message that begins with the word "the" as a sentence of its own; one that begins with a field stays as it is. */
export function sentenceOf({ message }: Pick<Problem, 'message'>): string {
  return message.startsWith('the ') ? `T${message.slice(1)}` : message;
}

/** A message as it stands at the field that it is about: without the place with which it begins. */
export function wordsAtField({ message, path }: Pick<Problem, 'message' | 'path'>): string {
  const place = `${path.replace(/^\$\.?/, '')} `;
  if (place === ' ' || !message.startsWith(place)) return message;
  const rest = message.slice(place.length).replace('must be <= ', 'must be at most ');
  const words = rest.replace('must be >= ', 'must be at least ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
