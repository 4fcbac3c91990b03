import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fromHex } from '@esim-rsp/codec';
import { openStore } from '@esim-rsp/server/process/data';
import { makeClientIdentity } from '@esim-rsp/server/store/ports/operators';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { buildProfilePackage, completeParameters } from '@esim-rsp/sgp22/profile/build';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
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

/** A day of activity: profiles come, are ordered, downloaded and refused, over each interface, and everything that is secret is stored. Resolves to what it knows. */
export async function playDay(
  server: ServerProcess,
  webhookUrl: string,
  { ESIM_MASTER_KEY_FILE: file = '' }: Settings,
): Promise<Secrets> {
  const { api } = server;
  const known = new Map<string, Uint8Array>();
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

  // webhooks; an operator with a key of its own
  const secret = systemRandom(24);
  remember('secret of a webhook', secret);
  const { data: webhook } = await api.createWebhook({
    url: webhookUrl,
    secret: `whsec_${Buffer.from(secret).toString('base64')}`,
    events: ['*'],
  });
  await api.rotateWebhookSecret(webhook.id);
  const store = await openStore({ dataDir: server.dataDir, masterKey: { file } });
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
  await store.close();

  // a download, one with a confirmation code, and one that ends before its installation
  const plain = await released(server, { parameters: { ...subscription(), ...newKeys('downloaded') } });
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
  await until(async () => (await api.listWebhookDeliveries(webhook.id)).data.deliveries.length > 0);
  return known;
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
        found.set(`${table}.${column} of row ${i}`, Buffer.from(opened as string));
      }
  return found;
}

/** Octets that an eye or a program could find: of long values only some parts, because a database cuts them into pages, and every key in PEM begins alike. */
function partsOf(secret: Uint8Array): readonly Buffer[] {
  const bytes = Buffer.from(secret);
  if (bytes.length <= 40) return [bytes];
  return [0.4, 0.6, 0.8].map((at) => bytes.subarray(at * (bytes.length - 24), at * (bytes.length - 24) + 24));
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

/** The secrets that a file has, by name. */
export function secretsIn(content: Buffer, secrets: Secrets): readonly string[] {
  return [...secrets].flatMap(([name, secret]) =>
    partsOf(secret).some((part) => formsOf(part).some((form) => content.includes(form))) ? [name] : [],
  );
}

/** Files that have keys on purpose: the master key, the PKI, and the credentials of the command line. */
const EXCEPT = /^(?:master\.key|pki\/.*|credentials\.json|phones\/.*)$/;

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
