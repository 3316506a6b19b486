export type { PlacedFile } from './compare.ts';
export { readBundle, type ReadBundle } from './read.ts';
export { problem } from './problems.ts';
export { makeSigningKey, publicHalf, publicKeyFingerprint } from './signature.ts';
export { writeBundle, type BundleSource } from './write.ts';
