import { pc } from './colors.ts';
import type {
  CredentialList,
  CredentialStoreState,
  CredentialTarget,
  CredentialUse,
  StoredCredential,
  WantedCredential,
} from '../../src/contract/api.ts';
import { paragraph } from './paragraph.ts';

const KINDS = { password: 'password', key: 'key', both: 'password and key' } as const;
const PLACES = { keychain: 'keychain', file: 'encrypted file', lab: 'lab' } as const;
/** Hosts named for one credential; the rest is counted. */
const HOSTS_SHOWN = 3;

/** What is stored, or what a site file wants of it, then the command that comes next. */
export function credentialsText(list: CredentialList, file: string | undefined, width: number): string {
  if (list.wanted !== undefined) return wantedText(list.wanted, file ?? 'FILE', width);
  if (list.credentials.length === 0) {
    return `No credential is stored in the ${PLACES[list.store]}.\nStore one with: bringup credentials set NAME`;
  }
  const name = Math.max(...list.credentials.map((one) => one.name.length));
  return list.credentials.map((one) => `${one.name.padEnd(name)}  ${pc.dim(storedText(one))}`).join('\n');
}

function wantedText(wanted: readonly WantedCredential[], file: string, width: number): string {
  if (wanted.length === 0) return `${file} names no credential.`;
  const lines = wanted.map((one) => {
    const { name, stored, problem } = one;
    const mark = stored === undefined ? pc.red('✖') : problem === undefined ? pc.green('✔') : pc.yellow('!');
    const state = stored === undefined ? pc.red('not stored') : pc.dim(storedText(stored));
    return paragraph(
      mark,
      [
        `${pc.bold(name)}  ${state}`,
        `for ${usesText(one.uses)}`,
        ...(problem === undefined ? [] : [pc.yellow(problem)]),
      ],
      width,
    );
  });
  const open = wanted.find(({ stored, problem }) => stored === undefined || problem !== undefined);
  const next =
    open === undefined
      ? `All are stored. Try one with: bringup credentials test ${wanted[0]?.name ?? 'NAME'} ${file}`
      : `Store it with: bringup credentials set ${open.name}${wantsUser(open) ? ' --username USER' : ''}`;
  return [...lines, '', next].join('\n');
}

/** How each machine took the credential. */
export function targetsText(targets: readonly CredentialTarget[], width: number): string {
  const blocks = targets.map((target) => {
    const mark = target.ok ? pc.green('✔') : target.refused ? pc.red('✖') : pc.yellow('!');
    return paragraph(
      mark,
      [
        `${pc.bold(machineText(target))}  ${pc.dim(target.address)}`,
        target.text,
        ...(target.hint === undefined ? [] : [`${pc.cyan('now')} ${target.hint}`]),
      ],
      width,
    );
  });
  const good = targets.filter(({ ok }) => ok).length;
  const machines = targets.length === 1 ? 'machine' : 'machines';
  return [...blocks, '', `${good} of ${targets.length} ${machines} took it.`].join('\n');
}

/** Where credentials are kept. */
export function storeText({ store, file }: CredentialStoreState): string {
  if (store === 'keychain') return 'Credentials are kept in the keychain of this machine.';
  const state = { absent: 'It is not there yet.', closed: '', open: 'It opens with the passphrase given.' };
  return `Credentials are kept in the encrypted file ${file.path}. ${state[file.state]}`.trim();
}

function storedText({ kind, username, store }: StoredCredential): string {
  const user = username === undefined ? '' : ` of ${username}`;
  return `${KINDS[kind]}${user}, in the ${PLACES[store]}`;
}

function usesText(uses: readonly CredentialUse[]): string {
  const hostsOf = (target: CredentialUse['target']): string[] =>
    uses.filter((use) => use.target === target).map(({ host }) => host ?? 'a host without a name');
  const parts = [
    ...(uses.some(({ target }) => target === 'kvm-host') ? ['the KVM host'] : []),
    ...listed('the BMC of', 'the BMCs of', hostsOf('bmc')),
    ...listed('server', 'servers', hostsOf('server')),
    ...(uses.some(({ target }) => target === 'discovery') ? ['BMCs that a discovery finds'] : []),
    ...(uses.some(({ target }) => target === 'ome') ? ['OpenManage Enterprise'] : []),
    ...(uses.some(({ target }) => target === 'repository') ? ['the share of the repository'] : []),
    ...(uses.some(({ target }) => target === 'registry') ? ['container registries'] : []),
    ...(uses.some(({ target }) => target === 'rke2') ? ['the token of the RKE2 cluster'] : []),
  ];
  return parts.join('; ');
}

function listed(one: string, many: string, hosts: readonly string[]): string[] {
  if (hosts.length === 0) return [];
  const rest = hosts.length - HOSTS_SHOWN;
  const names = hosts.slice(0, HOSTS_SHOWN).join(', ');
  return [`${hosts.length === 1 ? one : many} ${names}${rest > 0 ? ` and ${rest} more` : ''}`];
}

function machineText({ target, host }: CredentialTarget): string {
  if (target === 'kvm-host') return 'KVM host';
  return target === 'bmc' ? `BMC of ${host ?? 'a host'}` : (host ?? 'server');
}

function wantsUser({ uses }: WantedCredential): boolean {
  return uses.some(({ target }) => !['kvm-host', 'server', 'rke2'].includes(target));
}
