import { useNow } from '../../hooks/use-now.ts';
import { prepareText as text } from '../../text/prepare.ts';
import { BundleFields } from '../hardware/BundleFields.tsx';
import { DeploymentVmFields, KvmHostFields } from '../hardware/MachineFields.tsx';
import { PreflightPane } from '../hardware/PreflightPane.tsx';
import { fieldsOf, textOf } from '../hardware/site-view.ts';
import { StepFrame } from '../hardware/StepFrame.tsx';
import { usePreflight } from '../hardware/use-preflight.ts';
import { valueAt } from '../model/paths.ts';
import type { Json, StepProps } from '../types.ts';

/** KVM host, deployment VM and bundle, and beside them the preflight, which can be run alone. */
export function MachinesStep({ client, model }: StepProps) {
  const site = textOf(valueAt(model.document, ['site', 'name'])) ?? '';
  const preflight = usePreflight(client, model.file, site);
  const now = useNow(preflight.state.status === 'running');
  const networks = namesIn(valueAt(model.document, ['networks']));
  const valid = !model.problems.some(({ severity }) => severity === 'error') && !model.saving;
  return (
    <StepFrame
      paneLabel={text.preflight}
      pane={<PreflightPane preflight={preflight} valid={valid} now={now} />}
    >
      <KvmHostFields model={model} networks={networks} />
      <DeploymentVmFields model={model} networks={networks} />
      <BundleFields client={client} model={model} />
    </StepFrame>
  );
}

function namesIn(list: Json | undefined): string[] {
  const entries: readonly Json[] = Array.isArray(list) ? (list as readonly Json[]) : [];
  return entries.flatMap((entry) => textOf(fieldsOf(entry)['name']) ?? []);
}
