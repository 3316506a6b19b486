import { useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import type { StepProps } from '../types.ts';
import { discoveryOf, type DiscoveryStore, type DiscoveryView } from './discovery-store.ts';

/** What is known of the hardware of a site file, followed while the step is shown. */
export function useDiscovery({
  client,
  model,
}: Pick<StepProps, 'client' | 'model'>): DiscoveryView & Pick<DiscoveryStore, 'start' | 'cancel'> {
  const discovery = useMemo(() => discoveryOf(client, model.file), [client, model.file]);
  useEffect(() => discovery.open(), [discovery]);
  useEffect(() => {
    if (!model.saving) discovery.refresh();
  }, [discovery, model.text, model.saving]);
  const view = useStore(discovery.store);
  return { ...view, start: discovery.start, cancel: discovery.cancel };
}
