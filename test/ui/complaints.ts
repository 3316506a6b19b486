import type { Page } from '@playwright/test';

/**
 * Fails a test on anything its page complains about while it is carried out: script errors, what the content policy refuses,
 * and requests to elsewhere than `home`, where that is given.
 */
export async function withoutComplaints(
  page: Page,
  carryOut: () => Promise<void>,
  home?: string,
): Promise<void> {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) complaints.push(message.text());
  });
  page.on('request', (request) => {
    const { host, protocol } = new URL(request.url());
    if (home !== undefined && protocol !== 'blob:' && host !== new URL(home).host)
      complaints.push(`foreign request ${request.url()}`);
  });
  await carryOut();
  if (complaints.length > 0) throw new Error(complaints.join('\n'));
}
