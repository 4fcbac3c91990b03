import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { findViolations, WCAG } from '../../harness/axe.ts';
import { judge, openPage, screens, settle, show, skip, startConsole, tabTo } from './browser.harness.ts';

/** The console in a browser: some screens, and two walks with the keyboard only. `screens.test.ts` has all screens. */

const opened = await startConsole();

const WIDE = { width: 1440, colorScheme: 'light' } as const;
const NARROW = { width: 390, colorScheme: 'dark' } as const;
const SAMPLE = ['overview', 'profiles', 'a released profile', 'order'];

/** A page with a fault for each of some rules, one of them in a part that is left out. */
const FAULTY = `<!doctype html><html><title></title><body style="background:#fff"><img src="data:,">
  <p style="color:#ccc">pale</p><p style="color:#ddd">paler</p><input><button></button>
  <a href="/" style="color:#999;text-decoration:none">link</a><ul><p>no item</p></ul><div role="checkbox">box</div>
  <div class="left-out"><img src="data:,"><select></select></div></body></html>`;

test('axe finds the same violations as its builder, and again those of a page that has changed', {
  skip,
}, async () => {
  await using watched = await openPage(opened, WIDE);
  const { page } = watched;
  await page.setContent(FAULTY);
  const builder = new AxeBuilder({ page }).withTags(WCAG).exclude('.left-out');
  const { violations } = await builder.analyze();
  const expected = violations.map(({ id, nodes }) => ({ id, elements: nodes.map(({ html }) => html) }));
  assert.ok(expected.length > 5, JSON.stringify(expected));
  assert.deepEqual(await findViolations(page, WCAG, '.left-out'), expected);
  await page.setContent('<!doctype html><html lang="en"><title>Title</title><p>text</p></html>');
  assert.deepEqual(await findViolations(page, WCAG), []);
  await page.setContent(
    '<!doctype html><html lang="en"><title>Title</title><iframe title="a" srcdoc="b"></iframe>',
  );
  const [frame] = await findViolations(page, WCAG);
  assert.equal(frame?.id, 'a frame without axe');
});

for (const look of [WIDE, NARROW])
  test(`a sample of screens at ${look.width} px, ${look.colorScheme}`, { skip }, async () => {
    await using watched = await openPage(opened, look);
    const { page, faults } = watched;
    for (const name of SAMPLE) {
      await show(page, screens[name] ?? assert.fail(name));
      assert.deepEqual([name, await judge(page), faults], [name, [], []]);
    }
  });

test('support without a mouse: find an eSIM, show its code, copy the text for the customer, create a new code', {
  skip,
}, async () => {
  await using watched = await openPage(opened, WIDE);
  const { page, faults } = watched;
  await show(page, '/');
  await page.keyboard.press('/');
  await page.keyboard.type('8900 1010 0000 0000 019');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: '8900' }).waitFor();
  await settle(page);
  await page.getByText('The phone has no free memory for eSIMs.').first().waitFor();
  await page.getByText('Ask the customer to delete an unused eSIM').first().waitFor();
  assert.equal(await page.locator('.lpa').count(), 0, 'the code is hidden');

  await tabTo(page, 'Show the code');
  await page.keyboard.press('Enter');
  const code = (await page.locator('.lpa').textContent()) ?? '';
  assert.match(code, /^LPA:1\$/);
  await page.getByRole('img', { name: 'QR code of the activation code' }).waitFor();
  await tabTo(page, 'Send link');
  await page.keyboard.press('Enter');
  const message = await page.getByLabel('Text for the customer').inputValue();
  assert.match(message, /^https?:\/\/\S+\/i\/[\w-]{32}$/m);
  assert.ok(!message.includes(code), 'the page has the code');

  await tabTo(page, 'New code');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await tabTo(page, 'New code');
  await page.keyboard.press('Enter');
  await page.getByText('Done.').waitFor();
  await page.getByText('Anyone who has this code can install the eSIM.').waitFor();
  assert.deepEqual(faults, []);
});

test('an order without a mouse ends with a table of released profiles', { skip }, async () => {
  await using watched = await openPage(opened, WIDE);
  const { page, faults } = watched;
  await show(page, '/');
  await tabTo(page, 'Profiles');
  await page.keyboard.press('Enter');
  await settle(page);
  await tabTo(page, 'Order');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Order' }).waitFor();
  await settle(page);
  await page.getByLabel('Type').locator('option', { hasText: 'travel' }).waitFor({ state: 'attached' });
  await tabTo(page, /^Type(?!s)/);
  await page.keyboard.type('travel');
  await tabTo(page, 'Order');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: '1 ordered' }).waitFor();
  const table = page.getByRole('table');
  assert.match((await table.textContent()) ?? '', /8900101000000000043.*Released/);
  assert.doesNotMatch((await page.content()) ?? '', /LPA:1\$/);
  await tabTo(page, 'Show the codes');
  await page.keyboard.press('Enter');
  await table.getByText('LPA:1$').waitFor();
  await tabTo(page, 'QR codes to print');
  await page.keyboard.press('Enter');
  await page.getByRole('img', { name: 'QR code of the activation code 8900101000000000043' }).waitFor();
  assert.deepEqual(faults, []);
});
