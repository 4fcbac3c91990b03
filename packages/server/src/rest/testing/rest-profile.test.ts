import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { decode } from '@esim-rsp/codec';
import { StoreMetadataRequest } from '@esim-rsp/sgp22/asn1/bound-profile-package';
import { completeEid } from '@esim-rsp/sgp22/value/eid';
import { bindingOf } from '@esim-rsp/smdp/state/order';
import type {
  Confirmed,
  Downloaded,
  OnDevice,
  Profile,
  Released,
  Stocked,
} from '@esim-rsp/smdp/state/profile';
import {
  confirm,
  download,
  fail,
  release,
  report,
  reserve,
  withOrder,
} from '@esim-rsp/smdp/state/transitions';
import { timeOfSeconds } from '../../shapes/time.ts';
import { changed, LIST, ordered, problemIn, restTest, SMDP_ADDRESS, START, stocked } from './rest.harness.ts';

const api = await restTest();
after(() => api[Symbol.asyncDispose]());

const eid = completeEid('890490320000000000000000001234');
const binding = bindingOf({
  eid,
  euiccOtpk: new Uint8Array(65),
  otSkDp: new Uint8Array(32),
  hostId: new Uint8Array(16),
});
const LATER = START + 777;

/** Members that every answer has, and their types. */
const always = {
  iccid: 'string',
  imsi: 'string',
  state: 'string',
  last_operation_date: 'number',
  last_operation_at: 'string',
  activation_code: 'string',
  state_message: 'string',
  smdp_address: 'string',
  service_provider_name: 'string',
  profile_name: 'string',
  profile_class: 'string',
  protection: 'string',
  notification_events: 'object',
};
/** Members that follow from an order. */
const withAnOrder = {
  reuse_remaining_count: 'number',
  reuse_enabled: 'boolean',
  profile_reuse_policy: 'object',
  cc_required: 'boolean',
  matching_id: 'string',
  download_attempts_left: 'number',
};
const onceReleased = { ...withAnOrder, release_date: 'number', released_at: 'string' };
const coded = { cc_retries: 'number' };
const downloadable = { install_links: 'object' };
const known = { eid: 'string' };
const reported = { ...known, last_notification_at: 'string' };

type Way = (profile: Released) => Profile;
const toDownloaded = (profile: Released) => download(profile, binding, LATER);
const toDevice = (...states: OnDevice['state'][]): Way => {
  return (profile) =>
    states.reduce<Released | Downloaded | OnDevice>(
      (from, state, i) => report(from, state, { eid, seqNumber: i + 1 }, LATER + i),
      toDownloaded(profile),
    );
};
const reason = { subjectCode: '8.2.10', reasonCode: '4.2', message: 'not enough memory' } as const;

/** What each state shows beside `always`; how a RELEASED profile gets there. */
const afterRelease: Readonly<Record<string, readonly [way: Way, members: object]>> = {
  RELEASED: [(profile) => profile, { ...onceReleased, ...coded, ...downloadable }],
  DOWNLOADED: [toDownloaded, { ...onceReleased, ...coded, ...downloadable, ...known }],
  INSTALLED: [toDevice('INSTALLED'), { ...onceReleased, ...coded, ...reported }],
  ENABLED: [toDevice('INSTALLED', 'ENABLED'), { ...onceReleased, ...coded, ...reported }],
  DISABLED: [toDevice('INSTALLED', 'ENABLED', 'DISABLED'), { ...onceReleased, ...coded, ...reported }],
  DELETED: [toDevice('INSTALLED', 'DELETED'), { ...onceReleased, ...coded, ...reported }],
  ERROR: [
    (profile) => fail(toDownloaded(profile), reason, LATER),
    { ...onceReleased, ...coded, state_reason: 'object' },
  ],
};

async function shown(iccid: string, state: string, members: object) {
  const answer = await api.call(`${LIST}/${iccid}`);
  assert.equal(answer.statusCode, 200, answer.body);
  assert.equal(answer.headers['content-type'], 'application/json; charset=utf-8');
  const body = answer.json();
  const types = Object.fromEntries(Object.entries(body).map(([name, value]) => [name, typeof value]));
  assert.deepEqual(types, { ...always, ...members });
  assert.equal(body.state, state);
  assert.equal(body.smdp_address, SMDP_ADDRESS);
  assert.equal(body.activation_code !== '', 'install_links' in body);
  return body;
}

for (const [state, [way, members]] of Object.entries(afterRelease))
  test(`an ordered profile that is ${state} shows every member that the state has, and no other`, async () => {
    api.now = START;
    const policy = { reuse_type: 'SAME_EID_MID', max_count: 3, cooldownPeriod: 60 };
    const order = { confirmation_code: 'c0de', profile_reuse_policy: policy };
    const { iccid, matching_id } = await ordered(api, order);
    const next = way((await api.store.profile(iccid)) as Released);
    if (state !== 'RELEASED') await changed(api, iccid, () => next);
    const body = await shown(iccid, state, members);
    assert.equal(body.last_operation_date, next.changedAt);
    assert.equal(body.release_date, START);
    assert.equal(body.matching_id, matching_id);
    assert.deepEqual([body.reuse_remaining_count, body.reuse_enabled], [3, true]);
    assert.deepEqual(body.profile_reuse_policy, { ...policy, maxReuseCount: 3 });
    assert.deepEqual([body.cc_required, body.cc_retries], [true, 5]);
    if ('eid' in members) assert.equal(body.eid, eid);
    const code = `LPA:1$${SMDP_ADDRESS}$${matching_id}$$1`;
    const waits = state === 'RELEASED' || state === 'DOWNLOADED';
    assert.equal(body.activation_code, waits ? code : '');
    if (state === 'ERROR')
      assert.deepEqual(body.state_reason, {
        subject_code: '8.2.10',
        reason_code: '4.2',
        message: 'not enough memory',
      });
  });

test('a profile in stock shows what it is and no order', async () => {
  const iccid = await stocked(api);
  const body = await shown(iccid, 'AVAILABLE', {});
  assert.equal(body.activation_code, '');
  await changed<Stocked>(api, iccid, (profile) => ({ ...profile, state: 'UNAVAILABLE' }));
  await shown(iccid, 'UNAVAILABLE', {});
});

test('a reserved profile shows its EID, if it has one, and no activation code', async () => {
  const allocated = await stocked(api);
  await changed<Stocked>(api, allocated, (profile) => reserve(profile, undefined, LATER));
  assert.equal((await shown(allocated, 'ALLOCATED', {})).last_operation_date, LATER);
  const linked = await stocked(api);
  await changed<Stocked>(api, linked, (profile) => reserve(profile, eid, LATER));
  assert.equal((await shown(linked, 'LINKED', known)).eid, eid);
});

test('a confirmed profile shows its order without a release, and no activation code until then', async () => {
  api.now = START;
  const { iccid } = await ordered(api, { release: false });
  const body = await shown(iccid, 'CONFIRMED', withAnOrder);
  assert.equal(body.activation_code, '');
  assert.deepEqual([body.cc_required, body.reuse_enabled, body.reuse_remaining_count], [false, false, 0]);
  await changed<Confirmed>(api, iccid, (profile) => release(profile, LATER));
  const now = await shown(iccid, 'RELEASED', { ...onceReleased, ...downloadable });
  assert.deepEqual([now.release_date, now.last_operation_date], [LATER, LATER]);
  assert.equal(now.activation_code, `LPA:1$${SMDP_ADDRESS}$${body.matching_id}`);
});

test('an order by EID alone has an empty matching_id and an empty activation code', async () => {
  const { iccid } = await ordered(api, { eid, matching_id: '' });
  const body = await shown(iccid, 'RELEASED', { ...onceReleased, ...known });
  assert.deepEqual([body.matching_id, body.activation_code], ['', '']);
});

test('cc_retries counts down, and order_expires_at is shown as a time', async () => {
  const { iccid } = await ordered(api, { confirmation_code: '1234' });
  for (const attemptsLeft of [4, 3, 1, 0]) {
    await changed<Released>(api, iccid, (profile) => {
      const { hash } = profile.order.confirmationCode ?? assert.fail();
      return withOrder(profile, {
        ...profile.order,
        expiresAt: LATER,
        downloadAttemptsLeft: attemptsLeft,
        confirmationCode: { hash, attemptsLeft },
      });
    });
    const { body } = await api.call(`${LIST}/${iccid}`);
    const { cc_retries, download_attempts_left, order_expires_at } = JSON.parse(body);
    assert.deepEqual(
      [cc_retries, download_attempts_left, order_expires_at],
      [attemptsLeft, attemptsLeft, timeOfSeconds(LATER)],
    );
  }
});

test('dates are whole Unix seconds of the last change of state, which a counted attempt is not', async () => {
  api.now = START + 5;
  const { iccid, last_operation_date, release_date, ...more } = await ordered(api);
  assert.deepEqual([last_operation_date, release_date], [START + 5, START + 5]);
  const time = new Date((START + 5) * 1000).toISOString().replace('.000Z', 'Z');
  assert.deepEqual([more.last_operation_at, more.released_at], [time, time]);
  await changed<Released>(api, iccid, (profile) =>
    withOrder(profile, { ...profile.order, downloadAttemptsLeft: 1 }),
  );
  const { body } = await api.call(`${LIST}/${iccid}`);
  assert.equal(JSON.parse(body).last_operation_date, START + 5);
  const first = (await changed<Released>(api, iccid, toDownloaded)) as Downloaded;
  const again = download(first, binding, LATER + 100);
  assert.equal(again.changedAt, LATER, 'a package that is fetched again changes no state');
  const installed = report(again, 'INSTALLED', { eid, seqNumber: 1 }, LATER + 200);
  const { changedAt, device } = report(installed, 'INSTALLED', { eid, seqNumber: 2 }, LATER + 300);
  assert.deepEqual(
    [changedAt, device?.lastNotificationAt],
    [LATER + 200, LATER + 300],
    'nor does the same news',
  );
  api.now = START;
});

test('the transitions themselves lead to the state that the API shows', async () => {
  const iccid = await stocked(api);
  const inStock = (await api.store.profile(iccid as Profile['iccid'])) as Stocked;
  const { order } = (await api.store.profile((await ordered(api, { release: false })).iccid)) as Confirmed;
  const confirmed = confirm(reserve(inStock, eid, LATER), { ...order, eid, matchingId: '' as never }, LATER);
  await changed(api, iccid, () => confirmed);
  assert.equal((await shown(iccid, 'CONFIRMED', { ...withAnOrder, ...known })).eid, eid);
  const { iccid: bcd } = decode(StoreMetadataRequest, confirmed.metadata);
  assert.equal(bcd.length, 10);
});

for (const digits of [1, 18, 21, 32])
  test(`an ICCID of ${digits} digits is 400`, async () => {
    for (const path of ['', '/qrcode']) {
      const answer = await api.call(`${LIST}/${'8'.repeat(digits)}${path}`);
      const { message, errors } = problemIn(answer, 400, 'invalid_iccid');
      assert.match(message, /^Invalid ICCID format/);
      assert.equal(errors?.[0]?.field, 'iccid');
    }
  });

test('an empty ICCID is 400, where the path is not that of the list with a slash at its end', async () => {
  problemIn(await api.call(`${LIST}//qrcode`), 400, 'invalid_iccid');
  assert.equal((await api.call(`${LIST}/`)).statusCode, 200);
});

for (const digits of [19, 20])
  test(`an ICCID of ${digits} digits that nobody has is 404, whatever its last digit is`, async () => {
    for (const last of '0123456789')
      problemIn(await api.call(`${LIST}/${'7'.repeat(digits - 1)}${last}`), 404, 'profile_not_found');
  });

const junk = [
  '89001010000000000 17',
  '8900101000000000o17',
  '٨٩٠٠١٠١٠٠٠٠٠٠٠٠٠٠١٧',
  '8900101000000000017\n',
  '8900101000000000017\0',
  '-900101000000000017',
  '8900101000000000017/..',
  "' OR 1=1 --",
  '{iccid}',
  'undefined',
];
for (const text of junk)
  test(`${JSON.stringify(text)} in place of an ICCID is 400`, async () => {
    for (const path of ['', '/qrcode']) {
      const answer = await api.call(`${LIST}/${encodeURIComponent(text)}${path}`);
      problemIn(answer, 400, 'invalid_iccid');
    }
    const order = await api.post(`${LIST}/${encodeURIComponent(text)}/order`, {});
    problemIn(order, 400, 'invalid_iccid');
  });

test('a path that is no percent-encoded text is 400, and digits may be percent-encoded', async () => {
  for (const path of ['%', '%zz', '%ff%fe', '8900101%0', '%c3%28'])
    problemIn(await api.call(`${LIST}/${path}`), 400);
  const iccid = await stocked(api);
  const encoded = `%38${iccid.slice(1)}`;
  assert.equal((await api.call(`${LIST}/${encoded}`)).json().iccid, iccid);
});

test('a path parameter of any length is refused without a failure', async () => {
  for (const length of [200, 201, 5000])
    problemIn(await api.call(`${LIST}/${'8'.repeat(length)}`), length === 200 ? 400 : 414);
});
