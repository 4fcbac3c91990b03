import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusals } from '@esim-rsp/sgp22/status';
import type { Decision } from '../run.ts';
import { type Change, recordEvent } from '../state/change.ts';
import { byDevice } from '../state/event.ts';
import { type JournalEntry, REMEMBERED_REFUSALS } from '../state/journal.ts';
import type { Profile } from '../state/profile.ts';
import type { Session } from '../state/session.ts';
import { authenticated, eid, env, released } from './download.testdata.ts';
import type { Es9Function } from './es9-function.ts';
import { keepJournal } from './keep-journal.ts';
import { endSession } from './session.ts';

type Found = { readonly session: Session | undefined };
const refuse = refusals({ wrong: ['8.2.7', '3.8', 'the confirmation code is wrong'] });

/** What a function that decides so wants to save, once its calls are noted. */
async function savedBy(
  decide: () => Decision<string>,
  session: Session | undefined,
): Promise<readonly Change[]> {
  const fn: Es9Function<undefined, Found, string> = {
    load: async () => ({ session }),
    decide,
    checks: { first: 'the first', wrong: 'the code is right', last: 'the last' },
  };
  return (await keepJournal('cancelSession', fn).decide(undefined, { session }, env)).save;
}

const throwing = (): never => {
  throw refuse.wrong();
};
const entry = { function: 'cancelSession', at: env.now, check: 'last' };
const refusedEntry = { ...entry, refused: refuse.wrong().status, check: 'wrong' };

test('an accepted call adds its entry to the session that it saves anyway, and to nothing else', async () => {
  const save = [{ session: endSession(authenticated) }, { profile: released }];
  assert.deepEqual(await savedBy(() => ({ reply: '', save }), authenticated), [
    { session: { ...endSession(authenticated), journal: [entry] } },
    { profile: released },
  ]);
  assert.deepEqual(await savedBy(() => ({ reply: '', save: [] }), authenticated), []);
});

test('a refused call saves the session as it was, with its entry', async () => {
  const before = { ...authenticated, journal: [entry] };
  const expected = { session: { ...authenticated, journal: [entry, refusedEntry] } };
  assert.deepEqual(await savedBy(throwing, before), [expected]);
  const counting = () => ({ refusal: refuse.wrong(), save: [{ profile: released }] });
  assert.deepEqual(await savedBy(counting, before), [{ profile: released }, expected]);
});

test('a refused call without a session, or in one that has expired, saves nothing', async () => {
  assert.deepEqual(await savedBy(throwing, undefined), []);
  assert.deepEqual(await savedBy(throwing, { ...authenticated, expiresAt: env.now }), []);
});

test('a flood of refused calls is remembered up to a bound, and then saves nothing', async () => {
  const full = Array.from({ length: REMEMBERED_REFUSALS }, () => refusedEntry);
  assert.deepEqual(await savedBy(throwing, { ...authenticated, journal: full }), []);
  const endless = Array.from({ length: 32 }, () => entry);
  const accepted = () => ({ reply: '', save: [{ session: authenticated }] });
  assert.deepEqual(await savedBy(accepted, { ...authenticated, journal: endless }), [
    { session: { ...authenticated, journal: endless } },
  ]);
  const long = () => ({ refusal: refuse.wrong('x'.repeat(9999)), save: [] });
  const [change] = await savedBy(long, authenticated);
  assert.ok(change && 'session' in change);
  assert.equal(change.session.journal?.[0]?.refused?.message.length, 300);
});

test('a full journal has the first refusals and the last one, which CancelSession looks at', async () => {
  const other = {
    ...refusedEntry,
    refused: { subjectCode: '8.2', reasonCode: '3.7', message: 'the key' },
  } as const;
  const first = Array.from({ length: REMEMBERED_REFUSALS }, () => other);
  const [change] = await savedBy(throwing, { ...authenticated, journal: first });
  assert.ok(change && 'session' in change);
  assert.deepEqual(change.session.journal, [...first.slice(1), refusedEntry]);
  const again = await savedBy(throwing, change.session);
  assert.deepEqual(again, [], 'the same once more is not saved');
});

test('an accepted call that did not need all checks remembers the last one that it made', async () => {
  const save = [{ session: authenticated }];
  const early = () => ({ reply: '', save, lastCheck: 'first' });
  assert.deepEqual(await savedBy(early, authenticated), [
    { session: { ...authenticated, journal: [{ ...entry, check: 'first' }] } },
  ]);
});

/** What is saved for a refusal in a session that is about this Profile. */
async function changesFor(
  profile: Profile,
  save: readonly Change[] = [],
  journal: readonly JournalEntry[] = [entry],
) {
  const fn: Es9Function<undefined, { session: Session; profile: Profile }, string> = {
    load: async () => ({ session: authenticated, profile }),
    decide: () => ({ refusal: refuse.wrong(), save }),
    checks: { wrong: 'the code is right' },
  };
  const session = { ...authenticated, journal };
  return (await keepJournal('cancelSession', fn).decide(undefined, { session, profile }, env)).save;
}

/** The events among them. */
async function savedFor(...call: Parameters<typeof changesFor>) {
  return (await changesFor(...call)).flatMap((change) => ('event' in change ? [change.event] : []));
}

test('a refusal is an event in the history of the profile, once, and as often as the journal has room', async () => {
  const [event, ...others] = await savedFor(released);
  assert.deepEqual(others, []);
  assert.deepEqual(
    [event?.type, event?.iccid, event?.actor, event?.reason?.reasonCode, event?.point],
    ['download.refused', released.iccid, { kind: 'device', eid }, '3.8', undefined],
  );
  const own = recordEvent('download.checked', { from: released, to: released }, byDevice(eid, env));
  assert.deepEqual(
    (await savedFor(released, [own])).map(({ type }) => type),
    ['download.checked'],
    'a function that reports it by itself',
  );
  const full = Array.from({ length: REMEMBERED_REFUSALS }, () => refusedEntry);
  assert.deepEqual(await savedFor(released, [], full), []);
});

test('the event of a refusal is saved with the profile that it is about, or only while that one has not changed', async () => {
  const kindsOf = async (save: readonly Change[]) =>
    (await changesFor(released, save)).map((change) => Object.keys(change)[0]);
  assert.deepEqual(await kindsOf([]), ['session', 'unchanged', 'event']);
  assert.deepEqual(await kindsOf([{ profile: released }]), ['profile', 'session', 'event']);
});

test('a message that changes nothing is in the journal with the reason, also when the session has expired', async () => {
  const ignored = refuse.wrong().status;
  const without = () => ({ reply: '', save: [], ignored });
  for (const session of [authenticated, { ...authenticated, expiresAt: 0 }])
    assert.deepEqual(await savedBy(without, session), [
      { session: { ...session, journal: [{ ...entry, ignored }] } },
    ]);
  const full = Array.from({ length: REMEMBERED_REFUSALS }, () => refusedEntry);
  assert.deepEqual(await savedBy(without, { ...authenticated, journal: full }), []);
});

test('checks that were not made are remembered', async () => {
  const decide = () => ({ reply: '', save: [{ session: authenticated }], notMade: ['wrong'] });
  assert.deepEqual(await savedBy(decide, authenticated), [
    { session: { ...authenticated, journal: [{ ...entry, notMade: ['wrong'] }] } },
  ]);
});
