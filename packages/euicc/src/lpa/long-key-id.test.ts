import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encode, encodeWithBytes, octetString } from '@esim-rsp/codec';
import { ServerSigned1 } from '@esim-rsp/sgp22/asn1/authentication';
import { Signature } from '@esim-rsp/sgp22/asn1/common';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { download, execute, type HttpAnswer, LpaFailure } from '../index.ts';
import { dpOn, newCard } from '../pki.harness.ts';
import { readerWith, SMDP_ADDRESS } from '../server.harness.ts';

const base64 = (octets: Uint8Array) => Buffer.from(octets).toString('base64');

/** What ES9+.InitiateAuthentication answers, with a key identifier of so many octets. */
function answerWith(keyIdLength: number): HttpAnswer {
  const { dpAuth } = dpOn('P-256');
  const transactionId = systemRandom(16);
  const serverSigned1 = encodeWithBytes(ServerSigned1, {
    transactionId,
    euiccChallenge: systemRandom(16),
    serverAddress: SMDP_ADDRESS,
    serverChallenge: systemRandom(16),
  });
  const body = {
    header: { functionExecutionStatus: { status: 'Executed-Success' } },
    transactionId: Buffer.from(transactionId).toString('hex').toUpperCase(),
    serverSigned1: base64(serverSigned1.bytes),
    serverSignature1: base64(encodeWithBytes(Signature, dpAuth.key.sign(serverSigned1.bytes)).bytes),
    euiccCiPKIdToBeUsed: base64(encode(octetString(), new Uint8Array(keyIdLength))),
    serverCertificate: base64(dpAuth.certificate.bytes),
  };
  return { status: 200, body };
}

function downloadFrom(answer: HttpAnswer) {
  const reader = readerWith(newCard());
  return download(
    {
      source: { smdpAddress: SMDP_ADDRESS, matchingId: 'X' },
      consent: async () => true,
      confirmationCode: async () => undefined,
    },
    {
      es9: { post: async () => answer },
      es10: { transmit: async (command) => execute(reader.card(), command, { random: systemRandom }) },
      onStep: () => undefined,
    },
  );
}

/** Found by fuzzing: the command for the card could not be encoded, and a RangeError came through. */
test('a server that names a CI by more than 64 octets is an LpaFailure, and the card is not asked', async () => {
  await assert.rejects(downloadFrom(answerWith(65)), (error) => {
    assert.ok(error instanceof LpaFailure);
    assert.equal(error.step, 'initiateAuthentication');
    assert.match(error.message, /euiccCiPKIdToBeUsed/);
    return true;
  });
  await assert.rejects(downloadFrom(answerWith(64)), { name: 'LpaFailure', step: 'authenticateServer' });
});
