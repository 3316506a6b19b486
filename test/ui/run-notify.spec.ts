import type { Page } from '@playwright/test';
import { failedRun, runningRun } from '../fixtures/journals/samples.ts';
import { expect, test } from './fixtures.ts';

const RUN = runningRun[0]?.run ?? '';
const stage = 'deployment-vm';

interface Told {
  readonly title: string;
  readonly body: string;
  readonly tag: string;
}

/** Replaces the desktop: notes what it is told, and answers when it is asked whether it may be told anything. */
async function replaceDesktop(page: Page, permission: 'default' | 'granted'): Promise<void> {
  await page.addInitScript((first) => {
    class Recorder {
      static permission = first;
      static requestPermission(): Promise<string> {
        Recorder.permission = 'granted';
        return Promise.resolve('granted');
      }
      constructor(title: string, options: { body: string; tag: string }) {
        told.push({ title, ...options });
      }
    }
    const told: unknown[] = [];
    const inFront = { is: false };
    Object.assign(window, { Notification: Recorder, told, inFront });
    document.hasFocus = () => inFront.is;
  }, permission);
}

const told = (page: Page): Promise<Told[]> => page.evaluate('window.told');
const event = failedRun.find(({ kind }) => kind === 'failure');
if (event?.kind !== 'failure') throw new Error('the sample has no failure');
const { record } = event;
const failure = { kind: 'failure', stage, record } as const;
const ends = [
  { kind: 'stage.finished', stage, status: 'failed' },
  { kind: 'run.finished', status: 'failed', text: '2 stages ok, 1 failed' },
] as const;

test('a failure and the end are told to the desktop, each once', async ({ open, page, service }) => {
  await replaceDesktop(page, 'granted');
  await open(RUN);
  service.push(RUN, failure);
  await expect.poll(() => told(page)).toHaveLength(1);
  service.push(RUN, ...ends);
  await expect.poll(() => told(page)).toHaveLength(2);
  expect(await told(page)).toEqual([
    { title: 'harbor-2: a stage failed', body: `${record.what}. ${record.why.summary}`, tag: RUN },
    { title: 'harbor-2: the run ended failed', body: '2 stages ok, 1 failed', tag: RUN },
  ]);
});

test('whoever looks at the window is not told besides', async ({ open, page, service }) => {
  await replaceDesktop(page, 'granted');
  await open(RUN);
  await page.evaluate('window.inFront.is = true');
  service.push(RUN, failure);
  await expect(page.getByText(record.what)).toBeVisible();
  await page.evaluate('window.inFront.is = false');
  service.push(RUN, ...ends);
  await expect.poll(() => told(page)).toHaveLength(1);
  expect(await told(page)).toMatchObject([{ title: 'harbor-2: the run ended failed' }]);
});

test('what happened long ago and is only read now is no news', async ({ open, page, service }) => {
  await replaceDesktop(page, 'granted');
  await open(RUN);
  const at = '2026-11-21T02:09:59Z';
  service.push(RUN, Object.assign({ at }, failure));
  await expect(page.getByText(record.what)).toBeVisible();
  service.push(RUN, ...ends.map((end) => Object.assign({ at }, end)));
  await expect(page.getByRole('banner').getByRole('button', { name: 'Resume' })).toBeVisible();
  expect(await told(page)).toEqual([]);
});

test('an interruption is told as well', async ({ open, page, service }) => {
  await replaceDesktop(page, 'granted');
  await open(RUN);
  service.push(RUN, { kind: 'run.interrupted', reason: 'The disk is full. The record ends here.' });
  await expect.poll(() => told(page)).toMatchObject([{ title: 'harbor-2: the run was interrupted' }]);
});

test('being told is allowed by keyboard, and then nobody asks again', async ({ open, page, service }) => {
  await replaceDesktop(page, 'default');
  await open(RUN);
  service.push(RUN, failure);
  await expect(page.getByText(record.what)).toBeVisible();
  expect(await told(page)).toEqual([]);
  await page.getByRole('button', { name: 'Menu' }).focus();
  await page.keyboard.press('Enter');
  const item = page.getByRole('menuitem', { name: 'Notify me of failures and the end' });
  // The menu takes the focus when it has opened.
  await expect(page.getByRole('menu').locator(':focus')).toHaveCount(1);
  await expect(item).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Menu' })).toBeFocused();
  service.push(RUN, ...ends);
  await expect.poll(() => told(page)).toHaveLength(1);
  expect(await page.evaluate('Notification.permission')).toBe('granted');
});
