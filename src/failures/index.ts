export { loadCatalogue, type Catalogue, type CatalogueProblem, type KnownCause } from './catalogue.ts';
export { explainFailures } from './explain-all.ts';
export { explainFailure } from './explain.ts';
export { redact } from './redact.ts';
export type { FailureInput, RunNames } from './input.ts';
