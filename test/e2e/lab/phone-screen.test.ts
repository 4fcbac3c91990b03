import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { buildIfStale } from '../../../packages/console/build.ts';
import { noBrowser, openBrowser, openWatched } from '../../harness/browser.ts';
import { account, type ServerProcess, startServer } from '../../harness/server.ts';

/** The phone on the screen of a demo, as somebody uses it in a browser. */

let server: ServerProcess;
let browser: Browser;
const images = mkdtempSync(join(tmpdir(), 'esim-phone-screen-'));
before(async () => {
  if (noBrowser) return;
  await buildIfStale();
  [server, browser] = await Promise.all([startServer({ ESIM_DEMO: '1' }), openBrowser()]);
});
after(async () => {
  rmSync(images, { recursive: true, force: true });
  await browser?.close();
  await server?.[Symbol.asyncDispose]();
});

/** The browser shows that there is no session yet, and a refused download. */
const expected = /status of (401|400)/;

async function openPhone(page: Page): Promise<void> {
  await page.goto(`${server.restUrl}/console/phone`);
  await page.getByLabel('With an account key').check();
  await page.fill('input[name=account]', account.ESIM_BOOTSTRAP_USER_ID);
  await page.fill('input[name=key]', account.ESIM_BOOTSTRAP_API_KEY);
  await page.click('button[type=submit]');
  await page.getByRole('button', { name: 'Add eSIM' }).click();
}

const stateOf = async (iccid: string) => (await server.api.getEUICCProfile(iccid)).data.state;

test('the phone reads the image of a QR code, and the profile ends INSTALLED, then ENABLED and DELETED', {
  skip: noBrowser,
}, async () => {
  const watched = await openWatched(browser, server.restUrl, {}, expected);
  const { page } = watched;
  await openPhone(page);
  const iccid = '8900101000000000019';
  const { data } = await server.api.getQRCode(iccid);
  const image = join(images, 'code.png');
  writeFileSync(image, Buffer.from(await data.arrayBuffer()));
  await page.setInputFiles('input[type=file]', image);
  await page.getByRole('button', { name: 'Install' }).click();
  await page.getByRole('heading', { name: 'Installed' }).waitFor();
  assert.equal(await stateOf(iccid), 'INSTALLED');
  const call = page.locator('summary', { hasText: 'authenticateClient' });
  await call.click();
  await page.getByText('euiccSigned1').first().waitFor();
  await page.getByText('euiccSignature1 is right').waitFor();
  await page.getByRole('button', { name: 'To the eSIMs' }).click();
  await page.getByRole('switch').click();
  await page.getByRole('switch', { checked: true }).waitFor();
  await page.locator('.api-state').getByText('Enabled').waitFor();
  assert.equal(await stateOf(iccid), 'ENABLED');
  await page.getByRole('switch').click();
  await page.getByRole('switch', { checked: false }).waitFor();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.locator('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByText('There is no eSIM on this phone yet.').waitFor();
  assert.equal(await stateOf(iccid), 'DELETED');
  await watched.close();
});

test('a wrong confirmation code can be entered again, and a fault is refused and explained', {
  skip: noBrowser,
}, async () => {
  const watched = await openWatched(
    browser,
    server.restUrl,
    { viewport: { width: 390, height: 844 } },
    expected,
  );
  const { page } = watched;
  await openPhone(page);
  await page.getByRole('button', { name: 'asks for a code' }).click();
  await page.getByRole('button', { name: 'Install' }).click();
  await page.fill('input[name=code]', '1111');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByText('The code is wrong. Try again.').waitFor();
  await page.fill('input[name=code]', '2468');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('heading', { name: 'Installed' }).waitFor();
  await page.getByRole('button', { name: 'To the eSIMs' }).click();
  await page.getByRole('button', { name: 'Add eSIM' }).click();
  await page.getByLabel('Pretend that …').selectOption('eum-expired');
  await page.getByRole('button', { name: 'found by EID' }).click();
  await page.getByRole('heading', { name: 'The server refused' }).waitFor();
  await page.getByText('8.1.2/6.3').first().waitFor();
  await watched.close();
});
