import { useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { BringupClient } from '../../src/contract/api.ts';
import { createSiteStore, type SiteStore } from './model/site-store.ts';
import type { SiteState } from './model/site-state.ts';
import type { SiteModel } from './types.ts';

/** The file is looked at again this often while the page is in front, and whenever it comes to the front. */
const LOOK_MS = 10_000;
const NO_PROBLEMS: SiteModel['problems'] = [];

interface OpenSite {
  readonly site: SiteStore;
  readonly state: SiteState;
  readonly model: SiteModel;
}

/** Opens a site file for the wizard. The component is keyed by file, so neither file nor client changes while it is shown. */
export function useSiteModel(client: BringupClient, file: string): OpenSite {
  const [site] = useState(() => createSiteStore(client, file));
  const state = useStore(site.store);
  useEffect(() => {
    void site.open();
    const look = (): void => {
      if (document.visibilityState === 'visible') void site.check();
    };
    const timer = setInterval(look, LOOK_MS);
    window.addEventListener('focus', look);
    window.addEventListener('pagehide', site.close);
    return () => {
      clearInterval(timer);
      window.removeEventListener('focus', look);
      window.removeEventListener('pagehide', site.close);
      site.close();
    };
  }, [site]);
  const { disk, text, past, future, saving, conflict } = state;
  const model = useMemo(
    (): SiteModel => ({
      file: disk?.file ?? file,
      document: (disk?.document ?? null) as SiteModel['document'],
      problems: disk?.problems ?? NO_PROBLEMS,
      text,
      edit: site.edit,
      undo: site.undo,
      redo: site.redo,
      canUndo: past.length > 0 && conflict === null,
      canRedo: future.length > 0 && conflict === null,
      saving,
      changedOutside: conflict !== null,
    }),
    [disk, file, text, site, past.length, future.length, saving, conflict],
  );
  return { site, state, model };
}
