import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { net, protocol } from 'electron';
import { SECURITY_HEADERS } from '../server/headers.ts';
import { APP_ORIGIN } from './channels.ts';

/** Declares the scheme of the window's page; must run before the app is ready. */
export function declareScheme(): void {
  const { protocol: scheme } = new URL(APP_ORIGIN);
  protocol.registerSchemesAsPrivileged([
    { scheme: scheme.replace(':', ''), privileges: { standard: true, secure: true } },
  ]);
}

/** The file a URL of our scheme names inside `dir`, or null for anything outside it. */
export function fileOf(url: string, dir: string): string | null {
  const { host, protocol: scheme, pathname } = new URL(url);
  if (`${scheme}//${host}` !== APP_ORIGIN) return null;
  const wanted = decodeURIComponent(pathname === '/' ? '/index.html' : pathname);
  const file = path.resolve(dir, `.${wanted}`);
  return file.startsWith(path.resolve(dir) + path.sep) ? file : null;
}

/** Serves the built renderer under our own scheme with the same headers as the browser host. */
export function serveRenderer(dir: string): void {
  protocol.handle('app', async (request) => {
    const file = request.method === 'GET' ? fileOf(request.url, dir) : null;
    if (file === null) return new Response(null, { status: 404, headers: SECURITY_HEADERS });
    const answer = await net.fetch(pathToFileURL(file).href);
    const headers = new Headers(answer.headers);
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) headers.set(name, value);
    return new Response(answer.body, { status: answer.status, headers });
  });
}
