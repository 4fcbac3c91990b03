import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Page } from 'playwright-core';
import { widths } from '../../harness/axe.ts';
import { freePort } from '../../harness/free-port.ts';
import { startMailServer } from '../../harness/mail-server.ts';
import { CLIENT, startOpenIdProvider } from '../../harness/openid-provider.ts';
import { until } from '../../harness/receiver.ts';
import { account } from '../../harness/server.ts';
import { judge, looks, openPage, settle, show, skip, startConsole, tabTo } from './browser.harness.ts';

/** People in the console: invitation, also by mail, password, passkey, OpenID provider, roles, sessions, and their screens in every look. */

const port = await freePort();
const atHost = `http://localhost:${port}`;
const provider = await startOpenIdProvider(atHost);
const mailServer = await startMailServer();
after(() => Promise.all([provider[Symbol.asyncDispose](), mailServer[Symbol.asyncDispose]()]));
const opened = await startConsole({
  ESIM_HTTP_PORT: String(port),
  ESIM_CONSOLE_URL: atHost,
  ESIM_OIDC_ISSUER: provider.issuer,
  ESIM_OIDC_CLIENT_ID: CLIENT.id,
  ESIM_OIDC_CLIENT_SECRET: CLIENT.secret,
  ESIM_OIDC_ACCOUNT: account.ESIM_BOOTSTRAP_USER_ID,
  ESIM_OIDC_NAME: 'Example ID',
  ESIM_SMTP_URL: `smtp://127.0.0.1:${mailServer.port}`,
  ESIM_SMTP_STARTTLS: 'off',
  ESIM_MAIL_FROM: 'esim@example.com',
});

const WIDE = { width: 1440, colorScheme: 'light' } as const;
const NOBODY = { cookies: [], origins: [] };
const PASSWORD = 'correct horse battery staple';

/** Saves a picture in each look in the folder SHOTS, for people who change the console. */
async function shoot(page: Page, what: string): Promise<void> {
  if (!process.env.SHOTS) return;
  for (const { width, colorScheme } of looks) {
    await page.setViewportSize({ width, height: 844 });
    await page.emulateMedia({ colorScheme });
    const path = `${process.env.SHOTS}/${what}-${width}-${colorScheme}.png`;
    await page.screenshot({ path, fullPage: true });
  }
}

/** Fills the form of an invitation. */
async function fillInvitation(page: Page, name: string, email: string, role: string): Promise<void> {
  await show(page, '/access/people');
  await page.getByRole('button', { name: 'Invite' }).click();
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel(role).check();
}

/** Invites somebody on the screen; gives the link. */
async function invite(page: Page, name: string, email: string, role: string): Promise<string> {
  await fillInvitation(page, name, email, role);
  await page.getByLabel('Send the link by mail').uncheck();
  await page.getByRole('button', { name: 'Create' }).click();
  const link = await page.locator('.notice code').textContent();
  return link ?? assert.fail('no link');
}

async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

test('an invited person accepts, signs in again, loses the session with a change of role, and signs out', {
  skip,
}, async () => {
  await using admin = await openPage(opened, WIDE);
  const link = await invite(admin.page, 'Ada Lovelace', 'ada@example.com', 'Support');
  assert.match(link, /\/console\/accept#[\w-]{43}$/);
  assert.deepEqual([await judge(admin.page), admin.faults], [[], []]);

  await using watched = await openPage(opened, WIDE, NOBODY);
  const { page, faults } = watched;
  await page.goto(link);
  await page.getByLabel('New password', { exact: true }).fill(PASSWORD);
  assert.doesNotMatch(page.url(), /#/, 'the ticket has left the address bar');
  await page.getByLabel('New password, again').fill('another long sentence');
  await page.getByRole('button', { name: 'Accept' }).click();
  await page.getByText('The two passwords differ.').waitFor();
  assert.deepEqual([await judge(page), faults], [[], []]);
  await page.getByLabel('New password, again').fill(PASSWORD);
  await page.getByRole('button', { name: 'Accept' }).click();
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  await page.getByText('Ada Lovelace').first().waitFor();
  await show(page, '/access/people');
  await page.getByText('You may not do this.').waitFor();

  await admin.page.getByRole('link', { name: 'Ada Lovelace' }).click();
  await admin.page.getByLabel('Viewer').check();
  await admin.page.getByRole('button', { name: 'Change role' }).click();
  await admin.page.getByText('Active', { exact: true }).waitFor();
  assert.deepEqual([await judge(admin.page), admin.faults], [[], []]);

  await using second = await openPage(opened, WIDE, NOBODY);
  await second.page.goto('/console');
  await signIn(second.page, 'ada@example.com', 'a wrong password');
  await second.page.getByRole('alert').waitFor();
  await signIn(second.page, 'ada@example.com', PASSWORD);
  await second.page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  await page.getByText('Your session has ended.').waitFor();

  await second.page.getByText('Ada Lovelace').first().click();
  await second.page.getByText('ada@example.com · viewer').waitFor();
  await second.page.getByRole('button', { name: 'Sign out' }).click();
  await second.page.getByLabel('E-mail address').waitFor();
  await show(admin.page, '/access/audit');
  await admin.page.getByText('Ada Lovelace').first().waitFor();
});

test('people change their password and end a session elsewhere, without a mouse', { skip }, async () => {
  await using admin = await openPage(opened, WIDE);
  const link = await invite(admin.page, 'Grace Hopper', 'grace@example.com', 'Operator');
  await using watched = await openPage(opened, WIDE, NOBODY);
  const { page } = watched;
  await page.goto(link);
  await tabTo(page, 'New password');
  await page.keyboard.type(PASSWORD);
  await tabTo(page, 'New password, again');
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();

  await using other = await openPage(opened, WIDE, NOBODY);
  await other.page.goto('/console');
  await signIn(other.page, 'grace@example.com', PASSWORD);
  await other.page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();

  await show(page, '/me');
  await tabTo(page, 'Current password');
  await page.keyboard.type('not my password');
  await tabTo(page, 'New password');
  await page.keyboard.type('another long sentence');
  await tabTo(page, 'New password, again');
  await page.keyboard.type('another long sentence');
  await page.keyboard.press('Enter');
  await page.getByText('this is not the password that you have').waitFor();
  await page.getByRole('row').nth(2).waitFor();
  await tabTo(page, 'Sign out');
  await page.keyboard.press('Enter');
  await page.getByRole('row').nth(2).waitFor({ state: 'detached' });
  await other.page.getByText('Your session has ended.').waitFor();

  await page.getByLabel('Current password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByText('The password is changed.').waitFor();
  assert.deepEqual(await judge(page), []);
  await signIn(other.page, 'grace@example.com', 'another long sentence');
  await other.page.getByRole('heading', { level: 1 }).first().waitFor();
  await page.getByRole('button', { name: 'Sign out everywhere' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click();
  await page.getByLabel('E-mail address').waitFor();
});

test('a person creates a passkey, signs in with it, and an administrator deletes it', { skip }, async () => {
  await using admin = await openPage(opened, WIDE);
  const link = await invite(admin.page, 'Mary Shaw', 'mary@example.com', 'Support');
  await using watched = await openPage(opened, WIDE, NOBODY, atHost);
  const { page, faults } = watched;
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true },
      ...{ isUserVerified: true, automaticPresenceSimulation: true },
    },
  });
  await page.goto(link.replace(/^http:\/\/[^/]+/, atHost));
  await page.getByLabel('New password', { exact: true }).fill(PASSWORD);
  await page.getByLabel('New password, again').fill(PASSWORD);
  await page.getByRole('button', { name: 'Accept' }).click();
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  await page.goto(`${atHost}/console/me`);
  await page.getByLabel('Name of the passkey').fill('Virtual device');
  await page.getByRole('button', { name: 'Create a passkey' }).click();
  await page.getByRole('cell', { name: 'Virtual device' }).waitFor();
  assert.deepEqual([await judge(page), faults], [[], []]);
  await shoot(page, 'me-with-passkey');
  const { credentials } = await devtools.send('WebAuthn.getCredentials', { authenticatorId });
  assert.deepEqual(
    credentials.map(({ isResidentCredential, rpId }) => [isResidentCredential, rpId]),
    [[true, 'localhost']],
  );

  await page.locator('.account summary').click();
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await page.getByRole('heading', { level: 1, name: 'Your account' }).waitFor();
  await page.getByRole('cell', { name: 'Virtual device' }).waitFor();

  await show(admin.page, '/access/people');
  await admin.page.getByRole('link', { name: 'Mary Shaw' }).click();
  const row = admin.page.getByRole('row').filter({ hasText: 'Virtual device' });
  await row.waitFor();
  await shoot(admin.page, 'person-with-passkey');
  await row.getByRole('button', { name: 'Delete' }).click();
  await admin.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await admin.page.getByText('This person has no passkey.').waitFor();
  assert.deepEqual([await judge(admin.page), admin.faults], [[], []]);
  await page.getByText('Your session has ended.').waitFor();
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await page.getByText('the passkey is not known here').waitFor();
  await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await page.getByText('The browser did not get a passkey.').waitFor();
});

test('an invitation goes by mail where the box is checked, and a link is mailed again on request', {
  skip,
}, async () => {
  await using admin = await openPage(opened, WIDE);
  await fillInvitation(admin.page, 'Joan Clarke', 'joan@example.com', 'Viewer');
  assert.ok(await admin.page.getByLabel('Send the link by mail').isChecked());
  assert.deepEqual(await judge(admin.page), []);
  await shoot(admin.page, 'invite');
  await admin.page.getByRole('button', { name: 'Create' }).click();
  await admin.page.getByText('The link is on its way to joan@example.com.').waitFor();
  assert.equal(await admin.page.locator('.notice code').count(), 0, 'the screen does not have the link');
  await until(() => mailServer.received.length === 1);
  await admin.page.getByRole('link', { name: 'Joan Clarke' }).click();
  await admin.page.getByRole('button', { name: 'Mail a link' }).click();
  await admin.page.getByText('The link is on its way to joan@example.com.').waitFor();
  await until(() => mailServer.received.length === 2);
  assert.deepEqual(admin.faults, []);
  const [first = assert.fail(), second = assert.fail()] = mailServer.received;
  assert.deepEqual([first.to, second.to], [['joan@example.com'], ['joan@example.com']]);
  const text = second.raw.replaceAll('=\r\n', '').replaceAll('=3D', '=');
  const [link = assert.fail(text)] = /http\S+\/console\/accept#[\w-]{43}/.exec(text) ?? [];

  await using watched = await openPage(opened, WIDE, NOBODY, atHost);
  const { page, faults } = watched;
  await page.goto(link);
  await page.getByLabel('New password', { exact: true }).fill(PASSWORD);
  await page.getByLabel('New password, again').fill(PASSWORD);
  await page.getByRole('button', { name: 'Accept' }).click();
  await page.getByText('Joan Clarke').first().waitFor();
  assert.deepEqual(faults, []);
});

test('an invited person signs in at the OpenID provider; others read why they do not', { skip }, async () => {
  const { api } = (opened ?? assert.fail()).server;
  await api.createPerson({ name: 'Edith Clarke', email: 'edith@example.com', role: 'viewer' });
  provider.users.edith = { email: 'edith@example.com', email_verified: true };
  provider.users.bob = { email: 'bob@example.com', email_verified: true };
  await using watched = await openPage(opened, WIDE, NOBODY, atHost);
  const { page, faults } = watched;
  await page.goto('/console');
  const enter = page.getByRole('link', { name: 'Sign in with Example ID' });
  await enter.click();
  await page.getByRole('alert').filter({ hasText: 'You did not sign in there.' }).waitFor();
  await enter.waitFor();
  assert.deepEqual(await judge(page), []);
  await shoot(page, 'refused');
  provider.user = 'bob';
  await enter.click();
  await page.getByRole('alert').filter({ hasText: 'no person with your e-mail address' }).waitFor();
  assert.equal(page.url(), `${atHost}/console`, 'the reason has left the address bar');
  await page.getByRole('link', { name: 'Sign out of Example ID to use another account there' }).click();
  await page.getByRole('button', { name: 'Yes, sign me out' }).click();
  provider.user = 'edith';
  await enter.click();
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  await page.locator('.account summary').click();
  await page.getByText('edith@example.com · viewer').waitFor();
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await page.getByRole('link', { name: 'Sign out of Example ID too' }).waitFor();
  assert.deepEqual(
    faults.filter((fault) => !fault.startsWith(`request to ${provider.issuer}/`)),
    [],
  );
});

for (const look of looks)
  test(`the screens of people at ${look.width} px, ${look.colorScheme}`, { skip }, async () => {
    await using watched = await openPage(opened, look);
    const { page, faults } = watched;
    const name = `Person ${look.width} ${look.colorScheme}`;
    await invite(page, name, `${look.width}-${look.colorScheme}@example.com`, 'Administrator');
    const seen = async (what: string) => {
      if (process.env.SHOTS)
        await page.screenshot({
          path: `${process.env.SHOTS}/${what}-${look.width}-${look.colorScheme}.png`,
          fullPage: true,
        });
      const found = look.isJudged ? await judge(page) : await widths(page);
      assert.deepEqual([what, found, faults], [what, [], []]);
    };
    await seen('people');
    await page.getByRole('link', { name }).click();
    await page.getByRole('button', { name: 'Disable' }).waitFor();
    await settle(page);
    await seen('person');
    await page.getByRole('button', { name: 'Delete' }).click();
    await seen('deletion');
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('heading', { name: 'People', exact: true }).waitFor();
    await settle(page);
    assert.equal(await page.getByRole('link', { name }).count(), 0);
    await show(page, '/me');
    await seen('me');
  });

for (const look of looks)
  test(`signing in at ${look.width} px, ${look.colorScheme}`, { skip }, async () => {
    await using watched = await openPage(opened, look, NOBODY);
    const { page, faults } = watched;
    for (const path of ['/console', '/console/accept#wrong']) {
      await page.goto('about:blank');
      await page.goto(path);
      await page.getByRole('button', { name: 'in', exact: false }).first().waitFor();
      if (path === '/console') await page.getByRole('link', { name: 'Sign in with Example ID' }).waitFor();
      const found = look.isJudged ? await judge(page) : await widths(page);
      assert.deepEqual([path, found, faults], [path, [], []]);
      if (process.env.SHOTS)
        await page.screenshot({
          path: `${process.env.SHOTS}/${path.includes('accept') ? 'accept' : 'sign-in'}-${look.width}-${look.colorScheme}.png`,
        });
    }
  });
