export { loadCatalogue, type Catalogue, type CatalogueProblem, type KnownCause } from './catalogue.ts';
export { explainFailure } from './explain.ts';
export type { FailureInput, RunNames } from './input.ts';
