import type { PlannedStage } from '../contract/events.ts';
import type { NormalisedSite } from '../site/index.ts';
import { valueAt } from '../stacks/index.ts';
import type { Session } from './session.ts';

/**
 * SHA-256 of the certificate by which an OpenManage Enterprise that was deployed here first answered the KVM host, for stages that
 * log in to it; undefined where the site file says itself what vouches for it, or where none was kept.
 */
export async function keptOmeCertificate(
  { runs_on, logs_in_to = [] }: Pick<PlannedStage, 'runs_on' | 'logs_in_to'>,
  session: Pick<Session, 'kvmHost' | 'siteDir'>,
  { parameters }: Pick<NormalisedSite, 'parameters'>,
): Promise<string | undefined> {
  const ome = (field: string): unknown => valueAt(parameters, `ome.${field}`);
  if (runs_on !== 'deployment-vm' || !logs_in_to.includes('ome') || ome('mode') !== 'deploy')
    return undefined;
  if (ome('certificate') !== undefined || ome('ca') !== undefined) return undefined;
  const host = await session.kvmHost();
  const kept = await host.sudo(`cat ${session.siteDir()}/ome/certificate`);
  const found = kept.stdout.trim();
  return kept.code === 0 && /^[0-9a-f]{64}$/.test(found) ? found : undefined;
}
