import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { CommandName, KnownSite } from '../contract/api.ts';
import type { RememberedSite, SiteMemory } from '../contract/ports.ts';
import { openSiteFile, validateSite } from './site.ts';
import type { Playbooks } from './stacks-places.ts';

/** Commands after which a site file counts as worked on, and the field of their input that names it. */
const WORKED_ON: Partial<Record<CommandName, 'file' | 'siteFile'>> = {
  'site.read': 'file',
  'site.create': 'file',
  'runs.apply': 'siteFile',
};

/** Remembers the site file of a command that was carried out; forgetting it must not spoil the command. */
export async function rememberSite(
  memory: SiteMemory,
  command: CommandName,
  input: object,
  at: Date,
): Promise<void> {
  const field = WORKED_ON[command];
  const file: unknown = field === undefined ? undefined : Reflect.get(input, field);
  if (typeof file !== 'string') return;
  await memory.remember({ file: path.resolve(file), at: at.toISOString() }).catch(() => undefined);
}

/** The site files that were worked on from this machine, newest first, each with what it says now. */
export async function listSites(memory: SiteMemory, playbooks: Playbooks): Promise<KnownSite[]> {
  const remembered = [...(await memory.list())].sort((left, right) => right.at.localeCompare(left.at));
  return Promise.all(remembered.map((site) => describe(site, playbooks)));
}

async function describe({ file, at }: RememberedSite, playbooks: Playbooks): Promise<KnownSite> {
  const there = await stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!there) return { file, at, gone: true, errors: 0 };
  try {
    const { problems, site, stack } = await validateSite(file, playbooks);
    const errors = problems.filter((problem) => problem.severity === 'error');
    const [first] = errors;
    // A site file with errors mostly has a name all the same.
    const about = site?.site ?? (await openSiteFile(file)).draft?.site;
    return {
      file,
      at,
      ...(stack === undefined ? {} : { stack: stack.stack }),
      ...aboutSite(about ?? {}),
      errors: errors.length,
      ...(first === undefined ? {} : { first_error: `Line ${first.line}: ${first.message}` }),
    };
  } catch (thrown) {
    return { file, at, errors: 1, first_error: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

function aboutSite(site: {
  readonly name?: string | undefined;
  readonly customer?: string | undefined;
  readonly location?: string | undefined;
}): Pick<KnownSite, 'site' | 'customer' | 'location'> {
  return {
    ...(site.name === undefined ? {} : { site: site.name }),
    ...(site.customer === undefined ? {} : { customer: site.customer }),
    ...(site.location === undefined ? {} : { location: site.location }),
  };
}
