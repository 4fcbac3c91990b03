import { match } from 'node:assert/strict';
import { concat, decode, encode, encodeWithBytes } from '@esim-rsp/codec';
import { type Card, execute } from '@esim-rsp/euicc';
import { AuthenticateServerRequest, AuthenticateServerResponse } from '@esim-rsp/sgp22/asn1/authentication';
import { Signature } from '@esim-rsp/sgp22/asn1/common';
import { PrepareDownloadRequest, PrepareDownloadResponse } from '@esim-rsp/sgp22/asn1/download';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { dpOn, newCard } from '../../packages/euicc/src/pki.harness.ts';
import {
  authenticated,
  authenticateServerRequest,
  challenge,
  prepareDownloadRequest,
  readerWith,
} from '../../packages/euicc/src/server.harness.ts';
import { behindSelector, mutateDer } from '../mutate.ts';
import type { Target } from '../target.ts';

type Step = {
  readonly signed: Uint8Array;
  /** The command with this content signed by the server, the card that receives it, and the type of the answer. */
  readonly command: (bytes: Uint8Array) => Uint8Array;
  readonly card: Card;
  readonly answer: (data: Uint8Array) => unknown;
};

/** A genuine but hostile SM-DP+, which signs any content. The input is the step and the signed content. */
export const es10Signed: Target = {
  name: 'es10-signed',
  open: () => {
    const steps = [authenticating(), preparing()];
    return {
      seeds: steps.map(({ signed }, at) => concat(Uint8Array.of(at), signed)),
      mutate: behindSelector(mutateDer, steps.length),
      run: (input) => {
        const { command, card, answer } = steps[(input[0] ?? 0) % steps.length] as Step;
        const { sw, data } = execute(card, command(input.subarray(1)), { random: systemRandom });
        match(sw.toString(16), /^(?:9000|6985|6a80|6a88)$/);
        if (sw === 0x9000) answer(data);
      },
    };
  },
};

function authenticating(): Step {
  const [dp, reader] = [dpOn(), readerWith(newCard())];
  const request = authenticateServerRequest(dp, { euiccChallenge: challenge(reader) });
  const read = decode(AuthenticateServerRequest, request);
  return {
    signed: read.serverSigned1.bytes,
    command: (bytes) =>
      encode(AuthenticateServerRequest, {
        ...read,
        serverSigned1: { ...read.serverSigned1, bytes },
        serverSignature1: encodeWithBytes(Signature, dp.dpAuth.key.sign(bytes)),
      }),
    card: reader.card(),
    answer: (data) => decode(AuthenticateServerResponse, data),
  };
}

function preparing(): Step {
  const [dp, reader] = [dpOn(), readerWith(newCard())];
  const session = authenticated(reader, dp);
  const read = decode(PrepareDownloadRequest, prepareDownloadRequest(dp, session));
  return {
    signed: read.smdpSigned2.bytes,
    command: (bytes) =>
      encode(PrepareDownloadRequest, {
        ...read,
        smdpSigned2: { ...read.smdpSigned2, bytes },
        smdpSignature2: encodeWithBytes(Signature, dp.dpPb.key.sign(bytes, session.euiccSignature1.bytes)),
      }),
    card: reader.card(),
    answer: (data) => decode(PrepareDownloadResponse, data),
  };
}
