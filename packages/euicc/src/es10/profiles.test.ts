import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, tlv } from '@esim-rsp/codec';
import { notificationEvents, profileClasses } from '@esim-rsp/sgp22/asn1/bound-profile-package';
import { PPR1, PPR2 } from '@esim-rsp/sgp22/asn1/euicc-info';
import { iccidToSwappedBcd } from '@esim-rsp/sgp22/value/iccid';
import type { InstalledProfile } from '../card/card.ts';
import { byIccid, disable, enable, remove, rename, reset } from '../commands.harness.ts';
import { dpOn, newCard } from '../pki.harness.ts';
import {
  NOTIFICATION_ADDRESS,
  nextIccid,
  profileOwner,
  type TestProfile,
  testProfile,
} from '../profile.harness.ts';
import { authenticated, downloaded, type Reader, readerWith } from '../server.harness.ts';

const dp = dpOn();
const NOTHING_TO_DELETE = 1;
const [OK, NOT_FOUND, WRONG_STATE, DISALLOWED, WRONG_REENABLING] = [0, 1, 2, 3, 4];

/** A card with these profiles, the notifications of their installation sent. */
async function cardWith(...profiles: TestProfile[]): Promise<Reader> {
  const reader = readerWith(newCard());
  for (const profile of profiles) await downloaded(reader, dp, profile);
  reader.change((card) => ({ ...card, notifications: [] }));
  return reader;
}

function statesOf(reader: Reader): InstalledProfile['state'][] {
  return reader.card().profiles.map(({ state }) => state);
}

/** The events that wait to be reported, in their order. */
function eventsOf(reader: Reader): number[] {
  return reader.card().notifications.map(({ event, address }) => {
    assert.equal(address, NOTIFICATION_ADDRESS);
    return event;
  });
}

/** Refused with this result, and the card is the same. */
function mustRefuse(reader: Reader, result: number | undefined, command: () => number): void {
  const before = reader.card();
  assert.equal(command(), result);
  assert.deepEqual(reader.card(), before);
}

const events = notificationEvents;

test('a profile is enabled, disabled and deleted, by its ICCID or by its AID, and each is reported', async () => {
  const profile = testProfile();
  const reader = await cardWith(profile);
  const isdpAid = reader.card().profiles[0]?.aid as Uint8Array;
  assert.equal(enable(reader, byIccid(profile.iccid)), OK);
  assert.deepEqual(statesOf(reader), ['enabled']);
  assert.equal(disable(reader, { isdpAid }), OK);
  assert.deepEqual(statesOf(reader), ['disabled']);
  assert.equal(enable(reader, { isdpAid }), OK);
  assert.equal(disable(reader, byIccid(profile.iccid)), OK);
  assert.equal(remove(reader, { isdpAid }), OK);
  assert.deepEqual(reader.card().profiles, []);
  const { notificationEnable, notificationDisable, notificationDelete } = events;
  const switched = [notificationEnable, notificationDisable];
  assert.deepEqual(eventsOf(reader), [...switched, ...switched, notificationDelete]);
});

test('at most one profile is enabled: enabling another one disables it first', async () => {
  const [a, b] = [testProfile(), testProfile()];
  const reader = await cardWith(a, b);
  assert.equal(enable(reader, byIccid(a.iccid)), OK);
  assert.equal(enable(reader, byIccid(b.iccid)), OK);
  assert.deepEqual(statesOf(reader), ['disabled', 'enabled']);
  const { notificationEnable, notificationDisable } = events;
  assert.deepEqual(eventsOf(reader), [notificationEnable, notificationDisable, notificationEnable]);
});

test('what is not on the card is iccidOrAidNotFound(1)', async () => {
  const reader = await cardWith(testProfile());
  const unknown = [byIccid(nextIccid()), { isdpAid: fromHex('a0000005591010ffffffff8900002000') }];
  for (const identifier of unknown)
    for (const command of [enable, disable, remove])
      mustRefuse(reader, NOT_FOUND, () => command(reader, identifier));
  mustRefuse(reader, NOT_FOUND, () => rename(reader, nextIccid(), 'mine'));
});

test('a profile in the other state is 2', async () => {
  const profile = testProfile();
  const reader = await cardWith(profile);
  const identifier = byIccid(profile.iccid);
  mustRefuse(reader, WRONG_STATE, () => disable(reader, identifier));
  assert.equal(enable(reader, identifier), OK);
  mustRefuse(reader, WRONG_STATE, () => enable(reader, identifier));
  mustRefuse(reader, WRONG_STATE, () => remove(reader, identifier));
});

test('PPR1 keeps a profile from being disabled, by another one too: disallowedByPolicy(3)', async () => {
  const kept = testProfile({ profilePolicyRules: new Set([PPR1]), profileOwner });
  const other = testProfile();
  const reader = await cardWith(kept, other);
  assert.equal(enable(reader, byIccid(kept.iccid)), OK);
  mustRefuse(reader, DISALLOWED, () => disable(reader, byIccid(kept.iccid)));
  mustRefuse(reader, DISALLOWED, () => enable(reader, byIccid(other.iccid)));
  assert.equal(remove(reader, byIccid(other.iccid)), OK);
});

test('PPR2 keeps a profile from being deleted: disallowedByPolicy(3)', async () => {
  const kept = testProfile({ profilePolicyRules: new Set([PPR2]), profileOwner });
  const reader = await cardWith(kept);
  mustRefuse(reader, DISALLOWED, () => remove(reader, byIccid(kept.iccid)));
  assert.equal(enable(reader, byIccid(kept.iccid)), OK);
  assert.equal(disable(reader, byIccid(kept.iccid)), OK);
});

test('disabling a test profile enables the profile from before, and no other one may come between: 4', async () => {
  const [before, other] = [testProfile(), testProfile()];
  const trial = testProfile({ profileClass: profileClasses.test });
  const second = testProfile({ profileClass: profileClasses.test });
  const reader = await cardWith(before, other, trial, second);
  assert.equal(enable(reader, byIccid(before.iccid)), OK);
  assert.equal(enable(reader, byIccid(trial.iccid)), OK);
  mustRefuse(reader, WRONG_REENABLING, () => enable(reader, byIccid(other.iccid)));
  assert.equal(enable(reader, byIccid(second.iccid)), OK);
  assert.deepEqual(statesOf(reader), ['disabled', 'disabled', 'disabled', 'enabled']);
  assert.equal(disable(reader, byIccid(second.iccid)), OK);
  assert.deepEqual(statesOf(reader), ['enabled', 'disabled', 'disabled', 'disabled']);
  assert.equal(enable(reader, byIccid(other.iccid)), OK, 'the test is over');

  assert.equal(enable(reader, byIccid(trial.iccid)), OK);
  assert.equal(enable(reader, byIccid(other.iccid)), OK, 'the one from before may be asked for');
  assert.deepEqual(statesOf(reader), ['disabled', 'enabled', 'disabled', 'disabled']);
});

test('after a test profile with none before it, nothing is enabled', async () => {
  const trial = testProfile({ profileClass: profileClasses.test });
  const other = testProfile();
  const reader = await cardWith(trial, other);
  assert.equal(enable(reader, byIccid(trial.iccid)), OK);
  assert.equal(disable(reader, byIccid(trial.iccid)), OK);
  assert.deepEqual(statesOf(reader), ['disabled', 'disabled']);
  assert.equal(enable(reader, byIccid(trial.iccid)), OK);
  assert.equal(enable(reader, byIccid(other.iccid)), OK);
});

test('a test profile does not hold back others when the profile from before was deleted', async () => {
  const [before, other] = [testProfile(), testProfile()];
  const trial = testProfile({ profileClass: profileClasses.test });
  const reader = await cardWith(before, other, trial);
  assert.equal(enable(reader, byIccid(before.iccid)), OK);
  assert.equal(enable(reader, byIccid(trial.iccid)), OK);
  assert.equal(remove(reader, byIccid(before.iccid)), OK);
  assert.equal(enable(reader, byIccid(other.iccid)), OK);
  assert.deepEqual(statesOf(reader), ['enabled', 'disabled']);
});

test('a test profile that a memory reset deletes holds nothing back', async () => {
  const [before, other] = [testProfile(), testProfile()];
  const trial = testProfile({ profileClass: profileClasses.test });
  const reader = await cardWith(before, other, trial);
  assert.equal(enable(reader, byIccid(before.iccid)), OK);
  assert.equal(enable(reader, byIccid(trial.iccid)), OK);
  assert.equal(reset(reader, 1), OK);
  assert.equal(enable(reader, byIccid(other.iccid)), OK);
});

test('a memory reset deletes operational and test profiles as it is asked, enabled ones and PPR2 too', async () => {
  const operational = testProfile({ profilePolicyRules: new Set([PPR2]), profileOwner });
  const trial = testProfile({ profileClass: profileClasses.test });
  const reader = await cardWith(operational, trial);
  assert.equal(enable(reader, byIccid(operational.iccid)), OK);
  const { nextSeqNumber } = reader.card();
  assert.equal(reset(reader, 0), OK);
  assert.deepEqual(
    reader.card().profiles.map(({ iccid }) => iccid),
    [trial.iccid],
  );
  assert.equal(reset(reader, 1), OK);
  assert.deepEqual(reader.card().profiles, []);
  assert.deepEqual(eventsOf(reader).slice(-2), [events.notificationDelete, events.notificationDelete]);
  assert.equal(reader.card().nextSeqNumber, nextSeqNumber + 2, 'numbers go on after a reset');
});

test('a memory reset removes the default address', async () => {
  const reader = readerWith({ ...newCard(), defaultDpAddress: 'smdp.example.com' });
  assert.equal(reset(reader, 2), OK);
  assert.equal(reader.card().defaultDpAddress, '');
});

test('a memory reset without anything to delete is nothingToDelete(1)', async () => {
  const reader = await cardWith(testProfile());
  for (const options of [[], [1], [2], [1, 2]])
    mustRefuse(reader, NOTHING_TO_DELETE, () => reset(reader, ...options));
});

test('enabling, disabling and a memory reset end the session, a refused one does not', async () => {
  const { iccid } = testProfile();
  const profile = testProfile();
  const reader = await cardWith(profile);
  const commands: [command: () => number, refused: number | undefined][] = [
    [() => enable(reader, byIccid(profile.iccid)), WRONG_STATE],
    [() => disable(reader, byIccid(profile.iccid)), WRONG_STATE],
    [() => reset(reader, 0), NOTHING_TO_DELETE],
  ];
  for (const [command, refused] of commands) {
    authenticated(reader, dp);
    assert.equal(command(), OK);
    assert.equal(reader.card().session, undefined);
    authenticated(reader, dp);
    mustRefuse(reader, refused, command);
    mustRefuse(reader, NOT_FOUND, () => enable(reader, byIccid(iccid)));
  }
});

test('a nickname is set, replaced and removed', async () => {
  const { iccid } = testProfile();
  const reader = await cardWith();
  const { profile } = await downloaded(reader, dp);
  assert.equal(rename(reader, iccid, 'x'), NOT_FOUND);
  for (const nickname of ['Travel', '旅行', 'é'.repeat(32)]) {
    assert.equal(rename(reader, profile.iccid, nickname), OK);
    assert.equal(reader.card().profiles[0]?.nickname, nickname);
  }
  assert.equal(rename(reader, profile.iccid, ''), OK);
  assert.ok(!('nickname' in (reader.card().profiles[0] ?? {})));
});

test('a nickname of more than 64 octets is 6A80', () => {
  const reader = readerWith(newCard());
  const nickname = tlv(0x90, new Uint8Array(65).fill(0x61));
  const request = tlv(0xbf29, tlv(0x5a, iccidToSwappedBcd(nextIccid())), nickname);
  assert.equal(reader.transmit(request).sw, 0x6a80);
});
