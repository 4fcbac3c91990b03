import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { buildIfStale } from '../../../packages/console/build.ts';
import {
  addUpstream,
  type Gateway,
  noWait,
  operationWhen,
  profileAt,
  startGateway,
  startVendorProxy,
  stockAt,
} from '../../harness/gateway/two-servers.ts';
import {
  type Console,
  enterConsole,
  judge,
  launchBrowser,
  lookAt,
  looks,
  openPage,
  show,
  skip,
} from './browser.harness.ts';

/** The screens of operations at an upstream: one that is unknown is found, read and settled. */

const WIDE = { width: 1440, colorScheme: 'light' } as const;

type World = {
  readonly servers: Gateway;
  readonly proxy: Awaited<ReturnType<typeof startVendorProxy>>;
  readonly opened: Console;
  readonly iccid: string;
};

/** A gateway with the console, and an order whose confirmation gets no answer. */
async function start(): Promise<World | undefined> {
  if (skip !== false) return undefined;
  await buildIfStale();
  const [browser, servers] = await Promise.all([launchBrowser(), startGateway({ ESIM_DEMO: '1' })]);
  const { gateway } = servers;
  const proxy = await startVendorProxy(servers);
  after(async () => {
    await proxy[Symbol.asyncDispose]();
    await servers[Symbol.asyncDispose]();
  });
  const members = { url: proxy.url, ca: proxy.ca, repeats_answers: false, timeout_seconds: 3 };
  await addUpstream(servers, 'vendor', members);
  const [iccid = ''] = await stockAt(servers, 'vendor');
  proxy.fault = ({ name }) => (name === 'confirmOrder' ? 'lost' : undefined);
  await gateway.api.orderEUICCProfile(iccid, {}, noWait);
  return { servers, proxy, opened: await enterConsole(gateway, browser), iccid };
}

const world = await start();
const { servers, proxy, opened, iccid } = world ?? ({} as World);

/** Waits until the operation of the order is not known. */
async function unknown(): Promise<string> {
  const { api } = servers.gateway;
  for (let tries = 0; tries < 300; tries++) {
    const { data } = await api.listOperations({ iccid, state: 'unknown' });
    const [operation] = data.operations;
    if (operation !== undefined) return operation.id;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return assert.fail('the operation does not become unknown');
}

test('an unknown operation is found by its filters, read from the profile, and settled by an admin after a question', {
  skip,
}, async () => {
  const id = await unknown();
  await using watched = await openPage(opened, WIDE);
  const { page, faults } = watched;
  await show(page, '/operations');
  await page.getByRole('combobox', { name: 'State' }).selectOption('unknown');
  await page.waitForURL('**/operations?state=unknown');
  await page.getByRole('table', { name: 'Operations' }).getByText('Unknown', { exact: true }).waitFor();
  await page.getByRole('combobox', { name: 'Upstream' }).selectOption('vendor');
  await page.getByRole('combobox', { name: 'Operation' }).selectOption('cancel');
  await page.getByText('Nothing was requested from an upstream').waitFor();
  assert.deepEqual(await judge(page), []);
  await show(page, `/profiles/${iccid}`);
  await page.getByText('At the upstream: Order').waitFor();
  await page.getByText('This is possible again when the operation at the upstream has ended.').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Cancel order' }).isDisabled(), true);
  await assert.rejects(servers.gateway.api.cancelEUICCProfile(iccid), { status: 409 });
  assert.deepEqual(await judge(page), []);
  await page.getByRole('link', { name: 'Show the operation' }).click();
  await page.waitForURL(`**/operations/${id}`);
  await page.getByText('No answer came, so the upstream may have done it.').waitFor();
  for (const look of looks) {
    await lookAt(page, look);
    assert.deepEqual([look, await judge(page)], [look, []]);
  }
  const code = (await profileAt(servers.vendor, iccid)).matching_id ?? assert.fail('the vendor has no code');
  await page.getByRole('radio', { name: /^Done/ }).check();
  await page.getByLabel(/MatchingID that the vendor shows/).fill(code);
  await page.getByRole('button', { name: 'Settle', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('This is in the audit log, and cannot be undone.').waitFor();
  await dialog.getByRole('button', { name: 'Done', exact: true }).click();
  await page.getByText('The upstream has done it.').waitFor();
  await page.getByText('Settled by').waitFor();
  const profile = await profileAt(servers.gateway, iccid);
  assert.deepEqual([profile.state, profile.matching_id], ['RELEASED', code]);
  assert.deepEqual(faults, []);
});

test('an operation follows its events, and the settings of its upstream are changed by a form', {
  skip,
}, async () => {
  await using watched = await openPage(opened, WIDE);
  const { page, faults } = watched;
  await show(page, '/operations?operation=cancel');
  await page.getByRole('status').filter({ hasText: 'live' }).waitFor();
  await servers.gateway.api.cancelEUICCProfile(iccid, {}, { retries: 0 });
  await page.getByRole('table', { name: 'Operations' }).getByText('Done', { exact: true }).waitFor();
  await show(page, '/upstreams/vendor');
  await page.getByText('does not repeat answers').waitFor();
  await page.getByRole('button', { name: 'Change', exact: true }).click();
  await page.getByLabel('Takes back orders').selectOption('never');
  await page.getByLabel('Seconds until an answer is late').fill('7');
  await page.getByLabel('switched on').fill('6, 101');
  for (const look of looks) {
    await lookAt(page, look);
    assert.deepEqual([look, await judge(page)], [look, []]);
  }
  await page.getByRole('button', { name: 'Save' }).click();
  await page
    .getByText(/takes no order back/)
    .first()
    .waitFor();
  const { data } = await servers.gateway.api.getUpstream('vendor');
  assert.deepEqual([data.takes_back, data.timeout_seconds, data.concurrency], ['never', 7, 4]);
  const points = data.notification_points.map(({ point, meaning }) => `${point} ${meaning}`);
  assert.deepEqual(
    ['4 installed', '6 enabled', '101 enabled', '8 deleted'].filter((point) => !points.includes(point)),
    [],
  );
  assert.equal(points.length, 8);
  await page.getByText('4 installed, 6 switched on').waitFor();
  assert.deepEqual([await judge(page), faults], [[], []]);
});

test('an operation that waits for its next attempt is tried again by a button', { skip }, async () => {
  const { api } = servers.gateway;
  const [other = ''] = await stockAt(servers, 'vendor');
  proxy.fault = () => 'forbidden';
  const { data } = await api.orderEUICCProfile(other, {}, noWait);
  const id = data.pending_operation?.id ?? assert.fail('the order is done already');
  await operationWhen(servers.gateway, id, ({ state, attempts }) => state === 'waiting' && attempts > 4);
  await using watched = await openPage(opened, WIDE);
  const { page, faults } = watched;
  await show(page, `/operations/${id}`);
  const button = page.getByRole('button', { name: 'Try again now' });
  await button.waitFor();
  for (const look of looks) {
    await lookAt(page, look);
    assert.deepEqual([look, await judge(page)], [look, []]);
  }
  proxy.fault = () => undefined;
  await button.click();
  await page.getByText('The upstream has done it.').waitFor();
  assert.equal(await button.count(), 0);
  const entries = (await api.listAudit({ operation: 'retryOperation' })).data.entries;
  assert.ok(entries.some(({ targets = [] }) => targets.includes(id)));
  assert.deepEqual([await judge(page), faults], [[], []]);
});

test('an order that the upstream has not answered leads to its operation', { skip }, async () => {
  const [other = ''] = await stockAt(servers, 'vendor');
  await servers.gateway.api.updateUpstream('vendor', { timeout_seconds: 60 });
  proxy.fault = ({ name }) => (name === 'confirmOrder' ? 'hang' : undefined);
  await using watched = await openPage(opened, WIDE);
  const { page, faults } = watched;
  await show(page, `/order?iccid=${other}`);
  await page.getByRole('button', { name: 'Order', exact: true }).click();
  const table = page.getByRole('table');
  await table.getByRole('link', { name: 'Show the operation' }).waitFor();
  assert.doesNotMatch((await table.textContent()) ?? '', /Available|Allocated|Linked/);
  assert.deepEqual([await judge(page), faults], [[], []]);
  await table.getByRole('link', { name: 'Show the operation' }).click();
  await page.waitForURL(/operations\/op_/);
});
