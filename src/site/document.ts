import { readTree } from './parse.ts';
import { readSource } from './source.ts';

/** What a text says as plain data, aliases resolved and bombs refused; null where it is not valid YAML or not a map. */
export function siteDocument(text: string): Readonly<Record<string, unknown>> | null {
  const source = readSource(text);
  if (source.fault !== undefined) return null;
  const tree = readTree(source.text);
  if (tree.faults.length > 0) return null;
  const values = tree.values();
  return typeof values === 'object' && values !== null && !Array.isArray(values)
    ? (values as Readonly<Record<string, unknown>>)
    : null;
}
