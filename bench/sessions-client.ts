import { type Der, decode, encode, fromBase64, fromHex, type Infer, made, toBase64 } from '@esim-rsp/codec';
import {
  AuthenticateServerResponse,
  CtxParams1,
  EuiccSigned1,
  ServerSigned1,
} from '@esim-rsp/sgp22/asn1/authentication';
import { Signature } from '@esim-rsp/sgp22/asn1/common';
import { EUICCSigned2, PrepareDownloadResponse } from '@esim-rsp/sgp22/asn1/download';
import { EUICCInfo1, EUICCInfo2 } from '@esim-rsp/sgp22/asn1/euicc-info';
import { PendingNotification, ProfileInstallationResultData } from '@esim-rsp/sgp22/asn1/notification';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { type Es9Name, es9plus } from '@esim-rsp/sgp22/functions/es9plus';
import { type Card, euiccInfo2 } from './cards.ts';
import { type Answer, type Exchange, openConnection } from './load.ts';
import type { ServerProcess } from './process.ts';

/**
 * A client that does no more than the server needs to see: what can be made beforehand is, what must be signed is
 * signed. Session i is that of card i and MatchingID `BENCH-<i>`: no eUICC comes twice. It throws unless every call succeeds.
 */
export type SessionClient = { run(sessions: number, inFlight: number): Promise<void> };

export function sessionClient(server: ServerProcess, cards: readonly Card[]): SessionClient {
  const info2 = euiccInfo2(fromHex(server.facts.ciPKId as string));
  const prepared = {
    euiccInfo2: made(EUICCInfo2, info2),
    initiate: httpPost('initiateAuthentication', {
      euiccChallenge: toBase64(systemRandom(16)),
      euiccInfo1: toBase64(encode(EUICCInfo1, info2)),
      smdpAddress: 'localhost',
    }),
  };
  let next = 0;
  return {
    async run(sessions, inFlight) {
      const end = next + sessions;
      if (end > cards.length) throw new Error(`there are ${cards.length} cards, ${end} are wanted`);
      const worker = async () => {
        const { exchange, close } = await openConnection(server.port);
        while (next < end) await session(exchange, prepared, cards[next] as Card, next++);
        close();
      };
      await Promise.all(Array.from({ length: inFlight }, worker));
    },
  };
}

type Prepared = { readonly euiccInfo2: Der<Infer<typeof EUICCInfo2>>; readonly initiate: string };

/** The four calls of one download. */
async function session(exchange: Exchange, prepared: Prepared, card: Card, i: number): Promise<void> {
  const first = answered(await exchange(prepared.initiate));
  const signed = decode(ServerSigned1, fromBase64(first.serverSigned1 as string));
  const transactionId = first.transactionId as string;
  const second = answered(
    await exchange(
      httpPost('authenticateClient', {
        transactionId,
        authenticateServerResponse: toBase64(authenticated(prepared, card, signed, `BENCH-${i}`)),
      }),
    ),
  );
  const smdpSignature2 = fromBase64(second.smdpSignature2 as string);
  answered(
    await exchange(
      httpPost('getBoundProfilePackage', {
        transactionId,
        prepareDownloadResponse: toBase64(downloadPrepared(card, signed.transactionId, smdpSignature2)),
      }),
    ),
  );
  const pendingNotification = toBase64(installed(card, signed.transactionId, i + 1));
  const { status } = await exchange(httpPost('handleNotification', { pendingNotification }));
  if (status !== 204) throw new Error(`a notification was answered ${status}`);
}

function authenticated(
  { euiccInfo2 }: Prepared,
  { certificate, eumCertificate, key }: Card,
  { transactionId, serverChallenge, serverAddress }: Infer<typeof ServerSigned1>,
  matchingId: string,
): Uint8Array {
  const ctxParams1 = made(CtxParams1, {
    ctxParamsForCommonAuthentication: {
      matchingId,
      deviceInfo: { tac: fromHex('35290611'), deviceCapabilities: {} },
    },
  });
  const euiccSigned1 = made(EuiccSigned1, {
    transactionId,
    serverAddress,
    serverChallenge,
    euiccInfo2,
    ctxParams1,
  });
  return encode(AuthenticateServerResponse, {
    authenticateResponseOk: {
      euiccSigned1,
      euiccSignature1: made(Signature, key.sign(euiccSigned1.bytes)),
      euiccCertificate: certificate,
      eumCertificate,
    },
  });
}

function downloadPrepared({ key, otPk }: Card, transactionId: Uint8Array, smdpSignature2: Uint8Array) {
  const euiccSigned2 = made(EUICCSigned2, { transactionId, euiccOtpk: otPk });
  const euiccSignature2 = made(Signature, key.sign(euiccSigned2.bytes, smdpSignature2));
  return encode(PrepareDownloadResponse, { downloadResponseOk: { euiccSigned2, euiccSignature2 } });
}

function installed({ key }: Card, transactionId: Uint8Array, seqNumber: number): Uint8Array {
  const data = made(ProfileInstallationResultData, {
    transactionId,
    notificationMetadata: {
      seqNumber,
      profileManagementOperation: new Set([0]),
      notificationAddress: 'localhost',
    },
    finalResult: {
      successResult: {
        aid: fromHex('a0000005591010ffffffff8900001100'),
        simaResponse: fromHex('3007a0053003800100'),
      },
    },
  });
  return encode(PendingNotification, {
    profileInstallationResult: {
      profileInstallationResultData: data,
      euiccSignPIR: key.sign(data.bytes),
    },
  });
}

function httpPost(name: Es9Name, members: Readonly<Record<string, string>>): string {
  const body = JSON.stringify(members);
  const head = [
    `POST ${es9plus[name].path} HTTP/1.1`,
    'Host: localhost',
    'User-Agent: gsma-rsp-lpad',
    'X-Admin-Protocol: gsma/rsp/v2.2.2',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

/** The members of an answer that says Executed-Success. */
function answered({ body }: Answer): Record<string, unknown> {
  const answer = JSON.parse(body.toString('latin1')) as Record<string, unknown>;
  const { functionExecutionStatus } = answer.header as { functionExecutionStatus: { status: string } };
  if (functionExecutionStatus.status !== 'Executed-Success')
    throw new Error(JSON.stringify(functionExecutionStatus));
  return answer;
}
