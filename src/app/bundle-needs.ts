import { existsSync } from 'node:fs';
import type { BundleNeed } from '../contract/bundle.ts';
import { describedParameters, jsonPath, type DraftSite } from '../site/index.ts';
import { planStages, stageFiles, UPLOAD_STAGE, type Stack } from '../stacks/index.ts';
import { besideSiteFile } from './site.ts';

/** A file of a bundle as far as needs ask for it. */
interface Listed {
  readonly path: string;
  readonly sha256: string;
}

interface NeedsOf {
  readonly site: DraftSite;
  readonly stack: Stack | undefined;
  /** The site file, from whose folder paths count. */
  readonly file: string;
  /** What the bundle lists; undefined where there is none that can be read. */
  readonly listed: readonly Listed[] | undefined;
}

/**
 * What the stages of a site file want that only files bring, and where each comes from: beside the site file, in the bundle,
 * or nowhere. Works on a site file that is half filled; what a stage fetches from elsewhere, or has on the deployment VM, is left out.
 */
export function bundleNeeds({ site, stack, file, listed = [] }: NeedsOf): BundleNeed[] {
  return [...namedFiles(site, stack, file, listed), ...repositoryFiles(site, stack, listed)];
}

/** Files with a checksum: the bundle may have them under any name. */
function namedFiles(
  site: DraftSite,
  stack: Stack | undefined,
  file: string,
  listed: readonly Listed[],
): BundleNeed[] {
  const { deployment_vm: vm, kvm_host: kvm } = site;
  const wanted = [
    ['deployment_vm.base_image', vm?.base_image],
    ['deployment_vm.packages', vm?.packages],
    ['kvm_host.packages', kvm?.packages],
    ...(stack === undefined ? [] : stageFiles(stack, site).map((one) => [one.field, one] as const)),
  ] as const;
  return wanted.flatMap(([field, named]): BundleNeed[] => {
    if (named?.path === undefined || named.sha256 === undefined) return [];
    const head = { path: jsonPath(field.split('.')), name: named.path, stage: UPLOAD_STAGE };
    if (existsSync(besideSiteFile(file, named.path))) return [{ ...head, state: 'beside' }];
    const there = listed.some(({ sha256 }) => sha256 === named.sha256);
    return [{ ...head, state: there ? 'bundle' : 'missing' }];
  });
}

/** What stages look for in the repository that the deployment VM serves, which the bundle fills; as the stack's schema says. */
function repositoryFiles(site: DraftSite, stack: Stack | undefined, listed: readonly Listed[]): BundleNeed[] {
  if (stack === undefined || site.services?.repository?.mode !== 'managed') return [];
  const planned = planStages(stack, site, { deploymentVm: '', targets: [] }).map(({ id }) => id);
  const names = listed.map(({ path }) => path);
  return [...describedParameters(site, { stack })].flatMap(({ value, schema, path }): BundleNeed[] => {
    const kind = schema['in_repository'];
    if (kind === undefined || typeof value !== 'string') return [];
    const stage = planned.find((id) => usesParameter(stack, id, path.join('.')));
    const name = inRepository(value, site.deployment_vm?.address);
    if (stage === undefined || name === undefined) return [];
    const head = { path: jsonPath(path), name, stage };
    if (kind === 'file')
      return [{ ...head, state: names.some((one) => fits(one, name)) ? 'bundle' : 'missing' }];
    const holds = (schema['holds'] as readonly string[] | undefined) ?? ['*'];
    const lacking = holds.filter((one) => !names.some((there) => fits(there, `${name}/${one}`)));
    const none = lacking.length === holds.length;
    return [{ ...head, state: lacking.length === 0 ? 'bundle' : 'missing', ...(none ? {} : { lacking }) }];
  });
}

/** Whether a stage says that it uses this parameter, or the object that it is in; a stage that uses all of them needs none in particular. */
function usesParameter({ stages }: Stack, id: string, path: string): boolean {
  const uses = stages.find((stage) => stage.id === id)?.uses ?? [];
  return uses.some((use) => use !== 'parameters' && (path === use || path.startsWith(`${use}.`)));
}

/** The path in the repository; undefined for what is fetched from elsewhere or lies on the deployment VM. */
function inRepository(value: string, deploymentVm: string | undefined): string | undefined {
  const own = deploymentVm === undefined ? undefined : `://${deploymentVm}/`;
  const at = own === undefined ? -1 : value.indexOf(own);
  if (at >= 0) return value.slice(at + (own ?? '').length);
  return value.includes('://') || value.startsWith('/') ? undefined : value;
}

/** `*` stands for any part of a name, `{host}` for the name of some host. */
function fits(name: string, wanted: string): boolean {
  const parts = wanted.split(/\*|\{host\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(name);
}
