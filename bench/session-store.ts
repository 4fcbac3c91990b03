/**
 * What the store does for a session, and nothing else: `node bench/session-store.ts`. The reads and saves of the three calls that store something, 64
 * sessions at a time, without messages, checks and HTTP. It is compared with the primitives of a session, which are the limit of its benchmark.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerStore } from '@esim-rsp/server/store/ports/server-store';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { completeEid } from '@esim-rsp/sgp22/value/eid';
import { parseMatchingId } from '@esim-rsp/sgp22/value/matching-id';
import { type TransactionId, transactionIdFromBytes } from '@esim-rsp/sgp22/value/transaction-id';
import { recordEvent } from '@esim-rsp/smdp/state/change';
import { byDevice } from '@esim-rsp/smdp/state/event';
import type { JournalEntry } from '@esim-rsp/smdp/state/journal';
import { bindingOf } from '@esim-rsp/smdp/state/order';
import type { Downloaded, Released } from '@esim-rsp/smdp/state/profile';
import type { Authenticated, Bound } from '@esim-rsp/smdp/state/session';
import { countAttempt, download, report } from '@esim-rsp/smdp/state/transitions';
import { testMasterKey } from '#server/store/sealing/test-key.harness';
import { openSqliteStore } from '#server/store/sqlite/store';
import { ceiling, primitivesOfSession } from './primitives.ts';
import { finishSealing, released } from './seed.ts';
import { median } from './table.ts';

const [TURNS, AT_ONCE, WARM_UP, PACKAGE_BYTES] = [24, 64, 6, 12_000];
/** Turns for which the primitives are measured once. */
const TURNS_TOGETHER = 8;

type Card = { readonly number: number; readonly transactionId: TransactionId };

const matchingIdOf = (number: number) => `BENCH-${number}`;
const eidOf = ({ number }: Card) => completeEid(`89049032${String(number).padStart(22, '0')}`);
const entryOf = (name: string): JournalEntry => ({
  function: name,
  at: Date.now(),
  check: 'certificatesKept',
});

function found<T>(record: T | undefined): T {
  if (record === undefined) throw new Error('a record is missing');
  return record;
}

/** As ES9+.AuthenticateClient: the session is new, and the attempt is counted. */
async function authenticate(store: ServerStore, card: Card): Promise<void> {
  const reader = store.early ?? store;
  await reader.session(card.transactionId);
  const profile = found(
    await reader.profileByMatchingId(parseMatchingId(matchingIdOf(card.number))),
  ) as Released;
  const counted = countAttempt(profile);
  const session: Authenticated = {
    stage: 'authenticated',
    transactionId: card.transactionId,
    version: 0,
    smdpCiPKId: systemRandom(20),
    expiresAt: Date.now() + 600_000,
    eid: eidOf(card),
    iccid: profile.iccid,
    euiccPublicKey: systemRandom(91),
    smdpSignature2: systemRandom(67),
    journal: [entryOf('initiateAuthentication'), entryOf('authenticateClient')],
  };
  const cause = byDevice(eidOf(card), { now: Date.now() }, { transactionId: card.transactionId });
  const event = recordEvent('download.checked', { from: profile, to: counted }, { ...cause, point: 1 });
  await store.save([{ session }, { profile: counted }, event]);
}

/** As ES9+.GetBoundProfilePackage, with the package that it sends. */
async function bind(store: ServerStore, card: Card): Promise<void> {
  const reader = store.early ?? store;
  const session = found(await reader.session(card.transactionId)) as Authenticated;
  const profile = found(await reader.profile(session.iccid)) as Released;
  found(await reader.content(session.iccid));
  const euiccOtpk = systemRandom(65);
  const binding = bindingOf({
    eid: session.eid,
    euiccOtpk,
    otSkDp: systemRandom(32),
    hostId: systemRandom(16),
  });
  const to = download(profile, binding, Math.floor(Date.now() / 1000));
  const journal = [...(session.journal ?? []), entryOf('getBoundProfilePackage')];
  const cause = byDevice(session.eid, { now: Date.now() }, { transactionId: card.transactionId });
  const event = recordEvent('profile.downloaded', { from: profile, to }, { ...cause, point: 3 });
  const bound: Bound = { ...session, stage: 'bound', euiccOtpk, journal };
  await store.save([{ session: bound }, { profile: to }, event]);
}

/** As ES9+.HandleNotification: the profile is installed. */
async function install(store: ServerStore, card: Card): Promise<void> {
  const reader = store.early ?? store;
  const session = found(await reader.session(card.transactionId)) as Bound;
  const profile = found(await reader.profile(session.iccid)) as Downloaded;
  const news = { eid: session.eid, seqNumber: card.number + 1 };
  const to = report(profile, 'INSTALLED', news, Math.floor(Date.now() / 1000));
  const journal = [...(session.journal ?? []), entryOf('handleNotification')];
  const of = { transactionId: card.transactionId, resultData: systemRandom(180) };
  const cause = byDevice(session.eid, { now: Date.now() }, of);
  const event = recordEvent('profile.installed', { from: profile, to }, { ...cause, point: 4 });
  await store.save([{ session: { ...session, stage: 'ended', journal } }, { profile: to }, event]);
}

/** Microseconds of processor time for a session: the sync, the checkpoints and the garbage in other threads count. */
async function measureTurn(store: ServerStore, first: number): Promise<number> {
  const cards = Array.from({ length: AT_ONCE }, (_, i) => ({
    number: first + i,
    transactionId: transactionIdFromBytes(systemRandom(16)),
  }));
  const start = process.cpuUsage();
  await Promise.all(cards.map((card) => authenticate(store, card)));
  await Promise.all(cards.map((card) => bind(store, card)));
  await Promise.all(cards.map((card) => install(store, card)));
  const { user, system } = process.cpuUsage(start);
  return (user + system) / AT_ONCE;
}

const folder = mkdtempSync(join(tmpdir(), 'esim-bench-store-'));
const store = await openSqliteStore(join(folder, 'esim.db'), undefined, testMasterKey);
try {
  const last = AT_ONCE * (WARM_UP + TURNS);
  for (let i = 0; i < last; i += AT_ONCE)
    await store.save(
      Array.from({ length: AT_ONCE }, (_, k) =>
        released(i + k, { package: systemRandom(PACKAGE_BYTES) }, matchingIdOf(i + k)),
      ),
    );
  await finishSealing(store);
  for (let turn = 0; turn < WARM_UP; turn++) await measureTurn(store, turn * AT_ONCE);
  const groups: { readonly alone: number; readonly primitives: number }[] = [];
  for (let turn = WARM_UP; turn < WARM_UP + TURNS; turn += TURNS_TOGETHER) {
    const micros: number[] = [];
    for (let i = turn; i < turn + TURNS_TOGETHER; i++) micros.push(await measureTurn(store, i * AT_ONCE));
    const primitives = 1e6 / ceiling(primitivesOfSession('session_keys', PACKAGE_BYTES, 'P-256'));
    groups.push({ alone: median(micros), primitives });
  }
  for (const { alone, primitives } of groups)
    console.log(
      `the store alone: ${alone.toFixed(0)} µs for a session; the primitives alone: ${primitives.toFixed(0)} µs; ratio ${(alone / primitives).toFixed(2)}`,
    );
} finally {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
}
