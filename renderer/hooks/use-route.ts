import { useSyncExternalStore } from 'react';

/** The page to show; kept in the address's fragment so that a link to a run or to a step can be reopened. */
export type Route =
  | { readonly page: 'home' }
  | { readonly page: 'run'; readonly run: string }
  | { readonly page: 'logs'; readonly file: string; readonly query: string }
  | { readonly page: 'site'; readonly file: string; readonly step: string };

/** The step a site file opens on when none is named. */
const FIRST_STEP = 'site';

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => {
    window.removeEventListener('hashchange', listener);
  };
}

/** The current route, read from the fragment. */
export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  return parseRoute(hash);
}

/** Reads a fragment: `#/runs/<run>`, `#/sites/<encoded path>/<step>`, `#/logs/<encoded path>/<query>`; whatever else it says is Home. */
export function parseRoute(hash: string): Route {
  const [, kind, name, step] = /^#\/(runs|sites|logs)\/([^/]+)(?:\/([^/]+))?$/.exec(hash) ?? [];
  const decoded = name === undefined ? null : decode(name);
  if (decoded === null) return { page: 'home' };
  if (kind === 'runs') return { page: 'run', run: decoded };
  if (kind === 'logs') return { page: 'logs', file: decoded, query: decode(step ?? '') ?? '' };
  return { page: 'site', file: decoded, step: decode(step ?? FIRST_STEP) ?? FIRST_STEP };
}

/** The link to a run's page. */
export function runLink(run: string): string {
  return `#/runs/${encodeURIComponent(run)}`;
}

/** The link to a step of the wizard for a site file. */
export function siteLink(file: string, step: string = FIRST_STEP): string {
  return `#/sites/${encodeURIComponent(file)}/${encodeURIComponent(step)}`;
}

/** The link to the central logs of a site; `query` is a filter. */
export function logsLink(file: string, query = ''): string {
  return `#/logs/${encodeURIComponent(file)}${query === '' ? '' : `/${encodeURIComponent(query)}`}`;
}

/** Shows the central logs of a site by another filter, in the place of the page that is shown. */
export function showLogs(file: string, query: string): void {
  window.location.replace(logsLink(file, query));
}

/** Goes to the central logs of a site. */
export function goToLogs(file: string): void {
  window.location.hash = logsLink(file);
}

/** Goes to a run's page. */
export function goToRun(run: string): void {
  window.location.hash = runLink(run);
}

/** Goes to a step of the wizard for a site file. */
export function goToSite(file: string, step: string = FIRST_STEP): void {
  window.location.hash = siteLink(file, step);
}

/** Goes to Home. */
export function goHome(): void {
  window.location.hash = '#/';
}

/** A typed address may hold a stray %, which is no reason to show nothing at all. */
function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
