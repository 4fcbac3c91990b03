import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { allPages } from '#server/docs/site';
import { judgePage, widths } from '../../harness/axe.ts';
import { account } from '../../harness/server.ts';
import { faultsOfLibrary, type Look, openDocs, openPage, skip, waitForReference } from './pages.harness.ts';

/** The documentation in a browser: every page in every look, and what one can do with the API reference. */

const opened = await openDocs();

/** Pages of each kind: a list, pictures, tables, commands, code. Axe judges these, because it takes seconds for each. */
const judgedGuides = new Set(['', '/first-steps', '/concepts', '/operations', '/sdk']);

/** At each width, axe judges in the first look. The page is then shown in the others: styles make them, and no script. */
const looks: readonly { readonly judged: Look; readonly others: readonly Look[] }[] = [
  {
    judged: { width: 1440, colorScheme: 'light' },
    others: [
      { width: 1440, colorScheme: 'dark' },
      { width: 1440, forcedColors: 'active' },
    ],
  },
  {
    judged: { width: 390, colorScheme: 'dark' },
    others: [
      { width: 390, colorScheme: 'light' },
      { width: 390, forcedColors: 'active' },
    ],
  },
];

/** Shows the open page in other looks of its width, and then in this one again. Resolves to what is wrong with its width in each. */
async function widthsIn(page: Page, others: readonly Look[], judged: Look): Promise<[Look, string[]][]> {
  const found: [Look, string[]][] = [];
  for (const look of [...others, judged]) {
    const { colorScheme = 'light', forcedColors = 'none' } = look;
    await page.emulateMedia({ colorScheme, forcedColors });
    found.push([look, await widths(page)]);
  }
  return found;
}

/** Guides without decisions: these are rendered alike. */
const guides = [
  '',
  ...[...allPages().keys()].filter((name) => !name.startsWith('decision-')).map((name) => `/${name}`),
];

for (const { judged, others } of looks)
  test(`every guide at ${judged.width} px, ${judged.colorScheme}, and then in other colours`, {
    skip,
  }, async () => {
    const { page, close } = await openPage(opened, '/docs/guide', judged);
    const { server } = opened ?? assert.fail();
    for (const path of guides) {
      await page.goto(`${server.restUrl}/docs/guide${path}`);
      const faults = judgedGuides.has(path) ? await judgePage(page) : await widths(page);
      assert.deepEqual([path, faults], [path, []]);
      for (const [look, found] of await widthsIn(page, others, judged))
        assert.deepEqual([path, look, found], [path, look, []]);
    }
    await close();
  });

for (const { judged, others } of looks)
  test(`the API reference at ${judged.width} px, ${judged.colorScheme}, has no fault but those of its library, and fits in other colours`, {
    skip,
  }, async () => {
    const { page, close } = await openPage(opened, '/docs', judged);
    await waitForReference(page);
    const faults = await judgePage(page);
    assert.deepEqual(
      faults.filter((fault) => !faultsOfLibrary.has(fault.split(':')[0] ?? '')),
      [],
    );
    for (const [look, found] of await widthsIn(page, others, judged))
      assert.deepEqual([look, found], [look, []]);
    await close();
  });

for (const colorScheme of ['light', 'dark'] as const)
  test(`in forced colours on a ${colorScheme} ground, the samples have the colours of the system, with their pictures`, {
    skip,
  }, async () => {
    const look = { width: 1440, colorScheme, forcedColors: 'active' } as const;
    const { page, close } = await openPage(opened, '/docs', look);
    await waitForReference(page);
    const cards = page.locator('.scalar-card', { has: page.locator('.operation-path') });
    await cards.first().scrollIntoViewIfNeeded();
    const others = await cards.first().evaluate((card) => {
      const probe = document.body.appendChild(document.createElement('p'));
      probe.style.cssText = 'color:CanvasText;background:Canvas';
      const { color, backgroundColor } = getComputedStyle(probe);
      const parts = [...card.querySelectorAll('*')].filter(({ textContent, tagName }) =>
        tagName === 'svg' ? true : textContent !== '',
      );
      const faults = parts.filter((part) => getComputedStyle(part).color !== color);
      return [
        ...(getComputedStyle(card).backgroundColor === backgroundColor ? [] : ['the ground']),
        ...(parts.some(({ tagName }) => tagName === 'svg') ? [] : ['there is no picture']),
        ...faults.map(({ outerHTML }) => outerHTML.slice(0, 100)),
      ];
    });
    assert.deepEqual(others, []);
    await close();
  });

test('without scripts the API reference says where the document is, and a guide is complete', {
  skip,
}, async () => {
  const look = { width: 390, colorScheme: 'light', javaScriptEnabled: false } as const;
  const { page, close } = await openPage(opened, '/docs', look);
  await page.getByRole('link', { name: 'OpenAPI 3.1' }).waitFor();
  await page.getByText('Without scripts, use the document itself').waitFor();
  await page.getByRole('link', { name: 'Webhooks', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Webhooks' }).waitFor();
  await page.locator('summary').click();
  await page.locator('details.toc').getByRole('link').last().waitFor();
  await close();
});

test('search finds an operation, whose samples and requests are those of this server', { skip }, async () => {
  const { page, close } = await openPage(opened, '/docs', { width: 1440, colorScheme: 'light' });
  const { server } = opened ?? assert.fail();
  await waitForReference(page);
  await page.getByText(`ESIM_URL=${server.restUrl}`).first().waitFor({ state: 'attached' });
  const values = page.locator('.scalar-password-input:visible');
  await values.nth(0).fill(account.ESIM_BOOTSTRAP_USER_ID);
  await values.nth(1).fill(account.ESIM_BOOTSTRAP_API_KEY);

  await page.getByRole('search').first().click();
  await page.getByRole('combobox', { name: 'Enter search query' }).fill('listProfileTypes');
  await page
    .getByRole('option', { name: /listProfileTypes/ })
    .first()
    .click();
  const operation = page.locator('section').filter({
    has: page.getByRole('heading', { name: 'listProfileTypes', exact: true }),
  });
  const button = operation.locator('.show-api-client-button').last();
  await button.waitFor();
  await page.getByText('curl "$ESIM_URL/api/v1/esim/profile-types"').first().waitFor({ state: 'attached' });
  await button.click();
  const answer = page.waitForResponse(/\/api\/v1\/esim\//);
  await page.getByRole('button', { name: /^Send/ }).first().click();
  const response = await answer;
  assert.deepEqual([response.url(), response.status()], [`${server.restUrl}/api/v1/esim/profile-types`, 200]);
  await close();
});
