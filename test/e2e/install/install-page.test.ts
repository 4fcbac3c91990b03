import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sendNotifications } from '@esim-rsp/euicc';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { findViolations, WCAG } from '../../harness/axe.ts';
import { noBrowser, openBrowser, openWatched } from '../../harness/browser.ts';
import { downloadBy, newPhone } from '../../harness/phone.ts';
import { released } from '../../harness/profiles.ts';
import { qrTextOf } from '../../harness/read-qr-code.ts';
import { until } from '../../harness/receiver.ts';
import { type ServerProcess, startServer } from '../../harness/server.ts';

/** The install page in Chromium: as customers see it, on a phone and on a screen, with and without scripts. */

const skip = noBrowser ?? false;
let server: ServerProcess;
let browser: Browser;

before(async () => {
  if (skip) return;
  [server, browser] = await Promise.all([
    startServer({ ESIM_RATE_INSTALL_PER_ADDRESS: '0', ESIM_LOG_LEVEL: 'debug' }),
    openBrowser(),
  ]);
});
after(async () => {
  await browser?.close();
  await server?.[Symbol.asyncDispose]();
});

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1';
const PIXEL =
  'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36';
const MAC =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15';
const phone = { viewport: { width: 390, height: 844 } } as const;
const small = { viewport: { width: 320, height: 568 } } as const;
const screen = { viewport: { width: 1440, height: 900 } } as const;

type Look = BrowserContextOptions & { readonly name: string };
const looks: readonly Look[] = [
  { name: 'phone, light', ...phone, userAgent: IPHONE, locale: 'en-GB' },
  { name: 'phone, dark', ...phone, userAgent: PIXEL, colorScheme: 'dark', locale: 'de-DE' },
  { name: 'phone, right to left', ...phone, userAgent: PIXEL, locale: 'ar-EG' },
  { name: 'phone, forced colours', ...phone, userAgent: PIXEL, forcedColors: 'active', locale: 'pl-PL' },
  {
    name: 'small phone, without scripts',
    ...small,
    userAgent: PIXEL,
    javaScriptEnabled: false,
    locale: 'fr-FR',
  },
  { name: 'screen, light', ...screen, userAgent: MAC, locale: 'es-ES' },
  { name: 'screen, dark', ...screen, userAgent: MAC, colorScheme: 'dark', locale: 'zh-CN' },
];

/** A profile that is ordered, and its link. */
async function newLink(order = {}): Promise<{ iccid: string; code: string; url: string }> {
  const { iccid, activationCode: code } = await released(server, undefined, order);
  const { data } = await server.api.createInstallLink(iccid, {});
  return { iccid, code, url: data.url };
}

async function withPage<T>(
  url: string,
  look: BrowserContextOptions,
  use: (page: Page) => Promise<T>,
): Promise<T> {
  const { page, close } = await openWatched(browser, server.restUrl, look);
  await page.goto(url);
  const result = await use(page);
  await close();
  return result;
}

/** What an independent reader finds in the picture of an element. */
async function readCode(page: Page): Promise<string | undefined> {
  return qrTextOf(await page.locator('#code').screenshot());
}

async function mustBeAccessible(page: Page, what: string): Promise<void> {
  assert.deepEqual(await findViolations(page, [...WCAG, 'best-practice']), [], what);
}

const folder = process.env.ESIM_TEST_SCREENSHOTS;
const picture = async (page: Page, name: string) => {
  if (folder)
    await page.screenshot({ path: `${folder}/${name.replaceAll(/\W+/g, '-')}.png`, fullPage: true });
};

for (const { name, ...look } of looks)
  test(`${name}: the QR code is the activation code, nothing is cut off, and axe finds no violation`, {
    skip,
  }, async () => {
    const { code, url } = await newLink({ confirmation_code: '4711' });
    await withPage(url, look, async (page) => {
      await picture(page, name);
      assert.equal(await readCode(page), code);
      assert.equal(await page.locator('#whole').textContent(), code);
      assert.equal(await page.locator('html').getAttribute('lang'), look.locale?.slice(0, 2));
      const width = await page.evaluate('document.documentElement.scrollWidth').catch(() => 0);
      assert.ok(Number(width) <= (look.viewport?.width ?? 0), `${width}`);
      assert.equal((await page.content()).includes('4711'), false);
      if (look.javaScriptEnabled === false) {
        assert.equal(await page.locator('button.copy:visible').count(), 0);
        return;
      }
      await page.locator('details').evaluateAll((all) => {
        for (const one of all) (one as unknown as { open: boolean }).open = true;
      });
      await mustBeAccessible(page, name);
    });
  });

test('on a phone, the button and the way for another phone are above the fold, and the button has its link', {
  skip,
}, async () => {
  const { code, url } = await newLink();
  const carddata = encodeURIComponent(code);
  for (const [userAgent, host] of [
    [IPHONE, 'esimsetup.apple.com'],
    [PIXEL, 'esimsetup.android.com'],
  ] as const)
    await withPage(url, { ...phone, userAgent }, async (page) => {
      const button = page.locator('#install');
      assert.equal(
        await button.getAttribute('href'),
        `https://${host}/esim_qrcode_provisioning?carddata=${carddata}`,
      );
      const box = await page.locator('#code').boundingBox();
      assert.ok(box !== null && box.y + box.height <= 844, `the code ends at ${box && box.y + box.height}`);
      const { height = 0 } = (await button.boundingBox()) ?? {};
      assert.ok(height >= 48);
    });
});

test('a page works at 200 % of its size, by keyboard, and its copy buttons copy', { skip }, async () => {
  const { code, url } = await newLink();
  const look = { ...screen, userAgent: MAC, permissions: ['clipboard-read', 'clipboard-write'] };
  await withPage(url, look, async (page) => {
    await page.locator('#whole-copy').focus();
    await page.keyboard.press('Enter');
    await page.locator('#spoken', { hasText: /./ }).waitFor();
    assert.equal(await page.evaluate('navigator.clipboard.readText()'), code);
  });
  await withPage(url, { viewport: { width: 195, height: 422 }, userAgent: PIXEL }, async (page) => {
    const width = await page.evaluate('document.documentElement.scrollWidth');
    assert.ok(Number(width) <= 195, `${width}`);
  });
});

test('the page follows a download by itself, and has no code afterwards; without scripts too', {
  skip,
}, async () => {
  const { iccid, code, url } = await newLink();
  await using device = await newPhone(server);
  await withPage(url, { ...phone, userAgent: PIXEL, locale: 'en' }, async (page) => {
    await downloadBy(device, code);
    await sendNotifications(device.env);
    await page.locator('h1', { hasText: 'installed' }).waitFor();
    await picture(page, 'installed');
    assert.equal(await page.locator('#code, #install, #whole').count(), 0);
    assert.equal((await page.content()).includes(code.split('$')[2] ?? ''), false);
    await mustBeAccessible(page, 'installed');
  });
  const plain = { ...phone, userAgent: PIXEL, javaScriptEnabled: false };
  await withPage(url, plain, async (page) =>
    assert.match((await page.locator('h1').textContent()) ?? '', /installed/),
  );
  assert.equal((await server.api.getInstallLink(iccid)).data.state, 'installed');
});

test('a customer asks for help without scripts, and the page follows the replacement', { skip }, async () => {
  const { iccid, code, url } = await newLink();
  const look = { ...phone, userAgent: PIXEL, javaScriptEnabled: false, locale: 'de' };
  await withPage(url, look, async (page) => {
    await page.locator('textarea').fill('Telefon verloren');
    await page.locator('form button').click();
    await page.locator('[role=status]', { hasText: 'gesendet' }).waitFor();
    await picture(page, 'asked');
    const { data } = await server.api.getEUICCProfileHistory(iccid, { types: 'install_link.help_requested' });
    assert.equal(data.events[0]?.message, 'Telefon verloren');
    const { data: next } = await server.api.replaceEUICCProfile(iccid, { by: 'same' });
    await page.goto(url);
    assert.equal(await readCode(page), next.activation_code);
    assert.notEqual(next.activation_code, code);
  });
});

test('pages without a code: cancelled, revoked and unknown', { skip }, async () => {
  const { iccid, url } = await newLink();
  await server.api.cancelEUICCProfile(iccid);
  const look = { ...phone, userAgent: PIXEL, locale: 'en' };
  await withPage(url, look, async (page) => {
    await picture(page, 'cancelled');
    assert.match((await page.locator('h1').textContent()) ?? '', /cancelled/);
    assert.equal(await page.locator('#code, #install, #whole').count(), 0);
    await mustBeAccessible(page, 'cancelled');
  });
  await server.api.deleteInstallLink(iccid);
  const { page, close } = await openWatched(browser, server.restUrl, look, /404/);
  assert.equal((await page.goto(url))?.status(), 404);
  await picture(page, 'unknown');
  await mustBeAccessible(page, 'unknown');
  await close();
});

test('views are stored, and no log line has a token or a code', { skip }, async () => {
  const { iccid, code, url } = await newLink();
  await withPage(url, { ...phone, userAgent: PIXEL }, async (page) => page.title());
  await until(async () => (await server.api.getInstallLink(iccid)).data.views === 1);
  const token = url.split('/').at(-1) ?? assert.fail();
  assert.ok(server.log().length > 0);
  for (const secret of [token, code.split('$')[2] ?? assert.fail()])
    assert.ok(!server.log().includes(secret), 'the log has a secret');
});
