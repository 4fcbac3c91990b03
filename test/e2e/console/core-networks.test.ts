import assert from 'node:assert/strict';
import { test } from 'node:test';
import { widths } from '../../harness/axe.ts';
import { judge, openPage, show, skip, startConsole } from './browser.harness.ts';

/** Core networks in the console: which fail, why, what waits, and a delivery that is sent again. */

const opened = await startConsole();

test('a core network shows what it takes, what waits for it, and sends a delivery again', {
  skip,
}, async () => {
  const { api } = (opened ?? assert.fail()).server;
  await api.createCoreNetwork({ name: 'hlr', kind: 'osmohlr', url: 'ctrl://127.0.0.1:9' });
  await api.createCoreNetwork({ name: 'file', kind: 'csv', columns: ['imsi', 'ki'] });
  const { iccid } =
    (await api.listEUICCProfiles({ state: 'AVAILABLE', count: 1 })).data.euicc_profiles[0] ?? assert.fail();
  await api.orderEUICCProfile(iccid, {});
  for (const { width, colorScheme } of [
    { width: 1440, colorScheme: 'light' },
    { width: 390, colorScheme: 'dark' },
  ] as const) {
    await using watched = await openPage(opened, { width, colorScheme });
    const { page, faults } = watched;
    const seen = (text: string) => page.getByText(text, { exact: true }).filter({ visible: true });
    await show(page, '/deliveries');
    await page.getByText('the connection was refused').waitFor();
    assert.deepEqual([await widths(page), await judge(page), faults], [[], [], []]);
    await page.getByRole('link', { name: 'file', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: /file/ }).waitFor();
    await seen('Delivered').first().waitFor();
    assert.deepEqual([await widths(page), await judge(page), faults], [[], [], []]);
    const before = await seen('Add the subscription').count();
    await page.getByRole('button', { name: 'Send again' }).first().click();
    await seen('Add the subscription').nth(before).waitFor();
    assert.deepEqual(faults, []);
  }
});
