import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgePage } from '../../harness/axe.ts';
import { openDocs, openPage, skip, waitForReference } from './pages.harness.ts';

/** The documentation in a browser: one guide, and the API reference. `pages.test.ts` has every page and look. */

const opened = await openDocs();

test('a guide has no fault, and its links lead on', { skip }, async () => {
  const { page, close } = await openPage(opened, '/docs/guide/keys', { width: 1440, colorScheme: 'light' });
  assert.deepEqual(await judgePage(page), []);
  await page.getByRole('navigation', { name: 'On this page' }).getByRole('link').last().click();
  assert.match(page.url(), /#/);
  await page.getByRole('navigation', { name: 'All guides' }).getByRole('link', { name: 'Webhooks' }).click();
  await page.getByRole('heading', { level: 1, name: 'Webhooks' }).waitFor();
  await close();
});

test('the API reference is built from the document of the server', { skip }, async () => {
  const { page, close } = await openPage(opened, '/docs', { width: 1440, colorScheme: 'light' });
  await waitForReference(page);
  await page
    .getByRole('navigation', { name: 'Documentation' })
    .getByRole('link', { name: 'Guides' })
    .waitFor();
  await close();
});
