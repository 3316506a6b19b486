import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse, parseAllDocuments } from 'yaml';
import { explainFailure, loadCatalogue, type Catalogue } from '../../src/failures/index.ts';
import type { FailureRecord } from '../../src/contract/failure.ts';

/** One output with the cause that it means; null: none that the catalogue knows. */
export interface Sample {
  readonly id: string;
  readonly text: string;
  readonly key: string | null;
}

/** What became of samples: `wrong` are confident answers that are not right, `missed` those said to be unknown. */
export interface Score {
  readonly right: number;
  readonly wrong: readonly string[];
  readonly missed: readonly string[];
}

const CATALOGUE = new URL('../../playbooks/failures/', import.meta.url);
const HELD_OUT = new URL('../fixtures/failures/', import.meta.url);
const SHARED = fileURLToPath(new URL('../../../shared/failures/', import.meta.url));

/** The catalogue as it ships. */
export function shippedCatalogue(): Catalogue {
  const files = readdirSync(CATALOGUE).filter((name) => name.endsWith('.yaml'));
  return loadCatalogue(files.map((file) => ({ file, text: readFileSync(new URL(file, CATALOGUE), 'utf8') })));
}

/** Explains a raw text as `bringup explain` does. */
export function explainText(text: string, catalogue: Catalogue): FailureRecord {
  const input = { what: 'the text given', where: { stage: '', runs_on: '' }, message: text, evidence: [] };
  return explainFailure(input, catalogue, { run: '', site: '', at: '', version: '' });
}

/** The outputs kept beside the tests. */
export function heldOut(): Sample[] {
  return readdirSync(HELD_OUT).flatMap((file) => {
    const list = parse(readFileSync(new URL(file, HELD_OUT), 'utf8')) as {
      readonly key: string | null;
      readonly tool: string;
      readonly text: string;
    }[];
    return list.map(({ key, tool, text }, index) => ({ id: `${file} ${index} (${tool})`, text, key }));
  });
}

/** A file of the shared failure corpus beside the repository, or null where that is not present. */
export function sharedFile(name: string): string | null {
  return existsSync(SHARED + name) ? readFileSync(SHARED + name, 'utf8') : null;
}

/** The outputs of the shared corpus. */
export function readCorpus(text: string): Sample[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS() as { id: string; text: string; cause_key: string } | null)
    .flatMap((entry) => (entry === null ? [] : [{ id: entry.id, text: entry.text, key: entry.cause_key }]));
}

/** Explains each sample, changed by `dress` first. */
export function score(
  samples: readonly Sample[],
  catalogue: Catalogue,
  dress = (text: string): string => text,
): Score {
  const wrong: string[] = [];
  const missed: string[] = [];
  for (const { id, text, key } of samples) {
    const answer = explainText(dress(text), catalogue).why.key;
    if (answer === key) continue;
    if (answer === null) missed.push(`${id}: ${String(key)}`);
    else wrong.push(`${id}: ${answer} instead of ${String(key)}`);
  }
  return { right: samples.length - wrong.length - missed.length, wrong, missed };
}
