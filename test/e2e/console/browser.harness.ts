import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after } from 'node:test';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { buildIfStale } from '../../../packages/console/build.ts';
import { judgePage, widths } from '../../harness/axe.ts';
import { type ServerProcess, type Settings, startServer } from '../../harness/server.ts';

const CHROMIUM = '/usr/bin/chromium';
export const skip = existsSync(CHROMIUM) ? false : `there is no browser at ${CHROMIUM}`;

/** How the console is looked at. */
export type Look = { readonly width: number; readonly colorScheme: 'light' | 'dark' };
/** Axe sees each width and each colour once: it takes most of the time. */
export const looks: readonly (Look & { readonly isJudged: boolean })[] = [
  { width: 1440, colorScheme: 'light', isJudged: true },
  { width: 1440, colorScheme: 'dark', isJudged: false },
  { width: 390, colorScheme: 'light', isJudged: false },
  { width: 390, colorScheme: 'dark', isJudged: true },
];

/** The longest wait for something to appear: a busy machine takes its time. */
const PATIENCE = 60_000;

/** A demo server with the built console, and a browser. They end with the tests of the file. */
export type Console = {
  readonly server: ServerProcess;
  readonly browser: Browser;
  /** The cookie of somebody who has used the link of the banner. */
  readonly admin: Awaited<ReturnType<BrowserContext['storageState']>>;
};

/** Undefined where there is no browser. `settings`: more of the server. */
export async function startConsole(settings: Settings = {}): Promise<Console | undefined> {
  if (skip !== false) return undefined;
  await buildIfStale();
  const [browser, server] = await Promise.all([
    launchBrowser(),
    startServer({ ESIM_DEMO: '1', ...settings }),
  ]);
  after(() => server[Symbol.asyncDispose]());
  return enterConsole(server, browser);
}

/** Uses the link that a demo server prints. */
export async function enterConsole(server: ServerProcess, browser: Browser): Promise<Console> {
  const [link = assert.fail(server.output())] = /http\S+\/console\/enter#\S+/.exec(server.output()) ?? [];
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  await page.goto(link);
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  assert.doesNotMatch(page.url(), /#/, 'the ticket has left the address bar');
  const admin = await context.storageState();
  await context.close();
  return { server, browser, admin };
}

/** A browser that ends with the tests of the file. Build the console before a server starts. */
export async function launchBrowser(): Promise<Browser> {
  const args = '--no-sandbox --disable-gpu --no-first-run --disable-background-networking';
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [...args.split(' '), '--disable-component-update', '--disable-sync'],
  });
  after(() => browser.close());
  return browser;
}

/** A page with eyes: what must not happen while it is open is a fault. */
export type Watched = AsyncDisposable & { readonly page: Page; readonly faults: readonly string[] };

/** Opens a page; by default at the address that the server prints. A violation of the policy, an error on its console or a request to another host is a fault. */
export async function openPage(
  opened: Console | undefined,
  { width, colorScheme }: Look,
  state?: Console['admin'],
  address?: string,
): Promise<Watched> {
  const { server, browser, admin } = opened ?? assert.fail('tests without a browser are skipped');
  const origin = address ?? server.restUrl;
  const context = await browser.newContext({
    baseURL: origin,
    viewport: { width, height: width < 720 ? 844 : 900 },
    colorScheme,
    reducedMotion: 'reduce',
    locale: 'en-GB',
    storageState: state ?? admin,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  const faults: string[] = [];
  page.on('console', (message) => {
    const { url } = message.location();
    // A browser writes a line for each 401; the question whether there is a session has this answer.
    const isQuestion = url.endsWith('/session') && message.text().includes('401');
    if (message.type() === 'error' && !isQuestion) faults.push(`console: ${message.text()} ${url}`);
  });
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol !== 'blob:' && url.protocol !== 'data:' && url.origin !== origin)
      faults.push(`request to ${request.url()}`);
  });
  return { page, faults, [Symbol.asyncDispose]: () => context.close() };
}

/** Opens a screen and waits until it has loaded. */
export async function show(page: Page, path: string): Promise<void> {
  await page.goto(`/console${path}`);
  await settle(page);
}

/** Opens a screen without loading the console again, as a link does, and waits until it has loaded. */
export async function follow(page: Page, path: string): Promise<void> {
  await page.evaluate(async (address) => {
    history.pushState(null, '', address);
    for (let frames = 0; frames < 2; frames++) await new Promise(requestAnimationFrame); // the screen of before is gone
  }, `/console${path}`);
  await settle(page);
}

/** Waits until nothing on the screen is loading. */
export async function settle(page: Page): Promise<void> {
  await page.locator('main h1').first().waitFor();
  await page.waitForFunction(() => {
    const { textContent } = document.body;
    return !textContent.includes('Loading …') && document.querySelector('[aria-busy="true"]') === null;
  });
}

/** Shows the screen that is open in another look, and returns what is wrong with its width. */
export async function lookAt(page: Page, { width, colorScheme }: Look): Promise<string[]> {
  await page.emulateMedia({ colorScheme });
  await page.setViewportSize({ width, height: 900 });
  return widths(page);
}

/** The violations of WCAG 2.2 AA that axe finds on the screen, and content that is wider than the window. */
export function judge(page: Page): Promise<string[]> {
  // No script runs in a frame with a document of the server, axe neither: the tests of those documents judge them.
  return judgePage(page, 'iframe[sandbox]');
}

/** Presses Tab until the element with this role and name has the focus, as somebody without a mouse does. */
export async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  for (let i = 0; i < 120; i++) {
    await page.keyboard.press('Tab');
    const label = await page.evaluate(() => {
      const { activeElement: element } = document;
      const [label] = (element as HTMLInputElement | null)?.labels ?? [];
      return element?.getAttribute('aria-label') ?? (label ?? element)?.textContent?.trim() ?? '';
    });
    if (typeof name === 'string' ? label === name : name.test(label)) return;
  }
  assert.fail(`Tab does not lead to ${name}`);
}

/** The screens of the console, with addresses that the demo has. */
export const screens: Readonly<Record<string, string>> = {
  overview: '/',
  profiles: '/profiles',
  'profiles, filtered': '/profiles?state=RELEASED,ERROR&type=travel&sort=-last_operation_date',
  'a released profile': '/profiles/8900101000000000019',
  'a failed profile': '/profiles/8900101000000000134',
  order: '/order',
  import: '/import',
  types: '/types',
  downloads: '/downloads',
  deliveries: '/deliveries',
  operations: '/operations',
  'operations, filtered':
    '/operations?state=unknown&operation=order&upstream=vendor&iccid=8900101000000000019',
  upstreams: '/upstreams',
  'look of the install page': '/brand',
  'mail with the install link': '/brand/mail',
  keys: '/access',
  people: '/access/people',
  'no such person': '/access/people/person-0000000000000000',
  audit: '/access/audit',
  'own account': '/me',
  server: '/server',
  accounts: '/server/accounts',
  'accounts, filtered': '/server/accounts?q=nobody',
  'a search without a hit': '/search?q=4912345678',
  'no such screen': '/nowhere',
};
