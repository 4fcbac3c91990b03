import { decode, encode, fromBase64, fromHex, type Infer, made, toBase64 } from '@esim-rsp/codec';
import { readPkiDirectory } from '@esim-rsp/server/keys/pki-directory';
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
import { type Curve, generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { drawOneTimeKey } from '@esim-rsp/sgp22/crypto/ecka';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { es9plus } from '@esim-rsp/sgp22/functions/es9plus';
import { makeEuicc } from '@esim-rsp/sgp22/pki/maker';
import { readEum } from '@esim-rsp/sgp22/pki/pki-set';
import { completeEid } from '@esim-rsp/sgp22/value/eid';
import { openConnection } from './load.ts';
import type { ServerProcess } from './process.ts';

/** A client that does no more than the server needs to see: what can be made beforehand is, what must be signed is signed. */
export type SessionClient = { run(sessions: number, inFlight: number): Promise<void> };

type Info2 = Infer<typeof EUICCInfo2>;

const version = fromHex('020200');

/** Makes `eUICCs` cards under the server's EUM, with their certificates and one-time keys. */
export async function sessionClient(
  server: ServerProcess,
  eUICCs: number,
  curve: Curve,
): Promise<SessionClient> {
  const files = await readPkiDirectory(server.facts.pki as string);
  if (files === undefined) throw new Error('the server made no PKI');
  const eum = readEum(files, curve);
  const ciPKIds = [fromHex(server.facts.ciPKId as string)];
  const env = { random: systemRandom, now: Date.now(), drawKey: generateSigningKey };
  const cards = Array.from({ length: eUICCs }, (_, i) => {
    const eid = completeEid(`89049032${String(i).padStart(22, '0')}`);
    return { ...makeEuicc(env, eum, eid), otPk: drawOneTimeKey(curve, systemRandom).otPk };
  });
  const euiccInfo1 = made(EUICCInfo1, {
    svn: version,
    euiccCiPKIdListForVerification: ciPKIds,
    euiccCiPKIdListForSigning: ciPKIds,
  });
  const euiccInfo2: Info2 = {
    profileVersion: version,
    svn: version,
    euiccFirmwareVer: version,
    extCardResource: fromHex('81010082040007ea328304000016e0'),
    uiccCapability: new Set([1, 4, 14]),
    rspCapability: new Set([0]),
    euiccCiPKIdListForVerification: ciPKIds,
    euiccCiPKIdListForSigning: ciPKIds,
    ppVersion: version,
    sasAcreditationNumber: 'BENCH',
  };
  const info2 = made(EUICCInfo2, euiccInfo2);
  const initiate = httpPost(es9plus.initiateAuthentication.path, {
    euiccChallenge: toBase64(systemRandom(16)),
    euiccInfo1: toBase64(euiccInfo1.bytes),
    smdpAddress: 'localhost',
  });

  const session = async (i: number, exchange: (request: string) => Promise<Buffer>) => {
    const card = cards[i % cards.length] as (typeof cards)[number];
    const sign = (...parts: Uint8Array[]) => made(Signature, card.key.sign(...parts));
    const first = answered(await exchange(initiate));
    const { serverChallenge, transactionId, serverAddress } = decode(
      ServerSigned1,
      fromBase64(first.serverSigned1 as string),
    );
    const ctxParams1 = {
      ctxParamsForCommonAuthentication: {
        matchingId: `BENCH-${i}`,
        deviceInfo: { tac: fromHex('35290611'), deviceCapabilities: {} },
      },
    };
    const euiccSigned1 = made(EuiccSigned1, {
      transactionId,
      serverAddress,
      serverChallenge,
      euiccInfo2: info2,
      ctxParams1: made(CtxParams1, ctxParams1),
    });
    const authenticateServerResponse = encode(AuthenticateServerResponse, {
      authenticateResponseOk: {
        euiccSigned1,
        euiccSignature1: sign(euiccSigned1.bytes),
        euiccCertificate: card.certificate,
        eumCertificate: eum.certificate,
      },
    });
    const id = first.transactionId as string;
    const second = answered(
      await exchange(
        httpPost(es9plus.authenticateClient.path, {
          transactionId: id,
          authenticateServerResponse: toBase64(authenticateServerResponse),
        }),
      ),
    );
    const euiccSigned2 = made(EUICCSigned2, { transactionId, euiccOtpk: card.otPk });
    const prepareDownloadResponse = encode(PrepareDownloadResponse, {
      downloadResponseOk: {
        euiccSigned2,
        euiccSignature2: sign(euiccSigned2.bytes, fromBase64(second.smdpSignature2 as string)),
      },
    });
    answered(
      await exchange(
        httpPost(es9plus.getBoundProfilePackage.path, {
          transactionId: id,
          prepareDownloadResponse: toBase64(prepareDownloadResponse),
        }),
      ),
    );
    const data = made(ProfileInstallationResultData, {
      transactionId,
      notificationMetadata: {
        seqNumber: i + 1,
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
    const pendingNotification = encode(PendingNotification, {
      profileInstallationResult: {
        profileInstallationResultData: data,
        euiccSignPIR: card.key.sign(data.bytes),
      },
    });
    await exchange(
      httpPost(es9plus.handleNotification.path, { pendingNotification: toBase64(pendingNotification) }),
    );
  };

  let next = 0;
  return {
    async run(sessions, inFlight) {
      const end = next + sessions;
      const worker = async () => {
        const { exchange, close } = await openConnection(server.port);
        while (next < end) await session(next++, exchange);
        close();
      };
      await Promise.all(Array.from({ length: inFlight }, worker));
    },
  };
}

function httpPost(path: string, members: Readonly<Record<string, string>>): string {
  const body = JSON.stringify(members);
  return `POST ${path} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: gsma-rsp-lpad\r\nX-Admin-Protocol: gsma/rsp/v2.2.2\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

function answered(body: Buffer): Record<string, unknown> {
  const answer = JSON.parse(body.toString('latin1')) as Record<string, unknown>;
  const { functionExecutionStatus } = answer.header as { functionExecutionStatus: { status: string } };
  if (functionExecutionStatus.status !== 'Executed-Success')
    throw new Error(JSON.stringify(functionExecutionStatus));
  return answer;
}
