import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { cacheFolder, withBuildFolder } from './cache.ts';
import { type LabContext, projectFile } from './context.ts';
import { runContained } from './run-tool.ts';
import { writeAtomically } from './write-atomically.ts';

/** The deployment VM's base image: a qcow2 and its SHA-256. */
export interface BaseImage {
  readonly path: string;
  readonly sha256: string;
}

interface ImageRecord extends BaseImage {
  readonly recipe: string;
  readonly size: number;
}

const RECIPE = 'build-debian-12.sh';
/** Begins the names of all the recipe is made of: the script, its package list and its folder of settings. */
const RECIPE_FILES = /^(build-)?debian-12\b/;

/** Answers the cached base image, building it by the project's recipe when there is none of that recipe yet. */
export async function ensureBaseImage(
  lab: LabContext,
  onStep: (text: string) => void,
  signal: AbortSignal,
): Promise<BaseImage> {
  const cached = await findBaseImage(lab);
  if (cached !== undefined) return cached;
  const image = await withBuildFolder(lab, 'images', async (folder) => {
    const built = path.join(folder, 'image.qcow2');
    const recipe = projectFile('playbooks', 'images', RECIPE);
    const hash = await recipeHash();
    const script = 'BRINGUP_APT_CACHE="$3" exec bash "$2" "$1/image.qcow2"';
    await runContained(script, folder, [recipe, cacheFolder(lab, 'apt')], signal);
    return publish(lab, built, hash);
  });
  onStep(`Built the base image of the deployment VM, ${Math.round(image.size / 2 ** 20)} MiB.`);
  return { path: image.path, sha256: image.sha256 };
}

/** Moves a finished image to its place; the record goes first and comes back last, so that it never names another image. */
async function publish(lab: LabContext, built: string, recipe: string): Promise<ImageRecord> {
  const file = imageFile(lab);
  const record = { path: file, sha256: await sha256Of(built), recipe, size: (await stat(built)).size };
  await rm(recordFile(lab), { force: true });
  await rename(`${built}.contents.json`, `${file}.contents.json`);
  await rename(built, file);
  writeAtomically(recordFile(lab), `${JSON.stringify(record)}\n`);
  return record;
}

/** The cached base image of the present recipe, or undefined. */
export async function findBaseImage(lab: LabContext): Promise<BaseImage | undefined> {
  if (!existsSync(recordFile(lab)) || !existsSync(imageFile(lab))) return undefined;
  const record = JSON.parse(await readFile(recordFile(lab), 'utf8')) as ImageRecord;
  const { size } = await stat(imageFile(lab));
  const isCurrent = record.recipe === (await recipeHash()) && record.size === size;
  return isCurrent ? { path: imageFile(lab), sha256: record.sha256 } : undefined;
}

function imageFile(lab: LabContext): string {
  return path.join(cacheFolder(lab, 'images'), 'debian-12-bringup.qcow2');
}

function recordFile(lab: LabContext): string {
  return `${imageFile(lab)}.json`;
}

async function recipeHash(): Promise<string> {
  const folder = projectFile('playbooks', 'images');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => RECIPE_FILES.test(path.relative(folder, file)));
  const hash = createHash('sha256');
  for (const file of files.sort()) hash.update(path.relative(folder, file)).update(await readFile(file));
  return hash.digest('hex');
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
