import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { concat, decode, equal, fromHex, toHex } from '@esim-rsp/codec';
import { BoundProfilePackage } from '../asn1/bound-profile-package.ts';
import { PrepareDownloadResponse } from '../asn1/download.ts';
import { computeSharedSecret, importOneTimeKey } from '../crypto/ecka.ts';
import { parseEid } from '../value/eid.ts';
import { bindProfile } from './bind.ts';
import { openSegment, readFirstSegment, startOpening } from './open.ts';
import { splitBoundProfilePackage } from './segment.ts';
import { deriveSessionKeys } from './session-keys.ts';

/** A session between two other implementations, every input known. */
const SESSION = new URL('../../../../../shared/data/session/', import.meta.url);
const skip = existsSync(SESSION) ? false : 'the recorded session is not at ../shared/data/session';

const recorded = (name: string) => new Uint8Array(readFileSync(new URL(name, SESSION)));
const eid = parseEid('89049032123451234512345678901235');
const hostId = new TextEncoder().encode('euicc-rsp');

function recordedKeys() {
  const response = decode(PrepareDownloadResponse, recorded('prepare-download-response.der'));
  assert.ok('downloadResponseOk' in response);
  const { euiccOtpk } = response.downloadResponseOk.euiccSigned2.value;
  const dp = importOneTimeKey('P-256', recorded('otsk-dp.bin'));
  return {
    dp,
    euiccOtpk,
    keys: deriveSessionKeys({ sharedSecret: computeSharedSecret(dp, euiccOtpk), hostId, eid }),
  };
}

test('the recorded session has the session keys that were computed for it elsewhere', { skip }, () => {
  const { dp, euiccOtpk, keys } = recordedKeys();
  assert.equal(
    toHex(computeSharedSecret(dp, euiccOtpk)),
    '79696dc34351dfc7758b07baf66643f01d7d8f5ab976c51d5f2c42ab71f5a6c3',
  );
  assert.equal(toHex(keys.initialMacChainingValue), '9a8d4dc5d8c2ba3fccbb7f69036fd09f');
  assert.equal(toHex(keys.sEnc), '1f745c2897a86858e94823c218a2db4a');
  assert.equal(toHex(keys.sMac), '1c073583341b81244c40aae342de5434');
});

test('the recorded package is made again, byte for byte but for the signature', { skip }, async () => {
  const { dp, euiccOtpk } = recordedKeys();
  const expected = recorded('bound-profile-package.der');
  const { smdpSign } = decode(BoundProfilePackage, expected).initialiseSecureChannelRequest.value;
  const bound = await bindProfile({
    transactionId: recorded('transaction-id.bin'),
    hostId,
    eid,
    oneTimeKey: dp,
    euiccOtpk,
    dpPb: { curve: 'P-256', sign: () => smdpSign },
    metadata: recorded('store-metadata.der'),
    profile: { upp: recorded('upp.der') },
  });
  assert.equal(toHex(bound), toHex(expected));
});

test('the recorded package opens to the recorded metadata and profile', { skip }, () => {
  const { keys } = recordedKeys();
  const [first, ...segments] = splitBoundProfilePackage(recorded('bound-profile-package.der')) as [
    Uint8Array,
    ...Uint8Array[],
  ];
  let opening = startOpening(keys, readFirstSegment(first).remaining);
  const commands = segments.flatMap((segment) => {
    const step = openSegment(opening, segment);
    opening = step.opening;
    return step.commands;
  });
  const [configureISDP, storeMetadata, loadProfileElements] = commands;
  assert.equal(commands.length, 3);
  assert.ok(equal(configureISDP?.data ?? concat(), fromHex('bf2400')));
  assert.ok(equal(storeMetadata?.data ?? concat(), recorded('store-metadata.der')));
  assert.ok(equal(loadProfileElements?.data ?? concat(), recorded('upp.der')));
});
