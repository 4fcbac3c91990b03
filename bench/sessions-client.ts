import {
  type Der,
  decode,
  encode,
  encodeWithBytes,
  fromBase64,
  fromHex,
  type Infer,
  toBase64,
} from '@esim-rsp/codec';
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
import type { SessionsServer } from './sessions-server.ts';

/**
 * A client that prepares its messages in advance: all sessions of a run make the same call at the same time, and the client
 * signs the messages of the next call in between, while the server is idle. Session i uses card i and the MatchingID
 * `BENCH-<i>`: each eUICC downloads once. A call that fails throws.
 */
export type SessionClient = {
  /** Resolves to the seconds in which the client waited for the server. */
  run(sessions: number, inFlight: number): Promise<number>;
};

export function sessionClient(server: SessionsServer, cards: readonly Card[]): SessionClient {
  const info2 = euiccInfo2(server.ciPKId);
  const prepared = {
    euiccInfo2: encodeWithBytes(EUICCInfo2, info2),
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
      if (end > cards.length) throw new Error(`there are ${cards.length} cards, but ${end} are needed`);
      const numbers = Array.from({ length: sessions }, (_, i) => next + i);
      next = end;
      const connections = await Promise.all(
        Array.from({ length: inFlight }, () => openConnection(server.port)),
      );
      const seconds = await downloadAll(connections, prepared, cards, numbers);
      for (const { close } of connections) close();
      return seconds;
    },
  };
}

type Prepared = { readonly euiccInfo2: Der<Infer<typeof EUICCInfo2>>; readonly initiate: string };
type Connection = { readonly exchange: Exchange };

/** The four calls of each download. Resolves to the seconds that they took. */
async function downloadAll(
  connections: readonly Connection[],
  prepared: Prepared,
  cards: readonly Card[],
  numbers: readonly number[],
): Promise<number> {
  let waited = 0;
  const ask = async (requests: readonly string[]) => {
    const start = performance.now();
    const answers = await exchangeAll(connections, requests);
    waited += performance.now() - start;
    return answers;
  };
  const initiated = (await ask(numbers.map(() => prepared.initiate))).map((answer) => {
    const { transactionId, serverSigned1 } = readReply(answer);
    const signed = decode(ServerSigned1, fromBase64(serverSigned1 as string));
    return { transactionId: transactionId as string, signed };
  });
  const sessions = numbers.map((number, i) => ({
    number,
    card: cards[number] as Card,
    ...(initiated[i] as (typeof initiated)[number]),
  }));
  const offers = await ask(
    sessions.map(({ transactionId, card, signed, number }) => {
      const response = toBase64(signAuthentication(prepared, card, signed, `BENCH-${number}`));
      return httpPost('authenticateClient', { transactionId, authenticateServerResponse: response });
    }),
  );
  const packages = await ask(
    sessions.map(({ transactionId, card, signed }, i) => {
      const smdpSignature2 = fromBase64(readReply(offers[i] as Answer).smdpSignature2 as string);
      const response = toBase64(signDownload(card, signed.transactionId, smdpSignature2));
      return httpPost('getBoundProfilePackage', { transactionId, prepareDownloadResponse: response });
    }),
  );
  for (const answer of packages) readReply(answer);
  const ends = await ask(
    sessions.map(({ card, signed, number }) => {
      const pendingNotification = toBase64(signInstallation(card, signed.transactionId, number + 1));
      return httpPost('handleNotification', { pendingNotification });
    }),
  );
  const odd = ends.find(({ status }) => status !== 204);
  if (odd !== undefined) throw new Error(`the answer to a notification was ${odd.status}`);
  return waited / 1000;
}

/** Sends the requests, as many at a time as there are connections; the answers come in the order of the requests. */
async function exchangeAll(
  connections: readonly Connection[],
  requests: readonly string[],
): Promise<Answer[]> {
  const answers: Answer[] = [];
  let sent = 0;
  const send = async ({ exchange }: Connection) => {
    while (sent < requests.length) {
      const i = sent++;
      answers[i] = await exchange(requests[i] as string);
    }
  };
  await Promise.all(connections.map(send));
  return answers;
}

function signAuthentication(
  { euiccInfo2 }: Prepared,
  { certificate, eumCertificate, key }: Card,
  { transactionId, serverChallenge, serverAddress }: Infer<typeof ServerSigned1>,
  matchingId: string,
): Uint8Array {
  const ctxParams1 = encodeWithBytes(CtxParams1, {
    ctxParamsForCommonAuthentication: {
      matchingId,
      deviceInfo: { tac: fromHex('35290611'), deviceCapabilities: {} },
    },
  });
  const euiccSigned1 = encodeWithBytes(EuiccSigned1, {
    transactionId,
    serverAddress,
    serverChallenge,
    euiccInfo2,
    ctxParams1,
  });
  return encode(AuthenticateServerResponse, {
    authenticateResponseOk: {
      euiccSigned1,
      euiccSignature1: encodeWithBytes(Signature, key.sign(euiccSigned1.bytes)),
      euiccCertificate: certificate,
      eumCertificate,
    },
  });
}

function signDownload({ key, otPk }: Card, transactionId: Uint8Array, smdpSignature2: Uint8Array) {
  const euiccSigned2 = encodeWithBytes(EUICCSigned2, { transactionId, euiccOtpk: otPk });
  const euiccSignature2 = encodeWithBytes(Signature, key.sign(euiccSigned2.bytes, smdpSignature2));
  return encode(PrepareDownloadResponse, { downloadResponseOk: { euiccSigned2, euiccSignature2 } });
}

function signInstallation({ key }: Card, transactionId: Uint8Array, seqNumber: number): Uint8Array {
  const data = encodeWithBytes(ProfileInstallationResultData, {
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

/** Reads the members of an answer; throws unless it is Executed-Success. */
function readReply({ body }: Answer): Record<string, unknown> {
  const answer = JSON.parse(body.toString('latin1')) as Record<string, unknown>;
  const { functionExecutionStatus } = answer.header as { functionExecutionStatus: { status: string } };
  if (functionExecutionStatus.status !== 'Executed-Success')
    throw new Error(JSON.stringify(functionExecutionStatus));
  return answer;
}
