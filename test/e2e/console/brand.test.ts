import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { encodeQrMatrix } from '@esim-rsp/server/qr/matrix';
import type { Page } from 'playwright-core';
import { renderPng } from '#server/qr/png';
import { startMailServer } from '../../harness/mail-server.ts';
import { qrTextOf } from '../../harness/read-qr-code.ts';
import { judge, openPage, settle, show, skip, startConsole } from './browser.harness.ts';

/** The install page in the console: how it looks, its mail, sending a link, and a customer who asks for help. */

const mailServer = await startMailServer();
after(() => mailServer[Symbol.asyncDispose]());
const opened = await startConsole({
  ESIM_SMTP_URL: `smtp://127.0.0.1:${mailServer.port}`,
  ESIM_SMTP_STARTTLS: 'off',
  ESIM_MAIL_FROM: 'esim@example.com',
});
const api = () => (opened ?? assert.fail()).server.api;

const WIDE = { width: 1440, colorScheme: 'light' } as const;
const RELEASED = '8900101000000000019';
const logo = renderPng(encodeQrMatrix('logo', { ecc: 'M', margin: 4 }));

/** No script runs in the frame, so it is looked at from outside, where nothing waits by itself. */
function inFrame(page: Page, holds: string): Promise<unknown> {
  return page.waitForFunction((text) => {
    const inside = document.querySelector<HTMLIFrameElement>('iframe.document')?.contentDocument;
    return inside?.documentElement?.outerHTML.includes(text);
  }, holds);
}

const colourIn = (page: Page, selector: string) =>
  page.evaluate((name) => {
    const { contentDocument, contentWindow } = document.querySelector<HTMLIFrameElement>('iframe') ?? {};
    const element = contentDocument?.querySelector(name);
    return element && contentWindow?.getComputedStyle(element).backgroundColor;
  }, selector);

test('name, colour and logo are seen in the preview before they are saved, and on the page after', {
  skip,
}, async () => {
  await using watched = await openPage(opened, WIDE);
  const { page, faults } = watched;
  await show(page, '/brand');
  await inFrame(page, 'Your eSIM is ready');
  await page.getByRole('textbox', { name: /^Name/ }).fill('Sample <Travel>');
  await page.getByLabel('Colour in hexadecimal digits').fill('#7A1FA2');
  const file = page.getByLabel('Logo', { exact: true });
  await file.setInputFiles({ name: 'a.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg/>') });
  await page.getByText('This is no PNG, JPEG or WebP.').waitFor();
  await file.setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: Buffer.alloc(70_000) });
  await page.getByText('This file is larger than 64 KiB.').waitFor();
  await file.setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: logo });
  await inFrame(page, `data:image/png;base64,${logo.toString('base64').slice(0, 40)}`);
  await inFrame(page, 'Sample &lt;Travel&gt;');
  await page.waitForFunction(() =>
    document.querySelector('iframe')?.contentDocument?.querySelector('.button'),
  );
  assert.equal(await colourIn(page, '.button'), 'rgb(122, 31, 162)');
  assert.deepEqual((await api().getBrand()).data.colour, undefined, 'a preview saves nothing');

  await page.getByLabel('Support page').fill('https://www.example.com/help');
  await page.getByLabel('State').selectOption('installed');
  await inFrame(page, 'Your eSIM is installed');
  await page.locator('.choices select').nth(2).selectOption('ar');
  await inFrame(page, 'dir="rtl"');
  assert.deepEqual([await judge(page), faults], [[], []]);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved. Customers see it from now on.').waitFor();
  const { data: link } = await api().createInstallLink(RELEASED);
  const html = await (await fetch(link.url)).text();
  assert.match(html, /Sample &lt;Travel&gt;/);
  assert.match(html, /style-[\w-]{12}-7a1fa2\.css[\s\S]*\/i\/-\/logo-[\s\S]*www\.example\.com\/help/);
  await page.getByRole('button', { name: 'Remove the logo' }).click();
  await page.getByRole('button', { name: 'Discard changes' }).click();
  await page.getByRole('img', { name: 'The logo' }).waitFor();
  assert.deepEqual(faults, []);
});

test('the mail is written, previewed, saved and put back, and its HTML runs no script', {
  skip,
}, async () => {
  await using watched = await openPage(opened, WIDE);
  const { page, faults } = watched;
  await show(page, '/brand/mail');
  await inFrame(page, 'Install eSIM');
  await page.waitForFunction(
    () =>
      (document.querySelector('iframe')?.contentDocument?.querySelector('a')?.style.background ?? '') !== '',
  );
  await page.emulateMedia({ colorScheme: 'dark', forcedColors: 'active' });
  const code = page.frameLocator('iframe').getByRole('img');
  assert.match(qrTextOf(await code.screenshot()) ?? '', /^https:\/\/esim\.example\.com\/i\//);
  await page.emulateMedia({ colorScheme: null, forcedColors: null });
  await page.getByLabel('Language of the mail').selectOption('fr');
  await page.getByLabel('Subject').fill('Salut de {{brnd}}');
  await page
    .getByText(/which is not known/)
    .first()
    .waitFor();
  await page.getByLabel('Subject').fill('Salut de {{brand}}');
  await page.getByText('Salut de Example Travel').waitFor();
  assert.deepEqual(await judge(page), []);
  await page.getByLabel('HTML').fill('<p style="color:#b00020">Voici <a href="{{link}}">le lien</a></p>');
  await inFrame(page, 'Voici');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('This is your own text.').waitFor();
  assert.equal((await api().getMailTemplate('install_link', 'fr')).data.subject, 'Salut de {{brand}}');
  await page.getByRole('button', { name: 'Use the text of the server' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Use the text of the server' }).click();
  await page.getByText('This is the text of the server.').waitFor();
  assert.deepEqual(
    faults.filter((one) => !one.includes('400')),
    [],
  );

  await page
    .getByLabel('HTML')
    .fill('<script>parent.document.title="taken"</script><p onclick="x()">Voici</p>');
  await page.waitForFunction(() =>
    document.querySelector('iframe')?.contentDocument?.querySelector('p[onclick]'),
  );
  assert.notEqual(await page.title(), 'taken');
});

test('support sees that a customer asks for help, and answers with a link by mail', { skip }, async () => {
  await using watched = await openPage(opened, WIDE);
  const { page, faults } = watched;
  const { data: link } = await api().createInstallLink(RELEASED);
  await show(page, `/profiles/${RELEASED}`);
  await page.getByRole('status').filter({ hasText: 'live' }).waitFor();
  const body = new URLSearchParams({ message: 'My phone is new.\nWhat now?' });
  await fetch(`${link.url}/help`, { method: 'POST', body, redirect: 'manual' });
  await page.getByText(/The customer asked for help/).waitFor();
  await page.locator('.help').getByText('My phone is new.').waitFor();
  assert.deepEqual(await judge(page), []);
  await page.getByLabel('E-mail address of the customer').fill('carla@customer.example');
  await page.getByLabel('Language of the mail').selectOption('de');
  await page.getByRole('button', { name: 'Send by mail' }).click();
  await page.getByText('The mail server has accepted the mail to c…@customer.example.').waitFor();
  await page.locator('.help').waitFor({ state: 'detached' });
  const [mail] = mailServer.received.filter(({ to }) => to.includes('carla@customer.example'));
  assert.match(mail?.raw ?? '', /^Content-Language: de\r$/m);
  assert.equal((await fetch(link.url)).status, 404, 'the link before is revoked');
  await page.getByRole('button', { name: 'Create a link to copy' }).click();
  assert.match(await page.getByLabel('Text for the customer').inputValue(), /\/i\/[\w-]{32}$/);
  await settle(page);
  assert.deepEqual([await judge(page), faults], [[], []]);
});
