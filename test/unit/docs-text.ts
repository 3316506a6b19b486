import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the project. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Paths, from the root, of files below `folder` whose names end in one of `endings`. */
export function filesBelow(folder: string, endings: readonly string[]): string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)))
    .filter((file) => !file.includes('node_modules'));
}

/** The documents of the project. */
export function documents(): string[] {
  return [
    'README.md',
    'CONTRIBUTING.md',
    ...filesBelow('docs', ['.md']),
    ...filesBelow('playbooks', ['.md']),
  ];
}

/** The text of a file of the project. */
export function textOf(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8');
}
