import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { completeEid } from '@esim-rsp/sgp22/value/eid';
import type { Profile, Released } from '@esim-rsp/smdp/state/profile';
import { fail, report } from '@esim-rsp/smdp/state/transitions';
import {
  changed,
  INSTALL_URL,
  LIST,
  ordered,
  problemIn,
  READ_KEY,
  type RestTest,
  restTest,
  START,
  stocked,
} from '../testing/rest.harness.ts';

let api: RestTest;
before(async () => {
  api = await restTest();
});
after(() => api[Symbol.asyncDispose]());

const DAY = 86_400;
const ANDROID =
  'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36';
const person = {
  'user-agent': ANDROID,
  accept: 'text/html',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
};

const linkUrl = (iccid: string) => `${LIST}/${iccid}/install-link`;

async function newLink(iccid: string, body: object = {}) {
  const answer = await api.post(linkUrl(iccid), body);
  assert.equal(answer.statusCode, 201, answer.body);
  const link = answer.json();
  return { ...link, path: String(link.url).slice(INSTALL_URL.length) };
}

const open = (path: string, headers: Record<string, string> = {}) => api.call(path, { by: null, headers });
const state = async (path: string) => (await open(`${path}/state`)).json().state;
const get = async (iccid: string) => (await api.call(linkUrl(iccid))).json();

test('a link is created with an unguessable URL, expires with the order or after 30 days, and shows its URL once', async () => {
  const { iccid } = await ordered(api);
  const link = await newLink(iccid);
  assert.match(link.url, /^https:\/\/esim\.example\.com\/i\/[\w-]{32}$/);
  assert.equal(link.views, 0);
  assert.equal(link.state, 'waiting');
  assert.equal(Math.floor(Date.parse(link.expires_at) / 1000), START + 30 * DAY);
  const { url: _, path: __, ...shown } = link;
  assert.deepEqual(await get(iccid), shown);

  const soon = new Date((START + DAY) * 1000).toISOString();
  const short = await ordered(api, { expires_at: soon });
  assert.equal(Date.parse((await newLink(short.iccid)).expires_at), Date.parse(soon));
  const own = new Date((START + 90 * DAY) * 1000).toISOString();
  assert.equal((await newLink(iccid, { expires_at: own })).expires_at, own);
  assert.equal((await open(link.path)).statusCode, 404, 'the link before is revoked');
});

test('the QR code of a link is that of its URL, as a picture for a mail', async () => {
  const { iccid } = await ordered(api);
  assert.match((await newLink(iccid, { qr_code: 'png' })).qr_code, /^data:image\/png;base64,iVBOR/);
  assert.match((await newLink(iccid, { qr_code: 'svg' })).qr_code, /^data:image\/svg\+xml;base64,/);
});

test('a link is sent by mail, says whether it has arrived, and names neither address nor token elsewhere', async () => {
  const { iccid } = await ordered(api);
  const link = await newLink(iccid, { send_to: 'Carla.Customer@Example.COM', language: 'fr' });
  assert.deepEqual([link.mail.to, link.mail.state], ['C…@example.com', 'pending']);
  const { deliveries } = (await api.call('/api/v1/esim/mail-deliveries?count=1')).json();
  const [{ id, ...mail }] = deliveries;
  const { type, to, language } = mail;
  assert.deepEqual(
    [type, mail.iccid, to, language],
    ['install_link', iccid, 'Carla.Customer@example.com', 'fr'],
  );
  const refused = { state: 'failed', nextAttemptAt: 0, lastError: `${to} is not known` } as const;
  await api.store.settleDelivery({ id, attempts: 0 }, refused);
  const { mail: shown } = await get(iccid);
  assert.deepEqual([shown.state, shown.last_error], ['failed', '… is not known']);
  const token = link.path.slice('/i/'.length);
  const stored = (await api.store.delivery(id)) ?? assert.fail();
  assert.equal(stored.facts?.brand, 'anna');
  const audit = await api.call(`/api/v1/esim/audit?target=${iccid}`);
  const shownOnce = JSON.stringify([stored.facts, deliveries, await get(iccid), audit.json()]);
  assert.ok(!shownOnce.includes(token));
  assert.ok(!(audit.body + JSON.stringify(await get(iccid))).includes('Customer'));
  const again = await api.post(`/api/v1/esim/mail-deliveries/${id}/replay`, {});
  assert.equal(again.statusCode, 202);
  assert.equal((await get(iccid)).mail.state, 'pending', 'the link shows its last mail');
  await api.store.settleDelivery(
    { id: again.json().id, attempts: 0 },
    { state: 'delivered', nextAttemptAt: 0 },
  );
  assert.deepEqual(
    [(await get(iccid)).mail.state, (await get(iccid)).mail.last_error],
    ['delivered', undefined],
  );
  await newLink(iccid);
  assert.equal((await get(iccid)).mail, undefined, 'the newer link was not sent');
});

test('what is no address, and a server without mail, create no link', async () => {
  const { iccid } = await ordered(api);
  for (const send_to of ['anna', 'a@b.example, c@d.example', 'a@b.example\r\nBcc: c@d.example'])
    problemIn(await api.post(linkUrl(iccid), { send_to }), 400, 'validation_failed');
  const far = new Date((START + 400 * DAY) * 1000).toISOString();
  problemIn(
    await api.post(linkUrl(iccid), { send_to: 'a@b.example', expires_at: far }),
    400,
    'invalid_value',
  );
  problemIn(await api.call(linkUrl(iccid)), 404, 'install_link_not_found');
  await using other = await restTest(undefined, { sendsMail: false });
  const { iccid: own } = await ordered(other);
  problemIn(await other.post(linkUrl(own), { send_to: 'a@b.example' }), 409, 'mail_not_configured');
  problemIn(await other.call(linkUrl(own)), 404, 'install_link_not_found');
});

test('a time in the past, one too far ahead, a profile without an order and that of another account are refused', async () => {
  const { iccid } = await ordered(api);
  for (const seconds of [START - 1, START + 400 * DAY])
    problemIn(
      await api.post(linkUrl(iccid), { expires_at: new Date(seconds * 1000).toISOString() }),
      400,
      'invalid_value',
    );
  problemIn(await api.post(linkUrl(await stocked(api)), {}), 409, 'not_ordered');
  problemIn(await api.call(linkUrl(iccid)), 404, 'install_link_not_found');
  problemIn(await api.call(linkUrl(iccid), { method: 'DELETE' }), 404, 'install_link_not_found');
  await newLink(iccid);
  for (const method of ['GET', 'DELETE'] as const)
    problemIn(await api.call(linkUrl(iccid), { method, by: 'bert' }), 404, 'profile_not_found');
  problemIn(await api.post(linkUrl(iccid), {}, { by: 'bert' }), 404, 'profile_not_found');
});

test('a key needs the permission to see codes', async () => {
  const { iccid } = await ordered(api);
  const headers = { 'x-api-key': READ_KEY };
  assert.equal((await api.post(linkUrl(iccid), {}, { headers })).statusCode, 201);
  const made = await api.post('/api/v1/esim/keys', { permissions: ['read'] });
  const blind = { 'x-api-key': made.json().api_key };
  problemIn(await api.post(linkUrl(iccid), {}, { headers: blind }), 403, 'forbidden');
  problemIn(await api.call(linkUrl(iccid), { method: 'DELETE', headers: blind }), 403, 'forbidden');
  assert.equal((await api.call(linkUrl(iccid), { headers: blind })).statusCode, 200);
});

test('the same request again gets the same link, and the audit log has no token', async () => {
  const { iccid } = await ordered(api);
  const headers = { 'idempotency-key': 'link-1' };
  const first = await api.post(linkUrl(iccid), {}, { headers });
  const again = await api.post(linkUrl(iccid), {}, { headers });
  assert.equal(again.json().url, first.json().url);
  const audit = (await api.call(`/api/v1/esim/audit?target=${iccid}&operation=createInstallLink`)).json();
  assert.equal(audit.entries.length, 2);
  const token = first.json().url.split('/').at(-1);
  assert.ok(!JSON.stringify(audit).includes(token));
});

test('the page has the button, the QR code and the codes, and no other host, script or style in it', async () => {
  const { iccid, activation_code: code } = await ordered(api);
  const { path } = await newLink(iccid);
  const { headers, body, statusCode } = await open(path, person);
  assert.equal(statusCode, 200);
  assert.ok(
    body.includes(
      `href="https://esimsetup.android.com/esim_qrcode_provisioning?carddata=${encodeURIComponent(code)}"`,
    ),
  );
  assert.ok(body.includes(code) && body.includes('<svg id="code"'));
  assert.ok(!body.includes(iccid));
  assert.doesNotMatch(body, /<style|style="|<script>|onclick|http:\/\/(?!www\.w3\.org)/);
  assert.equal(headers['referrer-policy'], 'no-referrer');
  assert.equal(headers['cache-control'], 'no-store');
  assert.match(String(headers['x-robots-tag']), /noindex/);
  assert.equal(headers['set-cookie'], undefined);
  assert.match(String(headers['content-security-policy']), /default-src 'none'.*frame-ancestors 'none'/);
  assert.doesNotMatch(String(headers['content-security-policy']), /unsafe|https?:|\*/);
  const head = await api.call(path, { method: 'HEAD', by: null });
  assert.equal(head.statusCode, 200);
  assert.equal(head.body, '');
});

test('unknown and revoked links get the same answer, and expired ones say so', async () => {
  const { iccid } = await ordered(api);
  const revoked = await newLink(iccid);
  assert.equal((await api.call(linkUrl(iccid), { method: 'DELETE' })).statusCode, 204);
  const [one, other] = [await open(revoked.path), await open(`/i/${'A'.repeat(32)}`)];
  const shape = ({ statusCode, headers, body }: typeof one, path: string) => ({
    statusCode,
    headers: { ...headers, 'x-request-id': '', date: '' },
    body: body.replaceAll(path, ''),
  });
  assert.equal(one.statusCode, 404);
  assert.deepEqual(shape(one, revoked.path), shape(other, `/i/${'A'.repeat(32)}`));
  for (const path of [
    '/i/',
    '/i/x',
    '/i/-/x',
    '/i/%00',
    `/i/${'A'.repeat(32)}/state`,
    `/i/${'A'.repeat(32)}/other`,
  ])
    assert.equal((await open(path)).statusCode, 404, path);

  const short = await newLink(iccid, { expires_at: new Date((START + 60) * 1000).toISOString() });
  api.now = START + 61;
  for (const part of ['', '/state']) {
    const expired = await open(short.path + part);
    assert.equal(expired.statusCode, 410);
    assert.ok(!expired.body.includes('LPA:'));
  }
  api.now = START;
});

test('the page follows the order: preparing, waiting, downloading, interrupted, installed, deleted, failed, cancelled', async () => {
  const { iccid, activation_code: code } = await ordered(api, { release: false });
  const { path } = await newLink(iccid);
  const shows = async (expected: string, hasCode: boolean) => {
    assert.equal(await state(path), expected);
    const { body, statusCode } = await open(path, person);
    assert.equal(statusCode, 200);
    assert.equal(/LPA:1|carddata|id="install"|id="code"/.test(body), hasCode, expected);
  };
  assert.equal(code, '');
  await shows('preparing', false);
  await api.post(`${LIST}/${iccid}/release`, {});
  await shows('waiting', true);
  const eid = completeEid('890490320000000000000000001234');
  const bytes = Uint8Array.of(1);
  const binding = { eid, euiccOtpk: bytes, otSkDp: bytes, hostId: bytes };
  await changed<Released>(
    api,
    iccid,
    (profile) => ({ ...profile, state: 'DOWNLOADED', binding, changedAt: START }) as Profile,
  );
  await shows('downloading', false);
  api.now = START + 200;
  await shows('interrupted', true);
  api.now = START;
  await changed<Released>(api, iccid, (profile) =>
    report(profile, 'INSTALLED', { eid, seqNumber: 1 }, START),
  );
  await shows('installed', false);
  await changed<Released>(api, iccid, (profile) => report(profile, 'DELETED', { eid, seqNumber: 2 }, START));
  await shows('deleted', false);

  const failed = await ordered(api);
  const broken = await newLink(failed.iccid);
  const reason = { subjectCode: '8.2.10', reasonCode: '4.2', message: 'it could not be installed' } as const;
  await changed<Released>(api, failed.iccid, (profile) => fail(profile, reason, START));
  assert.equal(await state(broken.path), 'support');

  const { iccid: third } = await ordered(api, { expires_at: new Date((START + 60) * 1000).toISOString() });
  const late = await newLink(third, { expires_at: new Date((START + 600) * 1000).toISOString() });
  api.now = START + 61;
  assert.equal(await state(late.path), 'expired');
  api.now = START;
});

test('the link follows a replacement, and shows nothing of the order of another customer', async () => {
  const first = await ordered(api);
  const { path } = await newLink(first.iccid);
  const again = (await api.post(`${LIST}/${first.iccid}/replace`, { by: 'same' })).json();
  assert.notEqual(again.activation_code, first.activation_code);
  const { body } = await open(path, person);
  assert.ok(body.includes(again.activation_code) && !body.includes(first.activation_code));
  assert.ok((await get(first.iccid)).replaced_at);

  await api.post(`${LIST}/${first.iccid}/cancel`, {});
  assert.equal(await state(path), 'cancelled');
  const other = (await api.post(`${LIST}/${first.iccid}/order`, {})).json();
  assert.equal(other.state, 'RELEASED');
  assert.equal(await state(path), 'cancelled');
  const page = await open(path, person);
  assert.ok(!page.body.includes(other.activation_code) && !page.body.includes('LPA:1'));
  problemIn(await api.call(linkUrl(first.iccid)), 404, 'install_link_not_found');
});

test('views of people are counted, and written later', async () => {
  const { iccid } = await ordered(api);
  const { path } = await newLink(iccid);
  await open(path, person);
  await open(path, person);
  await open(path, { ...person, 'sec-purpose': 'prefetch' });
  await open(path, { 'user-agent': 'curl/8' });
  await open(`${path}/state`, person);
  await api.call(path, { method: 'HEAD', by: null, headers: person });
  assert.equal((await get(iccid)).views, 0);
  await api.views.flush();
  const { views, last_viewed_at } = await get(iccid);
  assert.equal(views, 2);
  assert.ok(last_viewed_at);
});

test('a customer asks for help once a day, by a form', async () => {
  const { iccid } = await ordered(api);
  const { path } = await newLink(iccid);
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const ask = (payload: string, headers: Record<string, string> = form) =>
    api.call(`${path}/help?lang=de`, { method: 'POST', by: null, headers, payload });
  const long = await ask(`message=${'x'.repeat(501)}`);
  assert.equal(long.headers.location, `${path}?lang=de&help=tooLong#help`);
  const other = await ask('{"message":"x"}', { 'content-type': 'application/json' });
  assert.match(String(other.headers.location), /help=tooLong/);
  const huge = await ask(`message=${'%20'.repeat(20_000)}`);
  assert.match(String(huge.headers.location), /help=tooLong/);

  const first = await ask(`message=${encodeURIComponent('Kein Netz \u{1F614}\r\nseit\u0007 heute')}`);
  assert.equal(first.statusCode, 303);
  assert.equal(first.headers.location, `${path}?lang=de&help=asked#help`);
  assert.match(
    (await open(String(first.headers.location))).body,
    /role="status">Ihre Anfrage wurde gesendet/,
  );
  assert.match(String((await ask('message=again')).headers.location), /help=askedBefore/);
  const types = 'types=install_link.help_requested';
  const history = () => api.call(`${LIST}/${iccid}/history?${types}`);
  const { events } = (await history()).json();
  assert.equal(events.length, 1);
  assert.deepEqual(events[0].actor, { kind: 'customer' });
  assert.equal(events[0].message, 'Kein Netz \u{1F614}\nseit heute');
  assert.ok((await get(iccid)).help_requested_at);
  api.now = START + DAY + 1;
  assert.match(String((await ask('')).headers.location), /help=asked#/);
  assert.equal((await history()).json().events.length, 2);
  api.now = START;
});

test('methods that a page does not have are refused', async () => {
  const { iccid } = await ordered(api);
  const { path } = await newLink(iccid);
  const answer = await api.call(path, { method: 'POST', by: null });
  assert.equal(answer.statusCode, 405);
  assert.equal(answer.headers.allow, 'GET, HEAD');
  assert.equal((await api.call(`${path}/help`, { by: null })).headers.allow, 'POST');
});

test('a page in each language names it, and follows Accept-Language and the choice', async () => {
  const { path } = await newLink((await ordered(api)).iccid);
  assert.match((await open(path, { 'accept-language': 'ar' })).body, /<html lang="ar" dir="rtl">/);
  assert.match((await open(path, { 'accept-language': 'ja' })).body, /<html lang="en" dir="ltr">/);
  assert.match((await open(`${path}?lang=pl`, { 'accept-language': 'de' })).body, /<html lang="pl"/);
  assert.match((await open(`${path}?lang=%3Cscript%3E`)).body, /<html lang="en"/);
});

test('nothing of this was a bug of the server', () => assert.deepEqual(api.bugs, []));
