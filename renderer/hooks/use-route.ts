import { useSyncExternalStore } from 'react';

/** The page to show; kept in the address's fragment so that a link to a run can be sent and reopened. */
export type Route = { readonly page: 'home' } | { readonly page: 'run'; readonly run: string };

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => {
    window.removeEventListener('hashchange', listener);
  };
}

/** The current route, read from the fragment: `#/` or `#/runs/<run>`. */
export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  const run = /^#\/runs\/(.+)$/.exec(hash)?.[1];
  return run === undefined ? { page: 'home' } : { page: 'run', run: decodeURIComponent(run) };
}

/** The link to a run's page. */
export function runLink(run: string): string {
  return `#/runs/${encodeURIComponent(run)}`;
}

/** Goes to a run's page. */
export function goToRun(run: string): void {
  window.location.hash = runLink(run);
}

/** Goes to Home. */
export function goHome(): void {
  window.location.hash = '#/';
}
