import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';

/** Why a test in a browser is skipped; undefined: it is not. */
export const noBrowser = existsSync(CHROMIUM) ? undefined : `Chromium is not at ${CHROMIUM}`;

/** Without the last four, Chromium calls hosts of its maker. */
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: quiet });
}

/** A page that fails the test for what a user would not see. */
export type WatchedPage = {
  readonly page: Page;
  /** Asserts that there was no error in the console, no violation of the CSP and no request to another host. Then closes the page. */
  close(): Promise<void>;
};

/** Opens a page of the server at this address. `expected`: errors that the console of the browser may show. */
export async function openWatched(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
  expected?: RegExp,
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000); // a busy machine
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !expected?.test(message.text())) faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (!['data:', 'blob:'].includes(url.protocol) && url.origin !== origin)
      faults.push(`a request to ${url}`);
  });
  return {
    page,
    close: async () => {
      await context.close();
      assert.deepEqual(faults, []);
    },
  };
}
