import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fromHex } from '@esim-rsp/codec';
import { readPkiDirectory } from '@esim-rsp/server/keys/pki-directory';
import { openKeysIn } from '@esim-rsp/server/keys/sealed-keys';
import { openStore } from '@esim-rsp/server/process/data';
import { makeClientIdentity } from '@esim-rsp/server/store/ports/operators';
import type { FileSealing } from '@esim-rsp/server/store/ports/secrets/secret-store';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { certificatePem } from '@esim-rsp/sgp22/pki/certificate';
import { plainKeysIn } from '@esim-rsp/sgp22/pki/sealed-key';
import { makeClient } from '@esim-rsp/sgp22/pki/test-pki';
import { buildProfilePackage, completeParameters } from '@esim-rsp/sgp22/profile/build';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { parseMatchingId } from '@esim-rsp/sgp22/value/matching-id';
import type { Operation, OperationId } from '@esim-rsp/smdp/state/gateway/operation';
import { orderOf } from '@esim-rsp/smdp/state/profile';
import { optionsFor } from '#server/store/postgres/testing/server.harness';
import { type SecretTable, secretColumnsOf, secretTables } from '#server/store/rows/secrets/secret-columns';
import { downloadBy, newPhone } from '../../harness/phone.ts';
import { nextIccid, released, subscription } from '../../harness/profiles.ts';
import { until } from '../../harness/receiver.ts';
import { account, type ServerProcess, type Settings } from '../../harness/server.ts';

/** Generated for each run: no file has them by accident. */
const hex = (octets: number) => Buffer.from(systemRandom(octets)).toString('hex');
const digits = (count: number) => [...systemRandom(count)].map((octet) => octet % 10).join('');

/** Secrets as octets, by what they are. */
export type Secrets = ReadonlyMap<string, Uint8Array>;

/**
 * A day of activity: profiles come, are ordered, downloaded and refused, over each interface, and everything that is secret is stored. Resolves to
 * what it knows. `known`: gets that at once.
 */
export async function playDay(
  server: ServerProcess,
  webhookUrl: string,
  settings: Settings,
  known: Map<string, Uint8Array> = new Map(),
): Promise<Secrets> {
  const { api } = server;
  const remember = (name: string, octets: Uint8Array) => void known.set(name, octets);
  const newKeys = (what: string) => {
    const keys = { ki: hex(16), opc: hex(16), adm1: hex(8) };
    for (const [name, value] of Object.entries(keys)) remember(`${what} ${name}`, fromHex(value));
    const codes = { pin1: digits(8), pin2: digits(8), puk1: digits(8), puk2: digits(8) };
    for (const [name, value] of Object.entries(codes)) remember(`${what} ${name}`, Buffer.from(value));
    return { ...keys, ...codes };
  };

  // import, create from parameters, from packages with and without PPK
  const rows = ['a', 'b', 'c'].map((row) =>
    JSON.stringify({ parameters: { ...subscription(), ...newKeys(`import ${row}`) } }),
  );
  for await (const report of api.importEUICCProfiles(rows.join('\n'), { format: 'ndjson' }))
    if (report.type === 'summary') assert.deepEqual([report.created, report.failed], [3, 0]);
  for (const protection of ['ppk', 'session_keys'] as const) {
    const keys = newKeys(`package ${protection}`);
    const parameters = completeParameters(
      {
        iccid: parseIccid(nextIccid()),
        imsi: '001010000000881',
        serviceProviderName: 'Example',
        ki: fromHex(keys.ki),
        opc: fromHex(keys.opc),
        adm1: fromHex(keys.adm1),
      },
      systemRandom,
    );
    const profile_package = Buffer.from(buildProfilePackage(parameters)).toString('base64');
    await api.createEUICCProfile({ profile_package, protection });
  }

  // webhooks; an operator with a key of its own; a person with a password
  const secret = systemRandom(24);
  remember('secret of a webhook', secret);
  const { data: webhook } = await api.createWebhook({
    url: webhookUrl,
    secret: `whsec_${Buffer.from(secret).toString('base64')}`,
    events: ['*'],
  });
  await api.rotateWebhookSecret(webhook.id);
  await using opened = await storeBeside(server, settings);
  const { store } = opened;
  const pem = generateSigningKey('P-256').exportPem();
  remember('client key of an operator', Buffer.from(pem));
  await store.addOperator({
    name: `shop-${hex(4)}`,
    account: account.ESIM_BOOTSTRAP_USER_ID,
    identity: { certificateSha256: systemRandom(32) },
    requesterIdentifiers: ['shop'],
    createdAt: 1,
    progress: {
      url: 'https://127.0.0.1:1/',
      style: 'standard',
      client: makeClientIdentity('certificate', pem),
      from: 1,
    },
  });
  await signIn(server, remember);
  if (settings.ESIM_SMTP_URL !== undefined) await api.sendTestMail({ to: 'ada@example.com' });

  // an upstream, and the test of its connection
  const identity = makeClient(
    { random: systemRandom, now: Date.now(), generateKey: generateSigningKey },
    'us',
  );
  const clientKey = identity.key.exportPem();
  remember('client key for an upstream', Buffer.from(clientKey));
  await api.createUpstream({
    name: 'vendor',
    url: 'https://es2plus.vendor.invalid:8444',
    client_certificate: certificatePem(identity.certificate),
    client_key: clientKey,
    requester_identifier: '1.2.3',
    smdp_address: 'rsp.vendor.invalid',
  });
  assert.equal((await api.testUpstream('vendor')).data.ok, false);
  const confirmationCode = `code-${hex(8)}`;
  remember('confirmation code of an order at an upstream', Buffer.from(confirmationCode));
  const operation: Operation = {
    id: `op_${hex(12)}` as OperationId,
    account: account.ESIM_BOOTSTRAP_USER_ID,
    upstream: 'vendor',
    kind: 'order',
    calls: ['downloadOrder', 'confirmOrder'],
    step: 0,
    terms: { confirmationCode, release: true },
    state: 'waiting',
    attempts: 0,
    requestedAt: 1,
    nextAttemptAt: Number.MAX_SAFE_INTEGER,
    version: 0,
  };
  assert.equal(await store.save([{ operation }]), 'saved');

  // core networks with credentials
  const password = `password-${hex(16)}`;
  remember('password of a core network', Buffer.from(password));
  const core = { url: 'https://core.example.invalid', user: 'admin', password } as const;
  await api.createCoreNetwork({ name: 'webconsole', kind: 'free5gc', ...core });
  const signing = systemRandom(24);
  remember('secret of a core network', signing);
  await api.createCoreNetwork({
    name: 'receiver',
    kind: 'push',
    url: 'https://core.example.invalid',
    secret: `whsec_${Buffer.from(signing).toString('base64')}`,
  });

  // a template with a master key, whose orders create profiles
  const masterKey = hex(16);
  remember('master key of a template', fromHex(masterKey));
  await api.createProfileTemplate({
    profile_type: 'travel',
    iccid_start: '898820177000000000',
    imsi_start: '001017700000000',
    size: 10,
    master_key: masterKey,
    service_provider_name: 'Example',
  });
  await api.orderEUICCProfileOfType({ profile_type: 'travel' });

  // a download, one with a confirmation code, and one that ends before its installation
  const plain = await released(server, { parameters: { ...subscription(), ...newKeys('downloaded') } });
  const { data: link } = await api.createInstallLink(plain.iccid, { send_to: 'anna@example.com' });
  remember('token of a link that is sent', Buffer.from(link.url.slice(link.url.lastIndexOf('/') + 1)));
  await orderInEveryWay(server, remember, plain);
  await openInstallPage(server, remember, { ...plain, sendsMail: settings.ESIM_SMTP_URL !== undefined });
  await using phone = await newPhone(server);
  await downloadBy(phone, plain.activationCode);
  const coded = await released(
    server,
    { parameters: { ...subscription(), ...newKeys('coded') } },
    { confirmation_code: `code-${hex(8)}` },
  );
  await using wrong = await newPhone(server);
  await assert.rejects(downloadBy(wrong, coded.activationCode, 'wrong'));
  const bound = await released(server, { parameters: { ...subscription(), ...newKeys('bound') } });
  await using lost = await newPhone(server);
  await downloadBy(lost, bound.activationCode); // its notification stays on the phone
  const reusable = await api.orderEUICCProfileOfType({ profile_type: 'travel', reusable: true } as never);
  await using user = await newPhone(server);
  await downloadBy(user, reusable.data.activation_code);
  for (const [name, { activationCode }] of Object.entries({ plain, coded, bound }))
    remember(`MatchingID of the order '${name}'`, matchingIdIn(activationCode));
  remember('MatchingID of a reusable order', matchingIdIn(reusable.data.activation_code));

  // an order at an upstream
  const there = await released(server);
  const profile = await store.profile(parseIccid(there.iccid));
  const order = profile && orderOf(profile);
  if (profile?.state !== 'RELEASED' || order === undefined) assert.fail();
  const matchingId = parseMatchingId(`UPSTREAM-${hex(8).toUpperCase()}`);
  remember('MatchingID of an order at an upstream', Buffer.from(matchingId));
  const atUpstream = { ...order, matchingId, smdpAddress: 'rsp.vendor.invalid' };
  assert.equal(
    await store.save([{ profile: { ...profile, upstream: 'vendor', order: atUpstream } }]),
    'saved',
  );
  await until(async () => (await api.listWebhookDeliveries(webhook.id)).data.deliveries.length > 0);
  return known;
}

function matchingIdIn(activationCode: string): Buffer {
  return Buffer.from(activationCode.split('$')[2] ?? assert.fail());
}

type Remember = (name: string, octets: Uint8Array) => void;

/** The store of a server, which this process opens too. */
export async function storeBeside({ dataDir }: ServerProcess, settings: Settings) {
  const { ESIM_MASTER_KEY_FILE: file = '', ESIM_DATABASE_URL: url } = settings;
  const database = url === undefined ? {} : { database: optionsFor(url) };
  const store = await openStore({ dataDir, masterKey: { file }, ...database });
  return { store, [Symbol.asyncDispose]: () => store.close() };
}

/** A person accepts an invitation, signs in, fails to, and has an invitation that waits. */
async function signIn({ api, restUrl }: ServerProcess, remember: Remember): Promise<void> {
  const [email, password] = [`ada-${hex(4)}@example.com`, `${hex(12)} sentence`];
  remember('password of a person', Buffer.from(password));
  const { data: person } = await api.createPerson({ name: 'Ada', email, role: 'admin' });
  const begin = async (body: object) =>
    fetch(`${restUrl}/api/v1/esim/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  for (const [name, body] of Object.entries({
    'of an invitation': { ticket: person.invitation.ticket, password },
    'of a password': { email, password },
  })) {
    const answer = await begin(body);
    assert.equal(answer.status, 201, await answer.text());
    const [, cookie = ''] = /=([^;]+)/.exec(String(answer.headers.get('set-cookie'))) ?? [];
    assert.ok(cookie.length > 20);
    remember(`cookie of the session ${name}`, Buffer.from(cookie));
    const headers = { cookie: String(answer.headers.get('set-cookie')).split(';')[0] ?? '' };
    assert.equal((await fetch(`${restUrl}/api/v1/esim/session`, { headers })).status, 200);
  }
  const wrong = `${hex(12)} wrong`;
  remember('wrong password', Buffer.from(wrong));
  assert.equal((await begin({ email, password: wrong })).status, 401);
  remember('ticket that was used', Buffer.from(person.invitation.ticket));
  const { data: invited } = await api.invitePerson(person.id);
  remember('ticket of an invitation', Buffer.from(invited.invitation.ticket));
  const { data: key } = await api.createApiKey({ scope: 'read' });
  remember('API key', Buffer.from(key.api_key));
}

/** A customer opens the page of a link and asks for help; another link is replaced. */
async function openInstallPage(
  { api }: ServerProcess,
  remember: Remember,
  { iccid, sendsMail }: { readonly iccid: string; readonly sendsMail: boolean },
): Promise<void> {
  for (const what of ['a link that was replaced', 'a link']) {
    const { data } = await api.createInstallLink(iccid, sendsMail ? { send_to: 'ada@example.com' } : {});
    remember(`token of ${what}`, Buffer.from(new URL(data.url).pathname.split('/').at(-1) ?? assert.fail()));
    assert.equal((await fetch(data.url)).status, 200);
    const asked = await fetch(`${data.url}/help`, {
      method: 'POST',
      body: new URLSearchParams({ message: 'where is it?' }),
    });
    assert.equal(asked.status, 200);
  }
}

/** Orders with MatchingIDs of their own and generated ones, which are replaced, cancelled, deleted and refused. */
async function orderInEveryWay(
  { api }: ServerProcess,
  remember: Remember,
  { iccid: isOrdered }: { readonly iccid: string },
): Promise<void> {
  const own = (what: string) => {
    const matchingId = `${what}-${hex(8).toUpperCase()}`;
    remember(`MatchingID of an order that was ${what}`, Buffer.from(matchingId));
    return matchingId;
  };
  const order = async (what: string) => {
    const { data } = await api.createEUICCProfile({ parameters: subscription() });
    const { data: ordered } = await api.orderEUICCProfile(data.iccid, { matching_id: own(what) });
    return { iccid: data.iccid, matching_id: ordered.matching_id ?? assert.fail() };
  };
  const replaced = await order('REPLACED');
  const { data: replacement } = await api.replaceEUICCProfile(replaced.iccid, {});
  remember('MatchingID of a replacement', matchingIdIn(replacement.activation_code));
  await api.cancelEUICCProfile((await order('CANCELLED')).iccid, {});
  const deleted = await order('DELETED');
  await api.cancelEUICCProfile(deleted.iccid, {});
  await api.deleteEUICCProfile(deleted.iccid, {});
  const { matching_id } = await order('TAKEN');
  const { data: late } = await api.createEUICCProfile({ parameters: subscription() });
  await assert.rejects(api.orderEUICCProfile(late.iccid, { matching_id }));
  await assert.rejects(api.orderEUICCProfile(isOrdered, { matching_id: own('REFUSED') }));
}

type Row = Readonly<Record<string, unknown>>;

/** Every secret that the database has, in the clear: what the store opens. `read`: runs a statement on the database. */
export async function storedSecrets(
  read: (text: string) => Promise<readonly Row[]>,
  open: (place: string, value: string | Uint8Array) => string | Uint8Array,
): Promise<Secrets> {
  const found = new Map<string, Uint8Array>();
  for (const table of Object.keys(secretTables) as SecretTable[])
    for (const [i, row] of (await read(`select * from ${table}`)).entries())
      for (const column of secretColumnsOf(table)) {
        const value = row[column];
        if (!(typeof value === 'string' || value instanceof Uint8Array)) continue;
        const key = secretTables[table].map((name) => row[name]);
        const opened = open(JSON.stringify([table, column, ...key]), value);
        // an empty JSON is no secret, and in any file
        if (opened.length > 4) found.set(`${table}.${column} of row ${i}`, Buffer.from(opened as string));
      }
  return found;
}

/** The private keys of a data folder, which are sealed in their files: those of its PKI, and the one that signs anchors. */
export async function sealedKeys(dataDir: string, sealing: FileSealing): Promise<Secrets> {
  const pki = (await readPkiDirectory(join(dataDir, 'pki'))) ?? assert.fail();
  const files = [...pki, ['audit-key.pem', readFileSync(join(dataDir, 'audit-key.pem'))] as const];
  const found = new Map<string, Uint8Array>();
  for (const [path, content] of files)
    for (const pem of plainKeysIn(await openKeysIn(path, content, sealing)))
      found.set(`private key of ${path}`, Buffer.from(scalarOf(pem), 'base64url'));
  return found;
}

function scalarOf(pem: string): string {
  return createPrivateKey(pem).export({ format: 'jwk' }).d ?? assert.fail();
}

/** Octets that an eye or a program could find: of long values only some parts, because a database cuts them into pages, and every key in PEM begins alike. */
function partsOf(secret: Uint8Array): readonly Buffer[] {
  const bytes = Buffer.from(secret);
  if (bytes.length <= 40) return [bytes];
  const places = bytes.includes('PRIVATE KEY') ? [0.4] : [0.4, 0.6, 0.8]; // behind its middle, a key in PEM has the public key, which certificates have too
  return places.map((at) => bytes.subarray(at * (bytes.length - 24), at * (bytes.length - 24) + 24));
}

function swapNibbles(bytes: Buffer): Buffer {
  return Buffer.from(bytes.map((octet) => ((octet & 0x0f) << 4) | (octet >> 4)));
}

/** Every form in which a secret could be stored: raw, in hexadecimal digits of both cases, in base64 wherever it begins in a text, and the same with swapped digits. */
export function formsOf(secret: Uint8Array): readonly Buffer[] {
  const isDigits = /^\d+$/.test(Buffer.from(secret).toString('latin1'));
  const octets = isDigits
    ? [Buffer.from(secret), Buffer.from(Buffer.from(secret).toString(), 'hex')]
    : [Buffer.from(secret)];
  return octets.flatMap((one) =>
    [one, swapNibbles(one)].flatMap((bytes) => [
      ...(bytes.length < 6 ? [] : [bytes]), // four octets are in any large file
      Buffer.from(bytes.toString('hex')),
      Buffer.from(bytes.toString('hex').toUpperCase()),
      ...[0, 1, 2].flatMap((shift) => {
        const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
        const inner = text.slice(shift === 0 ? 0 : 4, text.length - (text.length % 4 === 0 ? 4 : 0));
        return inner.length < 8 ? [] : [Buffer.from(inner)];
      }),
    ]),
  );
}

type Form = { readonly name: string; readonly form: Buffer };

/** All forms of all secrets, by their first four octets: one pass over a file looks for all of them. */
function formsByHead(secrets: Secrets): ReadonlyMap<number, readonly Form[]> {
  const forms = [...secrets].flatMap(([name, secret]) =>
    partsOf(secret)
      .flatMap(formsOf)
      .map((form): Form => ({ name, form })),
  );
  return Map.groupBy(forms, ({ form }) => form.readUInt32LE());
}

/** The secrets that a file has, by name. */
export function secretsIn(content: Buffer, secrets: Secrets): readonly string[] {
  const byHead = formsByHead(secrets);
  const begins = new Uint8Array(65_536);
  for (const head of byHead.keys()) begins[head & 0xffff] = 1;
  const found = new Set<string>();
  for (let at = 0; at + 4 <= content.length; at++) {
    if (begins[(content[at] ?? 0) | ((content[at + 1] ?? 0) << 8)] === 0) continue;
    for (const { name, form } of byHead.get(content.readUInt32LE(at)) ?? [])
      if (content.compare(form, 0, form.length, at, Math.min(at + form.length, content.length)) === 0)
        found.add(name);
  }
  return [...secrets.keys()].filter((name) => found.has(name));
}

/** Files that have keys on purpose: the master key, the credentials of the command line, and the cards of virtual phones. */
const EXCEPT = /^(?:master\.key|credentials\.json|phones\/.*)$/;

/** Each finding in the files of a folder: `esim.db: import a ki`. */
export function findingsIn(
  folder: string,
  secrets: Secrets,
): { files: readonly string[]; found: readonly string[] } {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((file) => !EXCEPT.test(file) && statSync(join(folder, file)).isFile());
  const found = files.flatMap((file) =>
    secretsIn(readFileSync(join(folder, file)), secrets).map((name) => `${file}: ${name}`),
  );
  return { files, found };
}
