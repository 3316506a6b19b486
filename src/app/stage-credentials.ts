import type { LoginKind, PlannedStage } from '../contract/events.ts';
import type { NormalisedSite } from '../site/index.ts';
import { omeCredential, registryCredentials, tokenCredential } from './credentials-uses.ts';

type LoginSite = Pick<NormalisedSite, 'hosts' | 'kvm_host' | 'parameters' | 'services'>;

/**
 * Names of the credentials that a stage is given: on the deployment VM those of the target servers' operating systems and
 * of what the stage names under `logs_in_to`; elsewhere none.
 */
export function stageCredentials(
  { runs_on, logs_in_to = [] }: Pick<PlannedStage, 'runs_on' | 'logs_in_to'>,
  site: LoginSite,
): string[] {
  if (runs_on !== 'deployment-vm') return [];
  const servers = site.hosts.flatMap(({ ssh }) => (ssh === undefined ? [] : [ssh.credential]));
  return [...new Set([...servers, ...logs_in_to.flatMap((kind) => OWNERS[kind](site))])];
}

const OWNERS: Readonly<Record<LoginKind, (site: LoginSite) => readonly string[]>> = {
  'kvm-host': ({ kvm_host }) => [kvm_host.credential],
  bmc: ({ hosts }) => hosts.flatMap(({ bmc }) => (bmc === undefined ? [] : [bmc.credential])),
  ome: ({ parameters }) => named(omeCredential(parameters)),
  repository: ({ services: { repository } }) =>
    repository.mode === 'managed' && repository.credential !== undefined ? [repository.credential] : [],
  registry: ({ parameters }) => registryCredentials(parameters).map(({ name }) => name),
  rke2: ({ parameters }) => named(tokenCredential(parameters)),
};

function named(name: string | undefined): string[] {
  return name === undefined ? [] : [name];
}
