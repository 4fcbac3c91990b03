import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeWithBytes, encode, encodeWithBytes, fromHex } from '@esim-rsp/codec';
import { notificationEvents } from '@esim-rsp/sgp22/asn1/bound-profile-package';
import {
  errorReasons,
  NotificationMetadata,
  PendingNotification,
  ProfileInstallationResultData,
} from '@esim-rsp/sgp22/asn1/notification';
import { generateSigningKey, type LocalSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { completeEid } from '@esim-rsp/sgp22/value/eid';
import { iccidToSwappedBcd } from '@esim-rsp/sgp22/value/iccid';
import type { Change } from '../state/change.ts';
import { bindingOf, type OrderId } from '../state/order.ts';
import type { Downloaded, OnDevice, Profile, Released } from '../state/profile.ts';
import type { Bound, Cancelled, Session } from '../state/session.ts';
import { download, fail, postpone, releaseAgain, report, stockAgain } from '../state/transitions.ts';
import type { Use } from '../state/use.ts';
import {
  bound,
  downloaded,
  eid,
  env,
  euiccCertificate,
  euiccKey,
  eumCertificate,
  iccid,
  released,
  smdpOid,
  transactionId,
} from './download.testdata.ts';
import { handleNotification } from './handleNotification.ts';

const success = {
  successResult: {
    aid: fromHex('a0000005591010ffffffff8900001100'),
    simaResponse: fromHex('3007a0053003800100'),
  },
};

type Result = {
  readonly finalResult?:
    | typeof success
    | { readonly errorResult: { bppCommandId: number; errorReason: number; simaResponse?: Uint8Array } };
  readonly oid?: string;
  readonly key?: LocalSigningKey;
  readonly seqNumber?: number;
};

/** A ProfileInstallationResult. */
function result({ finalResult = success, oid = smdpOid, key = euiccKey, seqNumber = 1 }: Result = {}) {
  const data = encodeWithBytes(ProfileInstallationResultData, {
    transactionId: fromHex(transactionId),
    notificationMetadata: {
      seqNumber,
      profileManagementOperation: new Set([notificationEvents.notificationInstall]),
      notificationAddress: 'localhost',
      iccid: iccidToSwappedBcd(iccid),
    },
    smdpOid: oid,
    finalResult,
  });
  return pending({
    profileInstallationResult: { profileInstallationResultData: data, euiccSignPIR: key.sign(data.bytes) },
  });
}

/** An OtherSignedNotification of one event. */
function event(name: keyof typeof notificationEvents, seqNumber: number, key: LocalSigningKey = euiccKey) {
  const tbsOtherNotification = encodeWithBytes(NotificationMetadata, {
    seqNumber,
    profileManagementOperation: new Set([notificationEvents[name]]),
    notificationAddress: 'localhost',
    iccid: iccidToSwappedBcd(iccid),
  });
  const euiccNotificationSignature = key.sign(tbsOtherNotification.bytes);
  return pending({
    otherSignedNotification: {
      tbsOtherNotification,
      euiccNotificationSignature,
      euiccCertificate,
      eumCertificate,
    },
  });
}

function pending(notification: Parameters<typeof encode<PendingNotification>>[1]) {
  return {
    pendingNotification: decodeWithBytes(PendingNotification, encode(PendingNotification, notification)),
  };
}

async function saved(
  request: ReturnType<typeof pending>,
  found: {
    readonly session?: Session;
    readonly profile?: Profile;
    readonly use?: Use;
    readonly hasFormer?: boolean;
  },
): Promise<readonly Change[]> {
  const decision = await handleNotification.decide(request, found, env);
  assert.ok('reply' in decision, 'a notification is never refused');
  return decision.save;
}

async function profileAfter(
  request: ReturnType<typeof pending>,
  profile: Profile,
  session?: Session,
): Promise<Profile> {
  const changes = await saved(request, { profile, ...(session && { session }) });
  return changes.flatMap((change) => ('profile' in change ? [change.profile] : []))[0] ?? profile;
}

const installed = report(downloaded, 'INSTALLED', { eid, seqNumber: 1 }, 1) as OnDevice;

test('a good result installs the Profile, ends the session and throws the one-time key away', async () => {
  const [session, profile] = await saved(result(), { session: bound, profile: downloaded });
  assert.ok(session && 'session' in session && session.session.stage === 'ended');
  assert.ok(profile && 'profile' in profile && profile.profile.state === 'INSTALLED');
  assert.deepEqual(profile.profile.device, { eid, lastSeqNumber: 1, lastNotificationAt: env.now / 1000 });
  assert.ok(!('binding' in profile.profile));
});

for (const [name, errorReason] of Object.entries(errorReasons))
  test(`a result of ${name} is ERROR, in the words of the specification`, async () => {
    const finalResult = { errorResult: { bppCommandId: 5, errorReason } };
    const failed = await profileAfter(result({ finalResult }), downloaded, bound);
    assert.ok(failed.state === 'ERROR');
    assert.deepEqual(failed.reason, {
      subjectCode: '8.2.10',
      reasonCode: '4.2',
      message: `the eUICC could not install the profile: ${name} at loadProfileElements`,
    });
    assert.ok(!('binding' in failed));
  });

test('what the card reports about the profile elements is in the reason', async () => {
  const errorResult = {
    bppCommandId: 5,
    errorReason: 12,
    simaResponse: fromHex('300aa008300680010481' + '0105'),
  };
  const failed = await profileAfter(result({ finalResult: { errorResult } }), downloaded, bound);
  assert.ok(failed.state === 'ERROR');
  assert.match(
    failed.reason.message,
    /PEProcessingError at loadProfileElements \(profile element 5: not enough memory\)$/,
  );
});

test('a result that is repeated, forged, for another SM-DP+ or of no session changes nothing', async () => {
  const found = { session: bound, profile: downloaded };
  assert.deepEqual(await saved(result(), { session: { ...bound, stage: 'ended' }, profile: installed }), []);
  assert.deepEqual(await saved(result({ key: generateSigningKey('P-256') }), found), []);
  assert.deepEqual(await saved(result({ oid: '2.999.99' }), found), []);
  assert.deepEqual(await saved(result(), {}), []);
});

const failure = { finalResult: { errorResult: { bppCommandId: 5, errorReason: 12 } } };
const cancelledSession: Cancelled = { ...bound, stage: 'cancelled' };
const cancelReason = { subjectCode: '8.2.10', reasonCode: '4.2', message: 'cancelled' } as const;

test('a failed result after the session was cancelled says why, and is an event of point 4', async () => {
  const error = fail(downloaded, cancelReason, 1);
  const changes = await saved(result(failure), { session: cancelledSession, profile: error });
  const [session, profile, event] = changes;
  assert.ok(session && 'session' in session && session.session.stage === 'ended');
  assert.ok(profile && 'profile' in profile && profile.profile.state === 'ERROR');
  assert.match(profile.profile.reason.message, /PEProcessingError at loadProfileElements/);
  assert.ok(event && 'event' in event);
  assert.deepEqual([event.event.type, event.event.point], ['profile.error', 4]);
  assert.ok(event.event.resultData, 'with what the eUICC signed');
});

test('a good result counts after a cancel, a delay, an end of the order and another release', async () => {
  const after = (profile: Profile) => profileAfter(result(), profile, cancelledSession);
  assert.equal((await after(fail(downloaded, cancelReason, 1))).state, 'INSTALLED');
  assert.equal((await after(postpone(downloaded, 1))).state, 'INSTALLED');
  assert.equal((await after(releaseAgain(downloaded, env))).state, 'INSTALLED');
  assert.equal((await profileAfter(result(), downloaded, { ...bound, expiresAt: 0 })).state, 'INSTALLED');
});

test('a failed result does not end what was released again, and no result takes the place of another eUICC', async () => {
  const again = releaseAgain(downloaded, env);
  assert.equal(await profileAfter(result(failure), again, cancelledSession), again);
  const elsewhere = {
    ...downloaded,
    binding: bindingOf({ ...downloaded.binding, eid: completeEid('890490329999999999999999999999') }),
  };
  for (const each of [result(), result(failure)])
    assert.equal(await profileAfter(each, elsewhere, cancelledSession), elsewhere);
  assert.equal(await profileAfter(result(failure), installed, cancelledSession), installed);
});

test('a profile that its eUICC has deleted and installed once more before it reported anything is INSTALLED in the end', async () => {
  const deleted = report(installed, 'DELETED', { eid, seqNumber: 3 }, 1) as OnDevice;
  assert.equal((await profileAfter(result({ seqNumber: 4 }), deleted, bound)).state, 'INSTALLED');
  assert.equal(await profileAfter(result({ seqNumber: 2 }), deleted, bound), deleted, 'a late one');
  const otherEid = completeEid('890490329999999999999999999999');
  const elsewhere = { ...deleted, device: { ...deleted.device, eid: otherEid } };
  assert.equal(await profileAfter(result({ seqNumber: 4 }), elsewhere, bound), elsewhere);
});

test('a late result does not install what the eUICC has deleted and what returned since', async () => {
  const returned = { ...releaseAgain(downloaded, env), order: { ...released.order, reusesLeft: 1 } };
  const order = {
    ...returned.order,
    reusePolicy: { type: 'SAME_MID', maxCount: 2, cooldownSeconds: 0 },
  } as const;
  const waiting = { ...returned, order };
  assert.equal(await profileAfter(result(), waiting, bound), waiting);
});

const reusable: Released = { ...released, order: { ...released.order, reusable: true } };
const use: Use = { iccid, eid, binding: downloaded.binding, version: 1 };

test('a result of a reusable order ends the download of its eUICC, and does not write the profile', async () => {
  for (const [request, type] of [
    [result(), 'profile.installed'],
    [result(failure), 'profile.error'],
  ] as const) {
    const save = await saved(request, { session: bound, profile: reusable, use });
    assert.ok(!save.some((change) => 'profile' in change));
    const uses = save.flatMap((change) => ('use' in change ? [change.use] : []));
    assert.equal(uses.length, 1);
    assert.ok(uses[0] && !('binding' in uses[0]), 'the one-time key is gone');
    const events = save.flatMap((change) => ('event' in change ? [change.event.type] : []));
    assert.deepEqual(events, [type]);
  }
});

test('the reports of each eUICC of a reusable order are followed by its own numbers', async () => {
  const otherEid = completeEid('890490329999999999999999999999');
  const shown = { ...reusable, device: { eid: otherEid, lastSeqNumber: 90, lastNotificationAt: 1 } };
  const device = { eid, lastSeqNumber: 4, lastNotificationAt: 1, state: 'INSTALLED' } as const;
  const after = await saved(event('notificationEnable', 5), { profile: shown, use: { ...use, device } });
  const [latest] = after.flatMap((change) => ('latest' in change ? [change.latest] : []));
  assert.deepEqual([latest?.device?.eid, latest?.device?.state], [eid, 'ENABLED']);
  assert.deepEqual(
    await saved(event('notificationEnable', 4), { profile: shown, use: { ...use, device } }),
    [],
    'late',
  );
  const { binding: _, ...unknown } = use;
  assert.deepEqual(await saved(event('notificationEnable', 5), { profile: shown, use: unknown }), []);
});

/** Why a message changed nothing. */
async function ignored(
  request: ReturnType<typeof pending>,
  found: { readonly session?: Session; readonly profile?: Profile },
): Promise<string | undefined> {
  const decision = await handleNotification.decide(request, found, env);
  assert.ok('reply' in decision);
  return decision.ignored && `${decision.ignored.subjectCode}/${decision.ignored.reasonCode}`;
}

test('a message that changes nothing says why', async () => {
  const stranger = generateSigningKey('P-256');
  const found = { session: bound, profile: downloaded };
  assert.equal(await ignored(result(), found), undefined);
  assert.equal(await ignored(result(), {}), '8.10.1/3.9');
  assert.equal(await ignored(result(), { session: { ...bound, stage: 'ended' } }), '8.10.1/3.3');
  assert.equal(await ignored(result({ key: stranger }), found), '8.1/6.1');
  assert.equal(await ignored(result({ oid: '2.999.99' }), found), '8.8/3.10');
  assert.equal(await ignored(result(), { session: bound, profile: installed }), '8.2/1.2');
  assert.equal(await ignored(event('notificationDelete', 9), {}), '8.2.1/3.9');
  assert.equal(await ignored(event('notificationDelete', 9, stranger), { profile: installed }), '8.1/6.1');
  assert.equal(await ignored(event('notificationDelete', 9), { profile: released }), '8.1.1/3.10');
  assert.equal(await ignored(event('notificationEnable', 1), { profile: installed }), '8.2/3.3');
  assert.equal(await ignored(event('notificationEnable', 2), { profile: installed }), undefined);
});

test('enabling, disabling and deleting are followed in the order of their numbers', async () => {
  const enabled = await profileAfter(event('notificationEnable', 2), installed);
  assert.equal(enabled.state, 'ENABLED');
  const disabled = await profileAfter(event('notificationDisable', 5), enabled);
  assert.equal(disabled.state, 'DISABLED');
  assert.equal((await profileAfter(event('notificationEnable', 4), disabled)).state, 'DISABLED', 'late');
  assert.equal((await profileAfter(event('notificationDisable', 5), disabled)).state, 'DISABLED', 'repeated');
  assert.equal((await profileAfter(event('notificationDelete', 6), disabled)).state, 'DELETED');
});

test('news of a Profile whose result was lost shows that it was installed', async () => {
  assert.equal((await profileAfter(event('notificationEnable', 2), downloaded)).state, 'ENABLED');
  const after = (await profileAfter(event('notificationEnable', 2), downloaded)) as OnDevice;
  assert.equal(
    (await profileAfter(result(), after, bound)).state,
    'ENABLED',
    'the late result does not take it back',
  );
});

test('where a profile with the ICCID was deleted before, news counts only after the result of the new one', async () => {
  const found = { profile: downloaded, hasFormer: true };
  assert.equal(await ignored(event('notificationDelete', 2), found), '8.2/1.2');
  const after = await profileAfter(result(), downloaded, bound);
  assert.equal(after.state, 'INSTALLED');
  const known = { profile: after, hasFormer: true };
  assert.equal(await ignored(event('notificationDelete', 1), known), '8.2/3.3');
  assert.equal(await ignored(event('notificationDelete', 99), known), undefined);
});

test('news with a forged signature, of another eUICC or of an order in wait change nothing', async () => {
  const forged = event('notificationDelete', 9, generateSigningKey('P-256'));
  assert.deepEqual(await saved(forged, { profile: installed }), []);
  const elsewhere = {
    ...installed,
    device: { ...installed.device, eid: completeEid('890490329999999999999999999999') },
  };
  assert.deepEqual(await saved(event('notificationDelete', 9), { profile: elsewhere }), []);
  assert.deepEqual(await saved(event('notificationDelete', 9), { profile: released }), []);
  assert.deepEqual(await saved(event('notificationDelete', 9), {}), []);
});

/** The eUICC had the Profile before; then it was ordered again, and the same eUICC downloads it again. */
function downloadedAgain(before: Profile): Downloaded {
  const { earlierDevices = [] } = stockAgain(before, 'AVAILABLE', 1);
  return { ...downloaded, order: { ...downloaded.order, id: 'second' as OrderId }, earlierDevices };
}

const secondSession: Bound = {
  ...bound,
  orderId: 'second' as OrderId,
  euiccOtpk: downloaded.binding.euiccOtpk,
};

for (const [name, before] of [
  ['reported that it installed', installed],
  ['reported nothing of', downloaded],
] as const)
  test(`late messages about a profile that the eUICC ${name} do not change its new order`, async () => {
    const again = downloadedAgain(before);
    for (const late of ['notificationInstall', 'notificationEnable', 'notificationDisable'] as const)
      assert.equal((await profileAfter(event(late, 2), again)).state, 'DOWNLOADED', late);
    const noted = await profileAfter(event('notificationDelete', 3), again);
    assert.equal(noted.state, 'DOWNLOADED');
    assert.equal(await ignored(event('notificationDelete', 3), { profile: again }), '8.2/1.2');
    assert.equal(await ignored(event('notificationDelete', 3), { profile: noted }), '8.2/3.3', 'repeated');
    const after = await profileAfter(result({ seqNumber: 4 }), noted, secondSession);
    assert.equal(after.state, 'INSTALLED');
    assert.equal((await profileAfter(event('notificationDelete', 3), after)).state, 'INSTALLED');
    assert.equal((await profileAfter(event('notificationDelete', 5), after)).state, 'DELETED');
  });

test('messages about an earlier installation that come before the new order, or out of order, change nothing later', async () => {
  const free = stockAgain(installed, 'AVAILABLE', 1);
  const noted = await profileAfter(event('notificationDelete', 3), free);
  assert.equal(noted.state, 'AVAILABLE');
  const again = { ...downloaded, earlierDevices: noted.earlierDevices ?? [] };
  assert.equal(await ignored(event('notificationEnable', 2), { profile: again }), '8.2/3.3');
  assert.equal(
    (await profileAfter(event('notificationEnable', 5), again)).state,
    'ENABLED',
    'the first installation is over, so this is news of the second, whose result was lost',
  );
});

test('a new installation counts, also where the numbers of its eUICC began again', async () => {
  const again = downloadedAgain({ ...installed, device: { ...installed.device, lastSeqNumber: 90 } });
  const after = await profileAfter(result({ seqNumber: 1 }), again, secondSession);
  assert.equal(after.state, 'INSTALLED');
  assert.equal((await profileAfter(event('notificationEnable', 2), after)).state, 'ENABLED');
});

test('an eUICC that had nothing to do with the earlier installation reports as ever', async () => {
  const stranger = completeEid('890490329999999999999999999999');
  const again = { ...downloaded, earlierDevices: [{ eid: stranger, lastSeqNumber: 9, isDeleted: false }] };
  assert.equal((await profileAfter(event('notificationEnable', 2), again)).state, 'ENABLED');
});

test('the failed result of an earlier download does not end the present one of the same order', async () => {
  const first: Bound = { ...bound, euiccOtpk: new Uint8Array(65).fill(1) };
  const retried = download(
    downloaded,
    bindingOf({ ...downloaded.binding, euiccOtpk: new Uint8Array(65).fill(2) }),
    1,
  );
  assert.equal(await profileAfter(result(failure), retried, first), retried);
  assert.equal(await ignored(result(failure), { session: first, profile: retried }), '8.2/3.3');
  const second: Bound = { ...bound, euiccOtpk: new Uint8Array(65).fill(2) };
  assert.equal((await profileAfter(result(failure), retried, second)).state, 'ERROR');
  assert.equal((await profileAfter(result({ seqNumber: 2 }), retried, second)).state, 'INSTALLED');
});

test('a second installation under the same order counts after the first was reported and deleted', async () => {
  const afterFirst = await profileAfter(event('notificationDelete', 2), installed);
  const second: Bound = { ...bound, euiccOtpk: new Uint8Array(65).fill(2) };
  assert.equal((await profileAfter(result({ seqNumber: 3 }), afterFirst, second)).state, 'INSTALLED');
  assert.equal(await profileAfter(result({ seqNumber: 2 }), afterFirst, second), afterFirst);
});

test('after a reusable order, news of any eUICC counts only after the result of its new download', async () => {
  const { earlierDevices = [] } = stockAgain(reusable, 'AVAILABLE', 1);
  const again = { ...downloaded, order: { ...downloaded.order, id: 'second' as OrderId }, earlierDevices };
  assert.equal(await ignored(event('notificationDelete', 9), { profile: again }), '8.2/1.2');
  const after = await profileAfter(result({ seqNumber: 10 }), again, secondSession);
  assert.equal(after.state, 'INSTALLED');
  assert.equal((await profileAfter(event('notificationDelete', 11), after)).state, 'DELETED');
});

test('a signed failure ends what its eUICC may report about the profile, a cancel does not', async () => {
  const failed = await profileAfter(result({ ...failure, seqNumber: 5 }), downloaded, bound);
  const [proven] = stockAgain(failed, 'AVAILABLE', 1).earlierDevices ?? [];
  assert.deepEqual(proven, { eid, lastSeqNumber: 5, isDeleted: true });
  const [unproven] = fail(downloaded, cancelReason, 1).earlierDevices ?? [];
  assert.deepEqual(unproven, { eid, lastSeqNumber: -1, isDeleted: false });
});
