import assert from 'node:assert/strict';
import { after } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { noBrowser, openBrowser, openWatched, type WatchedPage } from '../../harness/browser.ts';
import { type ServerProcess, startServer } from '../../harness/server.ts';

export const skip = noBrowser ?? false;

type Opened = { readonly server: ServerProcess; readonly browser: Browser };

/** A server without a demo, and a browser; both end with the tests of the file. Undefined where there is no browser. */
export async function openDocs(): Promise<Opened | undefined> {
  if (skip !== false) return undefined;
  const [server, browser] = await Promise.all([startServer(), openBrowser()]);
  after(async () => {
    await browser.close();
    await server[Symbol.asyncDispose]();
  });
  return { server, browser };
}

export type Look = Pick<BrowserContextOptions, 'colorScheme' | 'forcedColors' | 'javaScriptEnabled'> & {
  readonly width: 390 | 1440;
};

/** Opens a page of the documentation. An error on the console, a violation of the policy, or a request to another host fails when it is closed. */
export async function openPage(
  opened: Opened | undefined,
  path: string,
  { width, ...look }: Look,
): Promise<WatchedPage> {
  const { server, browser } = opened ?? assert.fail('tests without a browser are skipped');
  const viewport = { width, height: width === 390 ? 844 : 900 };
  const watched = await openWatched(browser, server.restUrl, { viewport, reducedMotion: 'reduce', ...look });
  await watched.page.goto(server.restUrl + path);
  return watched;
}

/** Waits until the API reference is there. */
export async function waitForReference(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1, name: 'esim-rsp' }).waitFor();
  await page
    .getByRole('heading', { name: 'getEUICCProfile', exact: true })
    .first()
    .waitFor({ state: 'attached' });
}

/**
 * Faults of the library's own widgets, by the rule of axe. Nothing of ours can change them: buttons that show a picture only and have no name (to
 * copy), names that differ from the visible words (to show more), attributes that a role does not have (in the list), code and lists that scroll but
 * take no focus, and an editor without a name.
 */
export const faultsOfLibrary = new Set([
  'aria-allowed-attr',
  'aria-input-field-name',
  'button-name',
  'label-content-name-mismatch',
  'scrollable-region-focusable',
]);
