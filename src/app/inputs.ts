import { createHash } from 'node:crypto';
import type { PlannedStage, StageInputs } from '../contract/events.ts';
import { siteInputs } from '../runs/index.ts';
import { hardwareVars } from '../site/index.ts';
import { usesOf } from '../stacks/index.ts';
import { useBundle } from './bundle-use.ts';
import { hostFacts } from './hardware.ts';
import type { BringupPorts } from './ports.ts';
import { DISCOVERY_STAGE } from './rehearsal-site.ts';
import type { LoadedSite } from './site.ts';

/** What stands in a stack's `uses` for what was discovered of the hosts: no field of the site file. */
const HARDWARE = 'hardware';

/** Stands for what is in the bundle, wherever it lies: only its list is hashed. */
const BUNDLE = 'bundle';

/** Tells what a stage depends on, as it is now. The hardware is read once. */
export function createInputs(
  ports: Pick<BringupPorts, 'playbooks' | 'hardware'>,
  loaded: LoadedSite,
  project: () => Promise<{ readonly sha256: string }>,
): (stage: PlannedStage) => Promise<StageInputs> {
  let facts: Promise<string> | undefined;
  let bundle: Promise<string | undefined> | undefined;
  return async (stage) => {
    const all = usesOf(loaded.stack, stage.id);
    // The discovery of a rehearsal finds out what the hardware is.
    const uses = stage.id === DISCOVERY_STAGE ? all.filter((path) => path !== HARDWARE) : all;
    const fields = uses.filter((path) => path !== HARDWARE && path !== BUNDLE);
    const contents = uses.includes(BUNDLE) ? await (bundle ??= hashBundle(loaded)) : undefined;
    return {
      site: siteInputs(loaded.site, fields),
      hashes: {
        ...(stage.playbook === undefined ? {} : { playbooks: (await project()).sha256 }),
        ...(uses.includes(HARDWARE) ? { hardware: await (facts ??= hashFacts(ports, loaded)) } : {}),
        ...(contents === undefined ? {} : { bundle: contents }),
      },
    };
  };
}

/** The part of the hardware that playbooks get: another discovery of the same machines is no change. */
async function hashFacts(
  ports: Pick<BringupPorts, 'playbooks' | 'hardware'>,
  loaded: LoadedSite,
): Promise<string> {
  const facts = [...(await hostFacts(ports, loaded))].map(([host, { profile, vars, snapshot }]) => ({
    ...{ host, profile, vars },
    hardware: snapshot === undefined ? undefined : hardwareVars(snapshot),
  }));
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}

/** Undefined for a bundle that cannot be looked into now, which says nothing about whether it changed. */
async function hashBundle(loaded: LoadedSite): Promise<string | undefined> {
  const bundle = useBundle(loaded);
  if (bundle === undefined) return 'none';
  return bundle.contents().catch(() => undefined);
}
