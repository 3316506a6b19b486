import { wizardText as text } from '../../text/wizard.ts';
import type { Path } from '../model/paths.ts';

export type CellKind = 'text' | 'label' | 'list' | 'number' | 'address' | 'mac';

/** One column of a table of hosts: where its value is in a host of the site file, and what spreadsheets call it. */
export interface Column {
  readonly id: string;
  readonly path: Path;
  readonly kind: CellKind;
  /** Header names, in lower case with single spaces; those of interfaces come with and without their number. */
  readonly names: readonly string[];
}

/** Interfaces of a host that a table has columns for. */
const INTERFACES = 4;

const HOST_COLUMNS: readonly Column[] = [
  {
    id: 'name',
    path: ['name'],
    kind: 'label',
    names: ['name', 'host', 'hostname', 'host name', 'server', 'node'],
  },
  {
    id: 'serial',
    path: ['serial'],
    kind: 'text',
    names: ['serial', 'serial number', 'serial no', 'service tag', 'tag', 'sn', 's n'],
  },
  { id: 'roles', path: ['roles'], kind: 'list', names: ['roles', 'role'] },
  { id: 'profile', path: ['profile'], kind: 'label', names: ['profile', 'hardware profile'] },
  { id: 'profile_reason', path: ['profile_reason'], kind: 'text', names: ['profile reason'] },
  {
    id: 'bmc_address',
    path: ['bmc', 'address'],
    kind: 'address',
    names: bmcNames(['', 'ip', 'address', 'ip address']).concat('oob', 'oob ip', 'management ip', 'mgmt ip'),
  },
  { id: 'bmc_port', path: ['bmc', 'port'], kind: 'number', names: bmcNames(['port']) },
  {
    id: 'bmc_credential',
    path: ['bmc', 'credential'],
    kind: 'text',
    names: bmcNames(['credential']).concat('credential'),
  },
  {
    id: 'bmc_certificate',
    path: ['bmc', 'certificate'],
    kind: 'text',
    names: bmcNames(['certificate', 'fingerprint']),
  },
  { id: 'ssh_user', path: ['ssh', 'user'], kind: 'text', names: ['ssh user', 'user', 'login'] },
  { id: 'ssh_port', path: ['ssh', 'port'], kind: 'number', names: ['ssh port'] },
  { id: 'ssh_credential', path: ['ssh', 'credential'], kind: 'text', names: ['ssh credential'] },
  { id: 'ssh_host_key', path: ['ssh', 'host_key'], kind: 'text', names: ['ssh host key', 'host key'] },
];

const FIELDS = [
  ['name', 'text', ['name']],
  ['mac', 'mac', ['mac', 'mac address']],
  ['network', 'label', ['network', 'net']],
  ['address', 'address', ['address', 'ip', 'ip address']],
  ['switch_port', 'text', ['switch port', 'switchport']],
] as const;

/** Every column that can be pasted, imported and exported. */
export const COLUMNS: readonly Column[] = [
  ...HOST_COLUMNS,
  ...Array.from({ length: INTERFACES }, (_, index) =>
    FIELDS.map(([field, kind, words]): Column => {
      const before = ['interface', 'nic', 'port', 'eth', 'lan'].flatMap((word) => [
        `${word}${index + 1}`,
        `${word} ${index + 1}`,
      ]);
      return {
        id: `nic${index + 1}_${field}`,
        path: ['interfaces', index, field],
        kind,
        names: [
          ...before.flatMap((word) => words.map((suffix) => `${word} ${suffix}`)),
          ...(index === 0 && field !== 'name' ? words : []),
        ],
      };
    }),
  ).flat(),
];

function bmcNames(suffixes: readonly string[]): string[] {
  const boards = ['bmc', 'idrac', 'ilo', 'xcc', 'ipmi'];
  return boards.flatMap((board) => suffixes.map((suffix) => `${board} ${suffix}`.trim()));
}

/** Columns whose values no site file holds. */
const SECRET = /\b(password|passwd|pwd|passphrase|secret|token)\b/;

/** What a header says: a column, a secret that is left out, or nothing known. */
export function columnNamed(header: string): Column | 'secret' | undefined {
  const name = header
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .trim();
  if (SECRET.test(name)) return 'secret';
  return COLUMNS.find(({ id, names }) => names.includes(name) || id.replaceAll('_', ' ') === name);
}

/** The name of a column as people read it. */
export function columnTitle({ id }: Column): string {
  return text.column[id] ?? id.replace(/^nic(\d)_/, 'nic$1 ').replaceAll('_', ' ');
}
