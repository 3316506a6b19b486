import type { Problem } from '../../../src/contract/api.ts';
import type { Json, StepId } from '../types.ts';

export type Path = readonly (string | number)[];

/** `$.hosts[2].bmc["a b"]` as names and positions; what cannot be read ends the path. */
export function parsePath(text: string): Path {
  const parts = /\.([A-Za-z_][A-Za-z0-9_]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/y;
  const path: (string | number)[] = [];
  parts.lastIndex = 1;
  for (let match = parts.exec(text); match !== null; match = parts.exec(text)) {
    const [, name, index, quoted] = match;
    path.push(name ?? (index === undefined ? (JSON.parse(quoted ?? '""') as string) : Number(index)));
  }
  return path;
}

/** The reverse: `$.hosts[2].bmc["a b"]`, as problems of a site file name their places. */
export function jsonPath(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return /^[A-Za-z_][A-Za-z0-9_]*$/.test(step) ? `${text}.${step}` : `${text}[${JSON.stringify(step)}]`;
  }, '$');
}

/** Whether a place is the other one or lies inside it. */
export function isWithin(inner: string, outer: string): boolean {
  return inner === outer || (inner.startsWith(outer) && '.['.includes(inner.charAt(outer.length)));
}

/** The value at a path; undefined where there is none. */
export function valueAt(document: Readonly<Record<string, Json>> | null, path: Path): Json | undefined {
  let here: Json | undefined = document;
  for (const step of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return undefined;
    here = (here as Readonly<Record<string | number, Json>>)[step];
  }
  return here;
}

const STEP_OF: Readonly<Record<string, StepId>> = {
  networks: 'networks',
  services: 'networks',
  hosts: 'hosts',
  discovery: 'discovery',
  parameters: 'parameters',
  kvm_host: 'machines',
  deployment_vm: 'machines',
  bundle: 'machines',
};

/** Where a problem is mended: for a top-level field that is missing its own place, which is no place in the file yet. */
export function placeOfProblem({ path, code, message }: Pick<Problem, 'path' | 'code' | 'message'>): string {
  const missing =
    path === '$' && code === 'SITE_MISSING_FIELD' ? /\bfield (\w+)/.exec(message)?.[1] : undefined;
  return missing === undefined ? path : jsonPath([missing]);
}

/** The step whose fields mend a problem at this place. What has no field of its own is mended in the YAML of the first. */
export function stepOfPath(text: string): StepId {
  const path = parsePath(text);
  const [top, , field] = path;
  if (top === 'hosts' && (field === 'profile' || field === 'profile_reason')) return 'profiles';
  return STEP_OF[String(top)] ?? 'site';
}
