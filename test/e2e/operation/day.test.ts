import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { deleteProfile, download, enableProfile, LpaFailure, sendNotifications } from '@esim-rsp/euicc';
import { type ImportReport, type ProfileEvent, webhooks } from '@esim-rsp/sdk';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { certificatePem } from '@esim-rsp/sgp22/pki/certificate';
import { makeTestPki } from '@esim-rsp/sgp22/pki/test-pki';
import { parseActivationCode } from '@esim-rsp/sgp22/value/activation-code';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { callEs2, type OperatorClient } from '../../harness/es2-client.ts';
import { runEsim } from '../../harness/esim.ts';
import { freeAddresses } from '../../harness/free-port.ts';
import { newPhone } from '../../harness/phone.ts';
import { subscription } from '../../harness/profiles.ts';
import { type Receiver, startReceiver, until } from '../../harness/receiver.ts';
import { type ServerProcess, sameAddresses, startServer } from '../../harness/server.ts';

const PROFILES = 10_000;
/** Phones that are under way at the same time. */
const AT_ONCE = 6;
const CODE = '2468';

const settings = { ESIM_WEBHOOK_ALLOW_PRIVATE: '1' };

async function esim({ dataDir }: ServerProcess, ...args: string[]): Promise<void> {
  const { code, err } = await runEsim({ cwd: dataDir, env: { ESIM_DATA_DIR: dataDir } }, ...args);
  assert.equal(code, 0, err);
}

/** An operator that orders by ES2+ and is informed of the progress of downloads. */
async function operatorOf(server: ServerProcess): Promise<{ receiver: Receiver; client: OperatorClient }> {
  const chance = { random: systemRandom, generateKey: generateSigningKey };
  const { ci, dpTls } = makeTestPki({ ...chance, now: Date.now(), curve: 'P-256', hosts: ['localhost'] });
  const receiver = await startReceiver({
    cert: certificatePem(dpTls.certificate),
    key: dpTls.key.exportPem(),
    requestCert: true,
    rejectUnauthorized: false,
  });
  const file = (name: string) => join(server.dataDir, name);
  writeFileSync(file('operator-ca.pem'), certificatePem(ci.certificate));
  await esim(server, 'operator', 'make-cert', 'shop');
  const url = ['--progress-url', new URL(receiver.url).origin, '--progress-style', '101'];
  const tls = [
    '--progress-cert',
    'shop.pem',
    '--progress-key',
    'shop.key',
    '--progress-ca',
    'operator-ca.pem',
  ];
  await esim(server, 'operator', 'create', '--name', 'shop', '--cert', 'shop.pem', ...url, ...tls);
  const pem = (name: string) => readFileSync(file(name), 'utf8');
  return { receiver, client: { name: 'shop', cert: pem('shop.pem'), key: pem('shop.key') } };
}

/** 10,000 profiles, one line each. */
async function stocked({ api }: ServerProcess): Promise<void> {
  const lines = Array.from({ length: PROFILES }, () => JSON.stringify({ parameters: subscription() }));
  const reports: ImportReport[] = [];
  for await (const one of api.importEUICCProfiles(lines.join('\n'), {
    format: 'ndjson',
    profile_type: 'day',
  }))
    reports.push(one);
  const last = reports.at(-1) ?? assert.fail();
  assert.ok(last.type === 'summary' && last.complete);
  assert.deepEqual([last.rows, last.created, last.failed], [PROFILES, PROFILES, 0]);
}

type Ordered = { readonly iccid: string; readonly code: string };

async function orderedByEs2(server: ServerProcess, client: OperatorClient): Promise<Ordered> {
  const { iccid } = await callEs2(server, client, 'downloadOrder', { profileType: 'day' });
  const confirmation = { iccid, confirmationCode: CODE, releaseFlag: true };
  const { matchingId } = await callEs2(server, client, 'confirmOrder', confirmation);
  return { iccid, code: `LPA:1$${server.smdpAddress}$${matchingId}$$1` };
}

async function orderedByRest({ api }: ServerProcess, iccid: string): Promise<Ordered> {
  const profile_reuse_policy = { reuse_type: 'SAME_EID_MID', max_count: 1 } as const;
  const { data } = await api.orderEUICCProfile(iccid, { profile_reuse_policy });
  return { iccid, code: data.activation_code };
}

/** What people do with their phones. */
const habits = ['uses', 'uses', 'mistypes', 'fails', 'rejects', 'comes back'] as const;
type Habit = (typeof habits)[number];

async function lived(server: ServerProcess, { iccid, code }: Ordered, habit: Habit): Promise<void> {
  const fault = 'result-installFailedDueToInsufficientMemoryForProfile' as const;
  await using phone = await newPhone(server, habit === 'fails' ? { fault } : {});
  const codes = habit === 'mistypes' ? ['1357', CODE] : [CODE];
  const input = {
    source: parseActivationCode(code),
    consent: async () => habit !== 'rejects',
    confirmationCode: async () => codes.shift(),
  };
  const loaded = () => download(input, phone.env);
  if (habit === 'fails' || habit === 'rejects') await assert.rejects(loaded(), LpaFailure);
  else await loaded();
  await sendNotifications(phone.env);
  if (habit === 'fails' || habit === 'rejects') return;
  if (habit === 'comes back') {
    await deleteProfile(phone.env.es10, parseIccid(iccid));
    await sendNotifications(phone.env);
    if ((await server.api.getEUICCProfile(iccid)).data.state === 'RELEASED') {
      codes.push(CODE);
      await loaded();
    }
  } else await enableProfile(phone.env.es10, parseIccid(iccid));
  await sendNotifications(phone.env);
}

/** All of them, some at a time. */
async function livedThrough(server: ServerProcess, orders: readonly Ordered[]): Promise<void> {
  const waiting = orders.map((order, i) => ({ order, habit: habits[i % habits.length] as Habit }));
  const one = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      await lived(server, next.order, next.habit);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}

/** The receivers are away until the result is called; resolves when they have missed something. */
async function away(receivers: readonly Receiver[], meanwhile: () => Promise<void>): Promise<() => void> {
  let missed = 0;
  for (const receiver of receivers)
    receiver.answer = (response) => {
      missed += 1;
      response.writeHead(503).end();
    };
  await meanwhile();
  await until(() => missed > 0);
  return () => {
    for (const receiver of receivers) receiver.answer = (response) => void response.writeHead(204).end();
  };
}

/** The server ends and is started again on the same data and ports. */
async function restart(server: ServerProcess): Promise<ServerProcess> {
  await server.close();
  return startServer({ ...settings, ...sameAddresses(server), ESIM_DATA_DIR: server.dataDir });
}

/** The points of 5.3.5 that an operator of style 101 hears of. */
function pointOf({ type, reason }: ProfileEvent): number | undefined {
  if (type === 'profile.error') return reason?.message.includes('could not install') ? 4 : 3;
  const points: Partial<Record<ProfileEvent['type'], number>> = {
    'download.checked': 1,
    'confirmation_code.wrong': 2,
    'profile.downloaded': 3,
    'profile.installed': 4,
    'profile.enabled': 101,
    'profile.deleted': 5,
  };
  return points[type];
}

/** The first of each, in their order: what is sent at least once may come twice. */
function firstOfEach<T>(all: readonly T[], nameOf: (one: T) => unknown): T[] {
  const seen = new Set<unknown>();
  return all.filter((one) => !seen.has(nameOf(one)) && seen.add(nameOf(one)));
}

test('a day: 10,000 profiles, orders by ES2+ and REST, phones of all habits, a restart, and everybody hears what happened', async () => {
  const first = await startServer({ ...settings, ...(await freeAddresses()) });
  let server = first;
  await using hooks = await startReceiver();
  const { receiver: shop, client } = await operatorOf(server);
  await stocked(server);
  const { data: hook } = await server.api.createWebhook({ url: hooks.url, events: ['*'] });
  const { data: page } = await server.api.listEUICCProfiles({ count: 1000, offset: PROFILES - 1000 });
  const spare = page.euicc_profiles.map(({ iccid }) => iccid);
  const ordered = () =>
    Promise.all([
      ...Array.from({ length: 6 }, () => orderedByEs2(server, client)),
      ...spare.splice(0, 6).map((iccid) => orderedByRest(server, iccid)),
    ]);

  const morning = await ordered();
  await livedThrough(server, morning);
  const noon: Ordered[] = [];
  const back = await away([hooks, shop], async () => void noon.push(...(await ordered())));
  server = await restart(server);
  back();
  await livedThrough(server, noon);
  const iccids = [...morning, ...noon].map(({ iccid }) => iccid);
  const histories = new Map<string, ProfileEvent[]>();
  for (const iccid of iccids)
    histories.set(iccid, (await server.api.getEUICCProfileHistory(iccid)).data.events);
  const after = [...histories.values()].flat().filter(({ type }) => type !== 'profile.created');
  await until(
    () => firstOfEach(hooks.received, ({ headers }) => headers['webhook-id']).length >= after.length,
  );
  const points = after.filter((event) => pointOf(event) !== undefined);
  const callOf = (body: string) => JSON.parse(body).header.functionCallIdentifier;
  await until(() => firstOfEach(shop.received, ({ body }) => callOf(body)).length >= points.length);

  const messages = await Promise.all(
    firstOfEach(hooks.received, ({ headers }) => headers['webhook-id']).map(({ body, headers }) =>
      webhooks.unwrap(body, headers, hook.secret),
    ),
  );
  const progress = firstOfEach(shop.received, ({ body }) => callOf(body)).map(({ body }) => JSON.parse(body));
  for (const [iccid, events] of histories) {
    const [, ...reported] = events;
    assert.deepEqual(
      messages
        .filter(({ data }) => 'iccid' in data && data.iccid === iccid)
        .map(({ type, timestamp }) => [type, timestamp]),
      reported.map(({ type, occurred_at }) => [type, occurred_at]),
    );
    assert.deepEqual(
      progress.filter((one) => one.iccid === iccid).map((one) => one.notificationPointId),
      reported.flatMap((event) => pointOf(event) ?? []),
    );
    assert.equal((await server.api.getEUICCProfile(iccid)).data.state, reported.at(-1)?.to);
  }
  const types = new Set(after.map(({ type }) => type));
  for (const type of [
    'profile.error',
    'profile.deleted',
    'confirmation_code.wrong',
    'profile.enabled',
  ] as const)
    assert.ok(types.has(type), type);
  const { data: stock } = await server.api.listEUICCProfiles({ state: 'AVAILABLE', count: 1 });
  assert.equal(stock.total, PROFILES - iccids.length);
  await shop[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await first[Symbol.asyncDispose]();
});
