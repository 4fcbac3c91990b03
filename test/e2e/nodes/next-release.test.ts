import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sendNotifications } from '@esim-rsp/euicc';
import type { ProfileEvent } from '@esim-rsp/sdk';
import { sha256 } from '@esim-rsp/sgp22/crypto/digest';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { certificatePem } from '@esim-rsp/sgp22/pki/certificate';
import { makeClient } from '@esim-rsp/sgp22/pki/test-pki';
import pg from 'pg';
import { forbiddenIn } from '#server/store/migrations/expand-only.harness';
import { newestSchema } from '#server/store/migrations/migrate';
import { openPostgresStore } from '#server/store/postgres/store';
import {
  installations,
  NO_POSTGRES,
  optionsFor,
  startPostgres,
} from '#server/store/postgres/testing/server.harness';
import { TEST_KEY, testMasterKey } from '#server/store/sealing/test-key.harness';
import { callEs2 } from '../../harness/es2-client.ts';
import { downloadBy, newPhone } from '../../harness/phone.ts';
import { subscription } from '../../harness/profiles.ts';
import { type Receiver, startReceiver, until } from '../../harness/receiver.ts';
import { account, type ServerProcess, startServer } from '../../harness/server.ts';

/** Two nodes of this release work while a node of the next one has expanded their tables. */

const [installation] = installations();

/** What a next release may do: see docs/adr/0018-postgresql.md. Every table gets a column, so that no statement of this release can expect none. */
async function expand(url: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = 'public' and table_name not like 'migration%'",
  );
  const statements = [
    ...rows.map(({ name }) => `alter table ${name} add column next_note text`),
    'alter table profile add column next_rank bigint default 7 not null',
    'create table next_wallet (id text primary key, iccid text references profile (iccid) on delete cascade)',
    'create unique index next_wallet_iccid on next_wallet (iccid)',
    'create index next_profile on profile (account, next_note)',
    "update profile set next_note = 'filled in', next_rank = 9",
    'insert into next_wallet (id, iccid) select iccid, iccid from profile',
  ];
  assert.ok(rows.length > 15);
  assert.deepEqual(forbiddenIn(statements), []);
  await client.query('begin');
  for (const statement of statements) await client.query(statement);
  await client.query('insert into migration (number, usable_from) values ($1, $2)', [
    newestSchema + 1,
    newestSchema,
  ]);
  await client.query('commit');
  await client.end();
}

/** The release after the next one may take away what this release uses: it says that this one cannot use its tables. */
async function contract(url: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query('insert into migration (number, usable_from) values ($1, $2)', [
    newestSchema + 2,
    newestSchema + 1,
  ]);
  await client.end();
}

const client = makeClient({ random: systemRandom, now: Date.now(), generateKey: generateSigningKey }, 'shop');
const shop = { name: 'shop', cert: certificatePem(client.certificate), key: client.key.exportPem() };

async function admitShop(url: string): Promise<void> {
  const store = await openPostgresStore(optionsFor(url), testMasterKey);
  await store.addOperator({
    name: 'shop',
    account: account.ESIM_BOOTSTRAP_USER_ID,
    identity: { certificateSha256: sha256(client.certificate.bytes) },
    requesterIdentifiers: ['shop'],
    createdAt: 1,
  });
  await store.close();
}

/** What a node does in a day: its operators and programs order, its phones download, and others are informed. */
async function useNode(node: ServerProcess, type: string): Promise<readonly ProfileEvent[]> {
  const { api } = node;
  const rows = Array.from({ length: 40 }, () =>
    JSON.stringify({ parameters: subscription(), profile_type: type }),
  );
  for await (const report of api.importEUICCProfiles(rows.join('\n'), { format: 'ndjson' }))
    if (report.type === 'summary') assert.deepEqual([report.created, report.failed], [40, 0]);
  const { data: page } = await api.listEUICCProfiles({ profile_type: type, count: 40 });
  assert.equal(page.euicc_profiles.length, 40);
  const ordered = await callEs2(node, shop, 'downloadOrder', { profileType: type });
  assert.ok(typeof ordered === 'object', String(ordered));
  const { iccid } = ordered as { iccid: string };
  const confirmed = await callEs2(node, shop, 'confirmOrder', { iccid, releaseFlag: true });
  assert.ok(typeof confirmed === 'object', String(confirmed));
  const { data: profile } = await api.getEUICCProfile(iccid);
  await using phone = await newPhone(node);
  await downloadBy(phone, profile.activation_code);
  assert.deepEqual((await sendNotifications(phone.env)).waiting, []);
  assert.equal((await api.getEUICCProfile(iccid)).data.state, 'INSTALLED');
  const { data: reused } = await api.orderEUICCProfileOfType({ profile_type: type, reusable: true });
  await using other = await newPhone(node);
  await downloadBy(other, reused.activation_code);
  await sendNotifications(other.env);
  await api.cancelEUICCProfile(reused.iccid, {});
  await api.deleteEUICCProfile(reused.iccid, {});
  await readLogs(node);
  return (await api.getEUICCProfileHistory(iccid)).data.events;
}

async function readLogs({ api }: ServerProcess): Promise<void> {
  assert.ok((await api.listEvents({ count: 50 })).data.events.length > 0);
  assert.ok((await api.listAudit({ count: 50 })).data.entries.length > 0);
  assert.ok((await api.listDownloadAttempts({ count: 50 })).data.attempts.length > 0);
  assert.ok((await api.listApiKeys()).data.api_keys.length > 0);
  const [webhook = assert.fail()] = (await api.listWebhooks()).data.webhooks;
  assert.ok((await api.listWebhookDeliveries(webhook.id)).data.deliveries.length > 0);
}

async function readiness({ restUrl }: ServerProcess): Promise<string> {
  const answer = await fetch(`${restUrl}/readyz`);
  return `${answer.status} ${await answer.text()}`;
}

/** Every event of a profile comes to the webhook. */
async function delivered({ received }: Receiver, events: readonly ProfileEvent[]): Promise<void> {
  const idsOf = () => received.map(({ body }) => JSON.parse(body).data.id);
  await until(() => events.every(({ id }) => idsOf().includes(id)));
}

test('nodes serve and start on tables that the next release has expanded, and on those of a later one they are not ready', {
  skip: installation === undefined ? NO_POSTGRES : false,
}, async () => {
  await using closing = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'esim-next-release-'));
  closing.defer(() => rmSync(folder, { recursive: true, force: true }));
  const database = closing.use(await startPostgres(installation ?? assert.fail()));
  const url = await database.createDatabase();
  const settings = (name: string) => ({
    ESIM_DATABASE_URL: url,
    ESIM_DATA_DIR: join(folder, name),
    ESIM_PKI_DIR: join(folder, 'pki'),
    ESIM_WEBHOOK_ALLOW_PRIVATE: '1',
    ESIM_MASTER_KEY: TEST_KEY,
  });
  const one = closing.use(await startServer(settings('one')));
  const two = closing.use(await startServer(settings('two')));
  await admitShop(url);
  const receiver = closing.use(await startReceiver());
  await one.api.createWebhook({ url: receiver.url, events: ['*'] });

  // Their connections have prepared the statements of this release.
  const before = [...(await useNode(one, 'before-1')), ...(await useNode(two, 'before-2'))];
  await delivered(receiver, before);
  assert.match(await readiness(one), /^200 /);

  await expand(url);
  const after = [...(await useNode(one, 'after-1')), ...(await useNode(two, 'after-2'))];
  await delivered(receiver, after);
  for (const node of [one, two])
    assert.deepEqual((await useNode(node, `again-${node.pid}`)).at(-1)?.type, 'profile.installed');

  await sleep(1100); // an answer about readiness is used for a second
  for (const node of [one, two]) assert.match(await readiness(node), /^200 /);
  const three = closing.use(await startServer(settings('three')));
  assert.match(await readiness(three), /^200 /);

  await contract(url);
  await sleep(1100);
  for (const node of [one, two])
    assert.match(
      await readiness(node),
      new RegExp(
        `^503 .*the database has schema ${newestSchema + 2}, and this program needs ${newestSchema}`,
      ),
    );
  await assert.rejects(startServer(settings('four')), /it was written by a newer version of this program/);
});
