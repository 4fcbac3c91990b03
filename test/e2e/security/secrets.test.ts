import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { inspect } from 'node:util';
import { fromHex } from '@esim-rsp/codec';
import { LpaFailure, sendNotifications } from '@esim-rsp/euicc';
import { unprotectWithPpk } from '@esim-rsp/sgp22/bpp/open';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { buildProfilePackage, completeParameters } from '@esim-rsp/sgp22/profile/build';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import type { ProfileContent } from '@esim-rsp/smdp/state/content';
import { openSqliteStore } from '#server/store/sqlite/store';
import { downloadBy, newPhone } from '../../harness/phone.ts';
import { nextIccid } from '../../harness/profiles.ts';
import { nameAt, rawEs9, verdict } from '../../harness/raw-es9.ts';
import { until } from '../../harness/receiver.ts';
import { type ServerProcess, startServer } from '../../harness/server.ts';

/** Drawn for these tests: no other text has them by accident. */
const secrets = {
  ki: '5a0f9c1be7d24386a1f0c3b59d7e2864',
  opc: 'c7e1830d5b924fa6b8d2e0719f4a3c65',
  pin1: '73019264',
  pin2: '58203917',
  puk1: '90417263',
  puk2: '61728394',
  adm1: '4f7b2a9180c6d3e5',
  confirmationCode: 'Zebra-4471-Quartz',
  apiKey: 'esk_hX7pLq2VtR9sWk3YbN8mDf5G',
  matchingId: 'Q7K2M-9XW4T-R3V8P-H6N5J',
  webhookSecret: 'whsec_Zk8vQ2pXr7LmT4wYc9HsJ6dNbE3uGa1o',
  webhookToken: 'xoxb-7731-4Gm2Qw9Z',
};
const eidOnly = 'W8T3Z-5YQ1K-N7M4B-C2V9X';
/** Octets, not text: what a log would show as a list, in hex or in base64. */
const binary = ['ki', 'opc', 'adm1'] as const;

/** Every form that one of the secrets could be shown in. */
function formsOf(name: string, secret: string): string[] {
  const octets = [Buffer.from(secret, 'utf8')];
  if (binary.some((one) => one === name)) octets.push(Buffer.from(secret, 'hex'));
  return octets.flatMap((bytes) => [
    secret,
    bytes.toString('hex'),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url').replace(/=+$/, ''),
    bytes.join(','),
    bytes.toString('hex').replace(/(..)(?=.)/g, '$1 '),
    JSON.stringify({ ...bytes }).slice(1, -1),
  ]);
}

function mustNotTell(what: string, text: string, except: readonly string[] = []): void {
  const all = { ...secrets, eidOnly };
  const lower = text.replace(/,\s+/g, ',').toLowerCase(); // lists of octets may be broken into lines
  for (const [name, secret] of Object.entries(all)) {
    if (except.includes(name)) continue;
    for (const form of formsOf(name, secret))
      assert.ok(
        !lower.includes(form.toLowerCase()),
        `${what} says ${name} as ${form}: ${text.slice(0, 2000)}`,
      );
  }
}

let server: ServerProcess;
/** Bodies of all refusals, of both interfaces. */
const refusals: string[] = [];

const dataDir = mkdtempSync(join(tmpdir(), 'esim-secrets-'));
before(async () => {
  server = await startServer({
    ESIM_DATA_DIR: dataDir,
    ESIM_LOG_LEVEL: 'trace',
    ESIM_BOOTSTRAP_API_KEY: secrets.apiKey,
    ESIM_CONFIRMATION_CODE_ATTEMPTS: '3',
    ESIM_WEBHOOK_ALLOW_PRIVATE: '1',
  });
});
after(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(dataDir, { recursive: true, force: true });
});

async function rest(path: string, body?: unknown, headers: Record<string, string> = {}) {
  const answer = await fetch(`${server.restUrl}/api/v1/esim${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      'x-user-id': 'operator',
      'x-api-key': secrets.apiKey,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) refusals.push(text);
  return { status: answer.status, text };
}

const { ki, opc, pin1, pin2, puk1, puk2, adm1, confirmationCode: confirmation_code, matchingId } = secrets;
const keys = { ki, opc, pin1, pin2, puk1, puk2, adm1 };
const first = { iccid: nextIccid(), imsi: '001010000000771', ...keys };
const imported = { iccid: nextIccid(), imsi: '001010000000773', ...keys };
const second = { iccid: nextIccid(), imsi: '001010000000772', ...keys };

test('a profile with known secrets is stocked, refused, ordered, downloaded and refused again', async () => {
  const stocked = await rest('/euicc-profiles', { parameters: first });
  assert.equal(stocked.status, 201, stocked.text);
  mustNotTell('the profile in stock', stocked.text);

  // Everything that an operator can do wrong with the secrets in hand.
  for (const name of Object.keys(keys) as (keyof typeof keys)[])
    for (const wrong of [`${keys[name]}x`, `${keys[name]}00`, [keys[name]], { [keys[name]]: keys[name] }])
      await rest('/euicc-profiles', { parameters: { ...second, [name]: wrong } });
  await rest('/euicc-profiles', { parameters: { ...second, algorithm: 'tuak' } });
  await rest('/euicc-profiles', { parameters: first });
  await rest('/euicc-profiles', JSON.stringify({ parameters: second }).slice(0, -2));
  await rest('/euicc-profiles', { profile_package: Buffer.from(JSON.stringify(keys)).toString('base64') });
  await rest('/euicc-profiles', { parameters: second }, { 'content-type': 'text/plain' });
  await rest('/euicc-profiles', undefined, { 'x-user-id': secrets.apiKey });
  await rest('/euicc-profiles', undefined, { 'x-api-key': `${secrets.apiKey}x` });

  const order = { confirmation_code, matching_id: matchingId };
  for (const worse of [
    { eid: confirmation_code },
    { release: matchingId },
    { confirmation_code: [confirmation_code] },
  ])
    await rest(`/euicc-profiles/${first.iccid}/order`, { ...order, ...worse });
  await rest(`/euicc-profiles/${first.iccid}/order`, { ...order, matching_id: `${matchingId}$` });
  const { status, text } = await rest(`/euicc-profiles/${first.iccid}/order`, order);
  assert.equal(status, 200, text);
  mustNotTell('the order', text, ['matchingId']);
  await rest(`/euicc-profiles/${first.iccid}/order`, order);
  assert.equal((await rest('/euicc-profiles', { parameters: second })).status, 201);
  await rest(`/euicc-profiles/${second.iccid}/order`, order); // the MatchingID is taken

  const activationCode: string = JSON.parse(text).activation_code;
  await using phone = await newPhone(server, {
    through: (es9) => ({
      post: async (address, path, body) => {
        const answer = await es9.post(address, path, body);
        const answered = JSON.stringify(answer.body ?? {});
        if (answered.includes('"Failed"')) refusals.push(answered);
        using raw = rawEs9(server);
        const broken = JSON.stringify({ ...body, [Object.keys(body).at(-1) ?? '']: activationCode });
        const refused = await raw.call(path, broken);
        assert.match(verdict(nameAt(path), refused), /^1\.6\/|^8\.|^ok$/);
        refusals.push(refused.text);
        return answer;
      },
    }),
  });
  await downloadBy(phone, activationCode, 'wrong', confirmation_code);
  await sendNotifications(phone.env);
  await using other = await newPhone(server);
  const failure = await downloadBy(other, activationCode, confirmation_code).catch((error: unknown) => error);
  assert.ok(failure instanceof LpaFailure);
  mustNotTell('what the LPA reports', inspect(failure, { depth: 9 }));
  await rest(`/euicc-profiles/${first.iccid}/qrcode`);
  const { text: shown } = await rest(`/euicc-profiles/${first.iccid}`);
  assert.equal(JSON.parse(shown).state, 'INSTALLED');

  const done = { confirmation_code, matching_id: eidOnly };
  const again = await rest(`/euicc-profiles/${second.iccid}/order`, done);
  const code: string = JSON.parse(again.text).activation_code;
  await using third = await newPhone(server);
  await assert.rejects(downloadBy(third, code, 'wrong-1', 'wrong-2', 'wrong-3'));
  assert.equal(JSON.parse((await rest(`/euicc-profiles/${second.iccid}`)).text).state, 'ERROR');
});

test('a finished package with known secrets is stocked', async () => {
  const given = {
    ...imported,
    iccid: parseIccid(imported.iccid),
    ki: fromHex(ki),
    opc: fromHex(opc),
    adm1: fromHex(adm1),
  };
  const parameters = completeParameters(given, systemRandom);
  for (const text of [inspect(parameters), JSON.stringify({ parameters })]) mustNotTell('parameters', text);
  const profile_package = Buffer.from(buildProfilePackage(parameters)).toString('base64');
  const { status, text } = await rest('/euicc-profiles', { profile_package });
  assert.equal(status, 201, text);
  mustNotTell('the imported profile', text);
  await rest('/euicc-profiles', { profile_package });
  await rest('/euicc-profiles', { profile_package: profile_package.slice(0, -8) });
});

test('a webhook with a known secret fails, is given a bad one, and is shown', async () => {
  const url = `http://127.0.0.1:1/${secrets.webhookToken}`;
  const made = await rest('/webhooks', { url, secret: secrets.webhookSecret });
  assert.equal(made.status, 201, made.text);
  const { id } = JSON.parse(made.text);
  for (const wrong of [
    `${secrets.webhookSecret}x`,
    secrets.webhookSecret.slice(6),
    [secrets.webhookSecret],
  ]) {
    assert.equal((await rest(`/webhooks/${id}/rotate-secret`, { secret: wrong })).status, 400);
    assert.equal((await rest('/webhooks', { url: `ftp${url}`, secret: wrong })).status, 400);
  }
  await rest(`/webhooks/${id}/test`, {});
  await until(async () => (await rest(`/webhooks/${id}/deliveries`)).text.includes('refused'));
  for (const path of [`/webhooks/${id}/deliveries`, `/webhooks/${id}`, '/webhooks'])
    mustNotTell(path, (await rest(path)).text, ['webhookToken']);
});

test('no refusal of either interface has a secret in it', () => {
  assert.ok(refusals.length > 40);
  for (const refusal of refusals) mustNotTell('a refusal', refusal);
});

test('the search finds a secret in each form that a log could show it in', () => {
  const octets = Buffer.from(ki, 'hex');
  for (const shown of [
    ki,
    inspect([...octets]),
    JSON.stringify(octets),
    inspect(octets),
    octets.toString('base64'),
  ])
    assert.throws(() => mustNotTell('this', `before ${shown} after`), /says ki/);
  assert.throws(
    () => mustNotTell('this', inspect(new Uint8Array(octets), { breakLength: 1 / 0 })),
    /says ki/,
  );
});

function packageIn(content: Exclude<ProfileContent, { readonly parameters: unknown }>): Uint8Array {
  return 'package' in content ? content.package : unprotectWithPpk(content.sequenceOf86, content.ppk);
}

test('records that hold secrets have no printable form', async () => {
  await server.close();
  const store = await openSqliteStore(join(dataDir, 'esim.db'));
  try {
    for (const { iccid } of [first, second, imported]) {
      const content = await store.content(parseIccid(iccid));
      assert.ok(content);
      const within = 'parameters' in content ? content.parameters.ki : packageIn(content);
      assert.ok(Buffer.from(within).toString('hex').includes(ki), 'the secret itself is there');
      const profile = await store.profile(parseIccid(iccid));
      // The MatchingID is the order's name, and in the profile for all who may see it.
      for (const [what, record] of Object.entries({
        content,
        profile,
        keys: await store.apiKeys('operator'),
      })) {
        const except = what === 'profile' ? ['matchingId', 'eidOnly'] : [];
        for (const text of [
          inspect(record, { depth: 9, maxArrayLength: null, breakLength: 1 / 0 }),
          JSON.stringify(record),
          String(record),
        ])
          mustNotTell(`the ${what} record`, text, except);
      }
    }
    const [webhook] = await store.webhooks();
    for (const text of [inspect(webhook, { depth: 9 }), JSON.stringify(webhook)])
      mustNotTell('the webhook', text, ['webhookToken']);
  } finally {
    await store.close();
  }
});

test('the log, at its most talkative, has none of them either', () => {
  const log = server.log();
  assert.match(log, /8\.2\.7|confirmation code/, 'the log did tell of the refused download');
  assert.match(log, /was not delivered: the connection was refused/);
  mustNotTell('the log', log);
});
