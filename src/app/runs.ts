import type { Explanation } from '../contract/api.ts';
import { explainFailure, type Catalogue } from '../failures/index.ts';

/** What the catalogue knows about a raw error text. */
export function explainText(text: string, catalogue: Catalogue): Explanation {
  const input = { what: 'the text given', where: { stage: '', runs_on: '' }, message: text, evidence: [] };
  const names = { run: '', site: '', at: '', version: '' };
  const { why, owner, fixes, request } = explainFailure(input, catalogue, names);
  const explanation = { key: why.key, summary: why.summary, owner, fixes, evidence: why.evidence };
  return why.key === null ? explanation : { ...explanation, request };
}
