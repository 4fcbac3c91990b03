import assert from 'node:assert/strict';
import { test } from 'node:test';
import { widths } from '../../harness/axe.ts';
import { account } from '../../harness/server.ts';
import {
  follow,
  judge,
  lookAt,
  looks,
  openPage,
  screens,
  show,
  skip,
  startConsole,
} from './browser.harness.ts';

/** The console in a browser: every screen in every look, and for every role. */

const opened = await startConsole();

const WIDE = { width: 1440, colorScheme: 'light' } as const;

for (const judged of looks.filter(({ isJudged }) => isJudged))
  test(`every screen at ${judged.width} px, ${judged.colorScheme} and then the other colours`, {
    skip,
  }, async () => {
    await using watched = await openPage(opened, judged);
    const { page, faults } = watched;
    const others = looks.filter((look) => look !== judged && look.width === judged.width);
    assert.equal(others.length, 1);
    for (const [name, path] of Object.entries(screens)) {
      await show(page, path);
      assert.deepEqual([name, await widths(page), faults], [name, [], []]);
      assert.deepEqual([name, await judge(page)], [name, []]);
      for (const look of others)
        assert.deepEqual([name, look, await lookAt(page, look), faults], [name, look, [], []]);
      await lookAt(page, judged);
    }
  });

const roles = [
  ['read'],
  ['read', 'support'],
  ['read', 'support', 'reveal', 'care'],
  ['read', 'codes', 'order'],
] as const;

for (const permissions of roles)
  test(`somebody who may only ${permissions.join(', ')} sees no error on any screen`, { skip }, async () => {
    const { data: key } = await (opened ?? assert.fail()).server.api.createApiKey({
      permissions: [...permissions],
    });
    await using watched = await openPage(opened, WIDE, { cookies: [], origins: [] });
    const { page, faults } = watched;
    await page.goto('/console');
    await page.getByLabel('With an account key').check();
    await page.getByLabel('Account (x-user-id)').fill(account.ESIM_BOOTSTRAP_USER_ID);
    await page.getByLabel('API key (x-api-key)').fill(key.api_key);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    const titles = new Set<string>();
    for (const [name, path] of Object.entries(screens)) {
      await follow(page, path);
      titles.add(await page.title());
      for (const look of looks)
        assert.deepEqual([name, look, await lookAt(page, look), faults], [name, look, [], []]);
      await lookAt(page, WIDE);
    }
    assert.ok(titles.size > 10, `the console has not followed: ${[...titles]}`);
    await show(page, '/profiles/8900101000000000027');
    await page.getByRole('heading', { name: 'Activation code' }).waitFor();
    const offers = async (name: string) =>
      (await page.getByRole('button', { name, exact: true }).count()) === 1;
    const isAsked = (permission: string) => permissions.some((one) => one === permission);
    assert.equal(await offers('Show the code'), isAsked('codes') || isAsked('reveal'));
    for (const name of ['New code', 'Replace', 'Cancel order'])
      assert.equal(await offers(name), isAsked('order') || isAsked('care'), name);
    await show(page, '/profiles/8900101000000000068');
    assert.equal(await offers('Confirm'), isAsked('order'));
  });
