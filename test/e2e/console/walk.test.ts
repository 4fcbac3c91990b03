import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { certificatePem } from '@esim-rsp/sgp22/pki/certificate';
import { makeClient } from '@esim-rsp/sgp22/pki/test-pki';
import { account } from '../../harness/server.ts';
import {
  judge,
  lookAt,
  looks,
  openPage,
  screens,
  settle,
  show,
  skip,
  startConsole,
} from './browser.harness.ts';

/** The console in a browser: filters, search, operators, upstreams, live updates, sign-in, imports and long lists. */

const opened = await startConsole();

const WIDE = { width: 1440, colorScheme: 'light' } as const;

test('the box that adds a filter is inside of every window, whatever is in front of its button', {
  skip,
}, async () => {
  await using watched = await openPage(opened, WIDE);
  const { page, faults } = watched;
  await show(page, screens['profiles, filtered'] ?? assert.fail());
  const top = async (part: string) => (await page.locator(part).first().boundingBox())?.y;
  assert.equal(await top('.adding summary'), await top('.chip'), 'the button is in line with the chips');
  await page.getByText('+ Filter').click();
  for (const look of looks) {
    assert.deepEqual([look, await lookAt(page, look)], [look, []]);
    const { x, width } = (await page.locator('.adding .floating').boundingBox()) ?? assert.fail();
    assert.ok(x >= 0 && x + width <= look.width, `${x} to ${x + width} of ${look.width}`);
  }
  assert.deepEqual([await judge(page), faults], [[], []]);
});

test('a download attempt shows every check, and leads to its profile', { skip }, async () => {
  await using watched = await openPage(opened, WIDE);
  const { page, faults } = watched;
  await show(page, '/downloads?reason=8.1/4.8');
  await page.getByRole('table', { name: 'Download attempts' }).getByRole('link').first().click();
  await page.getByText('the eUICC has enough free memory, as far as it is known').waitFor();
  await page.getByText('refused the call').waitFor();
  assert.deepEqual([await judge(page), faults], [[], []]);
  await page.getByRole('link', { name: /8900/ }).click();
  await page.getByRole('heading', { level: 1, name: /8900/ }).waitFor();
});

test('the field in the bar finds by each number, and by the code that a customer reads out', {
  skip,
}, async () => {
  await using watched = await openPage(opened, WIDE);
  const { page, faults } = watched;
  const iccid = '8900101000000000019';
  const { data } = await (opened ?? assert.fail()).server.api.getEUICCProfile(iccid);
  await show(page, '/');
  for (const text of [iccid, data.imsi, data.matching_id ?? '', data.activation_code]) {
    await page.getByRole('searchbox').fill(text);
    await page.getByRole('searchbox').press('Enter');
    await page.waitForURL(`**/console/profiles/${iccid}`);
    await show(page, '/types');
  }
  await page.getByRole('searchbox').fill('8900 1010');
  await page.getByRole('searchbox').press('Enter');
  await page.getByText('There are more. Enter more digits.').waitFor();
  await page.getByText('by its ICCID').first().waitFor();
  assert.deepEqual([await judge(page), faults], [[], []]);
});

test('the charts of the overview follow the chosen time', { skip }, async () => {
  await using watched = await openPage(opened, WIDE);
  const { page, faults } = watched;
  await show(page, '/');
  await page.getByLabel('Downloads of').selectOption('30d');
  await page.waitForFunction(() => document.querySelectorAll('.chart > svg > g').length === 30);
  assert.match(page.url(), /range=30d/);
  assert.deepEqual([await judge(page), faults], [[], []]);
});

/** A TLS client certificate and its key, in PEM. */
function client(name: string) {
  const env = { random: systemRandom, now: Date.now(), generateKey: generateSigningKey };
  const { certificate, key } = makeClient(env, name);
  const file = (kind: string, text: string) => ({
    name: `${name}.${kind}`,
    mimeType: 'application/x-pem-file',
    buffer: Buffer.from(text),
  });
  return { certificate: file('pem', certificatePem(certificate)), key: file('key', key.exportPem()) };
}

test('an operator is created, changed and deleted', { skip }, async () => {
  await using watched = await openPage(opened, WIDE);
  const { page, faults } = watched;
  await show(page, '/deliveries');
  await page.getByRole('button', { name: 'New operator' }).click();
  await page.getByLabel('Name of the operator').fill('shop');
  await page.getByLabel('Certificate (PEM)', { exact: true }).setInputFiles(client('shop').certificate);
  assert.deepEqual(await judge(page), []);
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('link', { name: 'shop' }).click();
  await page.getByRole('heading', { level: 1, name: 'shop' }).waitFor();
  await page.getByText('no notifications').waitFor();
  await page.getByRole('button', { name: 'Change' }).click();
  await page.getByLabel('Notifications of downloads go to').fill('https://shop.example.com');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('https://shop.example.com/gsma/rsp2/es2plus/handleDownloadProgressInfo').waitFor();
  assert.deepEqual(await judge(page), []);
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByText('Its calls over ES2+ are refused at once.').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByText('No system orders over ES2+ for this account yet.').waitFor();
  assert.deepEqual(faults, []);
});

test('an upstream is created, tested with an explanation, gets a type, and is deleted', {
  skip,
}, async () => {
  await using watched = await openPage(opened, WIDE);
  const { page, faults } = watched;
  const files = client('us');
  await show(page, '/upstreams');
  await page.getByRole('button', { name: 'New upstream' }).click();
  await page.getByLabel('Name', { exact: true }).fill('vendor');
  await page.getByLabel('Address for ES2+').fill('https://es2plus.vendor.invalid:8444');
  await page.getByLabel('Client certificate (PEM)').setInputFiles(files.certificate);
  await page.getByLabel('Its key (PEM)').setInputFiles(files.key);
  await page.getByLabel('functionRequesterIdentifier').fill('1.2.3');
  await page.getByLabel('SM-DP+ address').fill('rsp.vendor.invalid');
  assert.deepEqual(await judge(page), []);
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { level: 1, name: 'vendor' }).waitFor();
  await page.getByRole('button', { name: 'Test the connection' }).click();
  await page.getByText('The connection does not work yet.').waitFor();
  await page.getByText('Own certificate', { exact: true }).waitFor();
  await page.getByPlaceholder('Type', { exact: true }).fill('roaming');
  await page.getByRole('button', { name: 'Add the type' }).click();
  await page.getByRole('button', { name: 'Remove the type roaming' }).waitFor();
  assert.deepEqual(await judge(page), []);
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByText('There are no upstreams yet.').waitFor();
  assert.deepEqual(faults, []);
});

test('a row follows the events of its profile', { skip }, async () => {
  await using watched = await openPage(opened, WIDE);
  const { page, faults } = watched;
  await show(page, '/profiles?state=CONFIRMED,RELEASED');
  await page.getByRole('status').filter({ hasText: 'live' }).waitFor();
  const row = page.getByRole('row').filter({ hasText: '8900101000000000076' });
  await row.getByText('Confirmed', { exact: true }).waitFor();
  await (opened ?? assert.fail()).server.api.releaseEUICCProfile('8900101000000000076');
  await row.getByText('Released', { exact: true }).waitFor();
  assert.deepEqual(faults, []);
});

test('sign in by key, in German, and sign out', { skip }, async () => {
  await using watched = await openPage(opened, WIDE, { cookies: [], origins: [] });
  const { page } = watched;
  await page.addInitScript(() => localStorage.setItem('esim-console-language', 'de'));
  await page.goto('/console/profiles');
  await page.getByLabel('Mit dem Schlüssel eines Kontos').check();
  await page.getByLabel('Konto (x-user-id)').fill(account.ESIM_BOOTSTRAP_USER_ID);
  await page.getByLabel('API-Schlüssel (x-api-key)').fill('wrong');
  await page.getByRole('button', { name: 'Anmelden' }).click();
  await page.getByRole('alert').waitFor();
  assert.deepEqual(await judge(page), []);
  await page.getByLabel('API-Schlüssel (x-api-key)').fill(account.ESIM_BOOTSTRAP_API_KEY);
  await page.getByRole('button', { name: 'Anmelden' }).click();
  await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
  assert.equal(await page.getAttribute('html', 'lang'), 'de');
  await page.locator('.account summary').click();
  await page.locator('.account').getByText('Verwaltung', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Abmelden' }).click();
  await page.getByLabel('E-Mail-Adresse').waitFor();
});

test('an import ignores columns by their names, and a column that is not known is named', {
  skip,
}, async () => {
  await using watched = await openPage(opened, WIDE);
  const { page } = watched;
  await show(page, '/import');
  const row = ['89882012000000000019', '208010900000001', '00'.repeat(16), '11'.repeat(16), 'blue'];
  const csv = ['iccid,imsi,ki,opc,colour', row.join(',')].join('\n');
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'colours.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByRole('alert').getByText('"colour"').waitFor();
  await page.getByLabel(/^Columns to ignore/).fill('colour');
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByText('Finished.').waitFor();
  assert.equal(await page.getByRole('alert').count(), 0);
});

test('an order starts with a type that has profiles', { skip }, async () => {
  await using watched = await openPage(opened, WIDE);
  const { page, faults } = watched;
  await show(page, '/order');
  const types = page.getByRole('combobox', { name: /^Type/ });
  await types.getByText('data: 0 available').waitFor({ state: 'attached' });
  assert.equal(await types.inputValue(), 'travel');
  assert.deepEqual(faults, []);
});

test('profiles are generated from ranges, and a template has its ranges', { skip }, async () => {
  await using watched = await openPage(opened, WIDE);
  const { page, faults } = watched;
  const { api } = (opened ?? assert.fail()).server;
  const fill = async (iccid: string, imsi: string, msisdn: string) => {
    await page.getByLabel('First ICCID').fill(iccid);
    await page.getByLabel('First IMSI').fill(imsi);
    await page.getByLabel('First phone number').fill(msisdn);
  };
  await show(page, '/order');
  await page.getByText('New profiles from number ranges').click();
  await page.getByLabel('How many').fill('2');
  await fill('89882 0700 0000 00000', '00101 7000000000', '');
  await page.getByRole('button', { name: 'Generate' }).click();
  await page.getByRole('heading', { name: '2 generated' }).waitFor();
  const [last] = await Array.fromAsync(api.listEUICCProfiles({ imsi: '001017000000001' }));
  assert.match(last?.iccid ?? '', /^898820700000000001/);
  await show(page, '/types');
  await page.getByRole('button', { name: 'New template' }).click();
  await page.getByLabel('Type', { exact: true }).fill('ranges');
  await fill('89882 0800 0000 00000', '00101 8000000000', '+49 170 1');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('cell', { name: 'ranges' }).last().waitFor();
  const { data } = await api.getProfileTemplate('ranges');
  assert.deepEqual(
    [data.iccid_start, data.imsi_start, data.msisdn_start],
    ['898820800000000000', '001018000000000', '+491701'],
  );
  assert.deepEqual(faults, []);
});

const ROWS = 1_500;

test('an import reports its progress and its failures, and a long list keeps few rows in the page', {
  skip,
}, async () => {
  await using watched = await openPage(opened, WIDE);
  const { page, faults } = watched;
  await show(page, '/import');
  const digits = (i: number) => String(i).padStart(11, '0');
  const rows = Array.from({ length: ROWS }, (_, i) =>
    [`89882011${digits(i)}`, `20801${digits(i).slice(1)}`, '00'.repeat(16), '11'.repeat(16)].join(','),
  );
  const csv = ['iccid,imsi,ki,opc', ...rows, 'broken,,,'].join('\n');
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'many.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
  await page.getByLabel(/Type of the profiles/).fill('bulk');
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByText('Finished.').waitFor();
  await page.getByRole('heading', { name: 'Rows that failed' }).waitFor();
  assert.deepEqual([await judge(page), faults], [[], []]);

  await show(page, '/profiles?type=bulk');
  const table = page.getByRole('table', { name: 'Profiles' });
  const loaded = async () => Number(String(await page.locator('.count').textContent()).replace(/\D/g, ''));
  await page.waitForFunction(() => document.querySelectorAll('.rows tbody tr').length > 10);
  const first = await loaded();
  while ((await loaded()) < first + 800) {
    await page.mouse.wheel(0, 20_000);
    await settle(page);
  }
  assert.ok((await table.getByRole('row').count()) < 120, 'only the rows in view are in the page');
  assert.deepEqual(faults, []);
});

test('selected profiles are changed together, after a question', { skip }, async () => {
  await using watched = await openPage(opened, WIDE);
  const { page, faults } = watched;
  await show(page, '/profiles?type=bulk');
  const boxes = page.getByRole('checkbox', { name: /^Select 89/ });
  await boxes.nth(0).check();
  await boxes.nth(1).check();
  await page.getByText('2 selected').waitFor();
  await page.getByRole('button', { name: 'Retire' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Retire' }).click();
  await page.getByText('2 done, 0 refused').waitFor();
  await settle(page);
  await page.getByText('Unavailable', { exact: true }).nth(1).waitFor();
  assert.deepEqual(faults, []);
});
