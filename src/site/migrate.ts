import { BringupError, EXIT } from '../contract/errors.ts';
import type { SiteEdit } from './edit/edits.ts';
import { editText, refuseRepeated } from './edit/edit.ts';
import { quoted, spoken, type Path } from './finding.ts';
import { readTree } from './parse.ts';
import { API_VERSION } from './schema/site.ts';
import { countLines } from './source.ts';
import { OLD_VERSION, versionOf } from './version.ts';

/** A site file brought to this version; `from` is the version it had, and `changes` name lines of the old text. */
export interface Migration {
  readonly text: string;
  readonly from: string;
  readonly to: string;
  readonly changes: readonly { readonly line: number; readonly what: string }[];
}

/** One step: what changes at a path of the old file, and the edits that do it. */
interface Step {
  readonly path: Path;
  readonly what: string;
  readonly edits: readonly SiteEdit[];
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Brings a site file of an older version up to date by edits, so that comments, order and quotes survive. A file of
 * this version comes back as it is. Throws BringupError SITE_MIGRATE_UNREADABLE, SITE_MIGRATE_VERSION or
 * SITE_MIGRATE_CONFLICT, and SITE_EDIT_* where an edit would change more than it says.
 */
export function migrateSite(text: string): Migration {
  const bare = text.replace(/^\uFEFF/, '');
  const tree = readTree(bare);
  const fault = tree.faults[0];
  const lines = countLines(bare);
  if (fault !== undefined) throw unreadable(lines.linePos(fault.offset).line, fault.message, fault.hint);
  const values = tree.values();
  const from = versionOf(values);
  if (from === API_VERSION) return { text, from, to: API_VERSION, changes: [] };
  if (from !== OLD_VERSION) throw unknownVersion(from);
  const steps = stepsFromV1beta1(values as Fields);
  const changes = steps
    .map(({ path, what }) => ({ line: lines.linePos(tree.offsetOf(path, 'key')).line, what }))
    .sort((a, b) => a.line - b.line);
  const edits = inRounds(steps);
  refuseRepeated(
    bare,
    edits.filter(({ op }) => op === 'remove').map(({ path }) => path),
  );
  return { text: editText(text, edits), from, to: API_VERSION, changes };
}

/** The first edits of all steps, then the second ones, and so on: edits in different places are done on one reading. */
function inRounds(steps: readonly Step[]): SiteEdit[] {
  const rounds = Math.max(0, ...steps.map(({ edits }) => edits.length));
  return Array.from({ length: rounds }, (_, round) =>
    steps.flatMap(({ edits }) => edits[round] ?? []),
  ).flat();
}

function stepsFromV1beta1(old: Fields): Step[] {
  const steps: Step[] = [
    {
      path: ['apiVersion'],
      what: `apiVersion is ${API_VERSION}.`,
      edits: [{ op: 'set', path: ['apiVersion'], value: API_VERSION }],
    },
  ];
  const kvm = fieldsOf(old['kvm_host']);
  if ('host' in kvm) {
    if ('address' in kvm) throw conflict(['kvm_host'], 'host', 'address');
    const path = ['kvm_host', 'host'];
    steps.push({
      path,
      what: 'kvm_host.host is now kvm_host.address.',
      edits: [{ op: 'rename', path, name: 'address' }],
    });
  }
  steps.push(...serviceSteps(old));
  const hosts = Array.isArray(old['hosts']) ? (old['hosts'] as unknown[]) : [];
  for (const [index, host] of hosts.entries()) steps.push(...bmcSteps(fieldsOf(host), ['hosts', index]));
  return steps;
}

/** The lists become services; where there are no services yet, they begin below the lists. */
function serviceSteps(old: Fields): Step[] {
  const lists = ['dns', 'ntp'].filter((service) => `${service}_servers` in old);
  const services = fieldsOf(old['services']);
  const values = lists.map((service) => {
    const name = `${service}_servers`;
    if (service in services) throw conflict([], name, `services.${service}`);
    return [service, { mode: 'existing', servers: old[name] }] as const;
  });
  const last = `${lists.at(-1) ?? ''}_servers`;
  const fresh = !('services' in old);
  return values.map(([service, value], index) => {
    const name = `${service}_servers`;
    const set: SiteEdit = fresh
      ? { op: 'set', path: ['services'], value: Object.fromEntries(values), after: last }
      : { op: 'set', path: ['services', service], value };
    const remove: SiteEdit = { op: 'remove', path: [name], keepComments: true };
    return {
      path: [name],
      what: `${name} is now services.${service}: {mode: existing, servers: [...]}.`,
      edits: fresh && index > 0 ? [remove] : [set, remove],
    };
  });
}

function bmcSteps(host: Fields, path: Path): Step[] {
  const names = ['bmc_address', 'bmc_credential'].filter((name) => name in host);
  const first = names[0];
  if (first === undefined) return [];
  if ('bmc' in host) throw conflict(path, first, 'bmc');
  const value = Object.fromEntries(names.map((name) => [name.replace('bmc_', ''), host[name]]));
  return [
    {
      path: [...path, first],
      what: `${names.join(' and ')} of ${spoken(path)} ${names.length === 1 ? 'is' : 'are'} now in ${spoken([...path, 'bmc'])}.`,
      edits: [
        { op: 'set', path: [...path, 'bmc'], value, after: names.at(-1) ?? first },
        ...names.map((name) => ({ op: 'remove', path: [...path, name], keepComments: true }) as const),
      ],
    },
  ];
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function unreadable(line: number, message: string, hint?: string): BringupError {
  return new BringupError({
    code: 'SITE_MIGRATE_UNREADABLE',
    exit: EXIT.invalid,
    message: `The site file cannot be brought up to date, because line ${line} cannot be read: ${message}`,
    hint: hint ?? 'Correct the line by hand first.',
  });
}

function unknownVersion(version: unknown): BringupError {
  return new BringupError({
    code: 'SITE_MIGRATE_VERSION',
    exit: EXIT.invalid,
    message:
      version === undefined
        ? 'The site file does not say which version it has.'
        : `The site file has the version ${quoted(version)}, which cannot be brought to ${API_VERSION}.`,
    hint: `Write apiVersion: ${API_VERSION} or apiVersion: ${OLD_VERSION} on its first line.`,
  });
}

function conflict(path: Path, old: string, now: string): BringupError {
  return new BringupError({
    code: 'SITE_MIGRATE_CONFLICT',
    exit: EXIT.invalid,
    message: `${spoken(path)} has the older ${old} as well as ${now}.`,
    hint: 'Remove one of them, then try again.',
  });
}
