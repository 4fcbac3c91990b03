import assert from 'node:assert/strict';
import { decode } from '@esim-rsp/codec';
import {
  bppCommandIds,
  errorReasons,
  PendingNotification,
  type ProfileInstallationResult,
} from '@esim-rsp/sgp22/asn1/notification';
import { splitBoundProfilePackage } from '@esim-rsp/sgp22/bpp/segment';
import { readCertificate } from '@esim-rsp/sgp22/pki/certificate';
import {
  type ChannelWords,
  type Commands,
  channel,
  commandsOf,
  packageOf,
  protectionFor,
} from './package.harness.ts';
import { dpOn, newCard, SMDP_OID } from './pki.harness.ts';
import { type TestProfile, testProfile } from './profile.harness.ts';
import { type Binding, load, prepared, type Reader, readerWith, SMDP_ADDRESS } from './server.harness.ts';

const dp = dpOn();
const dpPb = dp.dpPb.key;

/** What a ProfileInstallationResult blames. */
export type Failure = { readonly at: keyof typeof bppCommandIds; readonly why: keyof typeof errorReasons };
export type Prepared = { readonly reader: Reader; readonly binding: Binding };

/** A card with a session up to PrepareDownload. */
export function ready(reader = readerWith(newCard())): Prepared {
  return { reader, binding: prepared(reader, dp) };
}

/** The segments of a profile for this binding, as they should be but for the changes. */
export function bound(
  binding: Binding,
  profile: TestProfile = testProfile(),
  changes: { readonly words?: Partial<ChannelWords>; readonly commands?: Partial<Commands> } = {},
): Uint8Array[] {
  const commands = { ...commandsOf(profile), ...changes.commands };
  const begin = channel(binding, { key: dpPb, ...changes.words });
  return splitBoundProfilePackage(packageOf(begin, protectionFor(binding), commands));
}

/**
 * Loading ends with this result, which the card keeps signed; nothing else is left of it but the one-time key, with
 * which the next download works.
 */
export async function mustFail(
  { reader, binding }: Prepared,
  segments: readonly Uint8Array[],
  { at, why }: Failure,
): Promise<ProfileInstallationResult> {
  const before = reader.card();
  const result = load(reader, segments);
  assert.ok(result, 'the package came to its end without a result');
  mustBeSigned(reader, result);
  const { finalResult, transactionId, notificationMetadata, smdpOid } =
    result.profileInstallationResultData.value;
  assert.ok('errorResult' in finalResult, 'it was installed');
  const { bppCommandId, errorReason } = finalResult.errorResult;
  assert.deepEqual([bppCommandId, errorReason], [bppCommandIds[at], errorReasons[why]]);
  assert.deepEqual(transactionId, binding.transactionId);
  assert.equal(smdpOid, SMDP_OID);
  assert.equal(notificationMetadata.notificationAddress, SMDP_ADDRESS);
  assert.equal(notificationMetadata.seqNumber, before.nextSeqNumber);

  const after = reader.card();
  assert.equal(after.profiles, before.profiles);
  assert.equal(after.oneTimeKeys, before.oneTimeKeys);
  assert.equal(after.session, undefined);
  assert.equal(after.notifications.length, before.notifications.length + 1);
  assert.equal(reader.transmit(segments.at(-1) as Uint8Array).sw, 0x6985, 'the session is over');
  await mustInstall(reader, binding);
  return result;
}

function mustBeSigned(reader: Reader, result: ProfileInstallationResult): void {
  const { publicKey } = readCertificate(reader.card().credentials[0]?.euiccCertificate as Uint8Array);
  const { profileInstallationResultData, euiccSignPIR } = result;
  assert.ok(publicKey().verify(euiccSignPIR, profileInstallationResultData.bytes));
  const kept = decode(PendingNotification, reader.card().notifications.at(-1)?.bytes as Uint8Array);
  assert.deepEqual(kept, { profileInstallationResult: result });
}

/** A download with the one-time key of the binding, which the server names. */
export async function mustInstall(reader: Reader, { euiccOtpk }: Binding): Promise<void> {
  const again = prepared(reader, dp, euiccOtpk);
  assert.deepEqual(again.euiccOtpk, euiccOtpk);
  const profile = testProfile();
  const result = load(reader, bound(again, profile));
  assert.ok(result && 'successResult' in result.profileInstallationResultData.value.finalResult);
  assert.deepEqual(reader.card().profiles.at(-1)?.upp, profile.upp);
}
