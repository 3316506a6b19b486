import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { BringupError, EXIT } from '../contract/errors.ts';

/** Where a list of roles stands, and under which name. */
const ROLE_LISTS = [
  [/^stacks\/[^/]+\/(?!stack\.yaml$)/, 'roles'],
  [/^roles\/[^/]+\/meta\/main\.ya?ml$/, 'dependencies'],
] as const;

/** Everything of a playbooks tree, read once. */
interface Tree {
  readonly folder: string;
  readonly files: readonly string[];
  text(file: string): Promise<string>;
}

/** Folders of a tree from which a stack takes single files by their name. */
const NAMED = ['library', 'module_utils', 'action_plugins', 'filter_plugins'];

/**
 * The files of a tree that a stack needs, relative, sorted: its own folder, the roles that its playbooks name and theirs in
 * turn, the modules these call with what they import, and the failure texts with the codes these say. Throws
 * STACK_NOT_EXPORTABLE where a role has no fixed name or is not there.
 */
export async function filesOfStack(folder: string, name: string): Promise<string[]> {
  const tree = await readTree(folder);
  const wanted = new Set(tree.files.filter((file) => file.startsWith(`stacks/${name}/`)));
  const seen = new Set<string>();
  const words = new Set<string>();
  // A file that is added is looked at as well: what it names may name more.
  for (const file of wanted) {
    if (seen.has(file)) continue;
    seen.add(file);
    const text = await tree.text(file);
    for (const word of text.match(/[A-Za-z][A-Za-z0-9_]+/g) ?? []) words.add(word);
    if (/\.ya?ml$/.test(file)) for (const role of rolesIn(text, file)) addRole(tree, role, file, wanted);
    for (const one of namedFiles(tree, words)) wanted.add(one);
  }
  for (const file of tree.files.filter((one) => /^failures\/[^/]+\.ya?ml$/.test(one)))
    if (codesIn(await tree.text(file)).some((code) => words.has(code))) wanted.add(file);
  return [...wanted].sort();
}

async function readTree(folder: string): Promise<Tree> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('__pycache__'))
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .sort();
  return { folder, files, text: async (file) => readFile(path.join(folder, file), 'utf8') };
}

function addRole(tree: Tree, role: string, by: string, wanted: Set<string>): void {
  const files = tree.files.filter((file) => file.startsWith(`roles/${role}/`));
  if (files.length === 0) throw notExportable(by, `it uses the role ${role}, which is not there`);
  for (const file of files) wanted.add(file);
}

function namedFiles({ files }: Tree, words: ReadonlySet<string>): string[] {
  return files.filter((file) => {
    const [folder = '', name = '', ...rest] = file.split('/');
    return NAMED.includes(folder) && rest.length === 0 && words.has(name.replace(/\.py$/, ''));
  });
}

/** Names of the roles that a playbook or a file of tasks uses. */
function rolesIn(text: string, file: string): string[] {
  const found: string[] = [];
  // Elsewhere a list of that name is something else: in a stack file, roles of hosts.
  const list = ROLE_LISTS.find(([where]) => where.test(file))?.[1];
  const add = (name: unknown): void => {
    if (typeof name !== 'string') return;
    if (name.includes('{{')) throw notExportable(file, `it names a role only while it runs (${name})`);
    // A role of a collection comes with Ansible.
    if (!name.includes('.')) found.push(name);
  };
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(walk);
    if (typeof value !== 'object' || value === null) return;
    for (const [key, entry] of Object.entries(value)) {
      if (key === list && Array.isArray(entry))
        for (const one of entry as unknown[]) add(nameIn(one, 'role') ?? nameIn(one, 'name') ?? one);
      else if (/(?:^|\.)(?:import|include)_role$/.test(key)) add(nameIn(entry, 'name'));
      else walk(entry);
    }
  };
  for (const document of parseAllDocuments(text, { logLevel: 'silent' }))
    if (document.errors.length === 0) walk(document.toJS({ maxAliasCount: 100 }));
  return found;
}

function nameIn(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function codesIn(text: string): string[] {
  return [...text.matchAll(/\bcodes:\s*\[([^\]]*)\]/g)].flatMap(([, list = '']) => list.split(/[\s,]+/));
}

function notExportable(file: string, why: string): BringupError {
  return new BringupError({
    code: 'STACK_NOT_EXPORTABLE',
    exit: EXIT.invalid,
    message: `The stack cannot be exported because of ${file}: ${why}.`,
    hint: 'Name the role as it is, and put it into roles/ beside stacks/.',
  });
}
