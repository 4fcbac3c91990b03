import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiAt } from '../../harness/server.ts';
import { judge, lookAt, looks, openPage, show, skip, startConsole, tabTo } from './browser.harness.ts';

/** The screen of accounts, for those who may do something with the whole server. */

const opened = await startConsole();
const { api, restUrl } = opened?.server ?? {};

const WIDE = { width: 1440, colorScheme: 'light' } as const;

test('an account is created without a mouse, its first key works, and it is found by a part of its name', {
  skip,
}, async () => {
  await using watched = await openPage(opened, WIDE);
  const { page, faults } = watched;
  await show(page, '/server');
  await tabTo(page, 'Accounts');
  await page.keyboard.press('Enter');
  await tabTo(page, 'New account');
  await page.keyboard.press('Enter');
  await tabTo(page, 'Name');
  await page.keyboard.type('Example Mobile');
  await tabTo(page, /^Id/);
  await page.keyboard.type('example');
  assert.deepEqual(await judge(page), []);
  await page.keyboard.press('Enter');
  await page.getByText('The first key of Example Mobile, with the id example').waitFor();
  const apiKey = (await page.locator('.notice code').textContent()) ?? '';
  const first = { ESIM_BOOTSTRAP_USER_ID: 'example', ESIM_BOOTSTRAP_API_KEY: apiKey };
  const own = apiAt(restUrl ?? '', first);
  assert.equal((await own.listEUICCProfiles()).data.total, 0, 'the key opens the new account');

  const table = page.getByRole('table', { name: 'Accounts' });
  await table.getByText('(yours)').waitFor();
  await tabTo(page, 'Name or id');
  await page.keyboard.type('e MOB');
  await page.waitForURL('**/server/accounts?q=e+MOB');
  assert.equal(await table.getByRole('row').count(), 2, 'the head and one row');
  await page.keyboard.type('x');
  await page.getByText('No account has this name or id.').waitFor();
  assert.deepEqual(faults, []);
});

test('an id that is taken is refused with what to do, and long names stay inside of every window', {
  skip,
}, async () => {
  const name = 'W'.repeat(100);
  await api?.createAccount({ name, account_id: 'x'.repeat(64) });
  await using watched = await openPage(opened, WIDE);
  const { page } = watched;
  await show(page, '/server/accounts');
  await page.getByText(name).waitFor();
  await page.getByRole('button', { name: 'New account' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Another');
  await page.getByLabel(/^Id/).fill('x'.repeat(64));
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('alert').getByText('has the id').waitFor();
  for (const look of looks) {
    await lookAt(page, look);
    assert.deepEqual([look, await judge(page)], [look, []]);
  }
});

test('whoever may not do something with the whole server sees no accounts', { skip }, async () => {
  const key = await api?.createApiKey({ permissions: ['read', 'admin'] });
  await using watched = await openPage(opened, WIDE, { cookies: [], origins: [] });
  const { page, faults } = watched;
  await page.goto('/console/server/accounts');
  await page.getByLabel('With an account key').check();
  await page.getByLabel('Account (x-user-id)').fill('operator');
  await page.getByLabel('API key (x-api-key)').fill(key?.data.api_key ?? '');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('need a key with the permission server').waitFor();
  assert.equal(await page.getByRole('link', { name: 'Accounts' }).count(), 0);
  assert.deepEqual([await judge(page), faults], [[], []]);
});
