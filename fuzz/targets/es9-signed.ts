import { concat, decode, encode, encodeWithBytes } from '@esim-rsp/codec';
import { AuthenticateServerResponse } from '@esim-rsp/sgp22/asn1/authentication';
import { Signature } from '@esim-rsp/sgp22/asn1/common';
import { CancelSessionResponse, PrepareDownloadResponse } from '@esim-rsp/sgp22/asn1/download';
import { PendingNotification } from '@esim-rsp/sgp22/asn1/notification';
import type { LocalSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { parseTransactionId } from '@esim-rsp/sgp22/value/transaction-id';
import { pki } from '../../test/harness/server-in-process.ts';
import type { Moment } from '../moments.ts';
import { behindSelector, mutateDer } from '../mutate.ts';
import type { Target } from '../target.ts';
import { answered, moments, signedIn } from './es9.ts';

const key = pki.euiccs[0]?.key as LocalSigningKey;

/** A genuine but hostile eUICC, which signs any content. The input is the moment and the signed content. */
export const es9Signed: Target = {
  name: 'es9-signed',
  open: async () => {
    const all = (await moments()).filter((moment) => signedIn(moment) !== undefined);
    return {
      seeds: all.map((moment, at) => concat(Uint8Array.of(at), signedIn(moment) as Uint8Array)),
      mutate: behindSelector(mutateDer, all.length),
      run: async (input) => {
        const moment = all[(input[0] ?? 0) % all.length] as Moment;
        const store = await moment.storeThen();
        const { transactionId } = moment.body;
        const open = transactionId && (await store.session(parseTransactionId(transactionId)));
        const before = open && 'smdpSignature2' in open ? open.smdpSignature2 : new Uint8Array();
        const body = Buffer.from(JSON.stringify(saying(moment, input.subarray(1), before)));
        await answered(store, moment.path, body);
      },
    };
  },
};

/** The message with other signed content and the eUICC's signature over it. */
function saying({ body }: Moment, bytes: Uint8Array, smdpSignature2: Uint8Array): Record<string, string> {
  const octets = (member: string) => Buffer.from(body[member] ?? '', 'base64');
  const other = (member: string, der: Uint8Array) => ({
    ...body,
    [member]: Buffer.from(der).toString('base64'),
  });
  const signature = key.sign(bytes);
  const signed = encodeWithBytes(Signature, signature);
  if ('authenticateServerResponse' in body) {
    const read = decode(AuthenticateServerResponse, octets('authenticateServerResponse'));
    if (!('authenticateResponseOk' in read)) return body;
    const { authenticateResponseOk: ok } = read;
    const authenticateResponseOk = {
      ...ok,
      euiccSigned1: { ...ok.euiccSigned1, bytes },
      euiccSignature1: signed,
    };
    return other(
      'authenticateServerResponse',
      encode(AuthenticateServerResponse, { authenticateResponseOk }),
    );
  }
  if ('prepareDownloadResponse' in body) {
    const read = decode(PrepareDownloadResponse, octets('prepareDownloadResponse'));
    if (!('downloadResponseOk' in read)) return body;
    const euiccSigned2 = { ...read.downloadResponseOk.euiccSigned2, bytes };
    const euiccSignature2 = encodeWithBytes(Signature, key.sign(bytes, smdpSignature2));
    const downloadResponseOk = { ...read.downloadResponseOk, euiccSigned2, euiccSignature2 };
    return other('prepareDownloadResponse', encode(PrepareDownloadResponse, { downloadResponseOk }));
  }
  if ('cancelSessionResponse' in body) {
    const read = decode(CancelSessionResponse, octets('cancelSessionResponse'));
    if (!('cancelSessionResponseOk' in read)) return body;
    const { cancelSessionResponseOk: ok } = read;
    const euiccCancelSessionSigned = { ...ok.euiccCancelSessionSigned, bytes };
    const cancelSessionResponseOk = { ...ok, euiccCancelSessionSigned, euiccCancelSessionSignature: signed };
    return other('cancelSessionResponse', encode(CancelSessionResponse, { cancelSessionResponseOk }));
  }
  const read = decode(PendingNotification, octets('pendingNotification'));
  if ('otherSignedNotification' in read) {
    const { otherSignedNotification: notification } = read;
    const tbsOtherNotification = { ...notification.tbsOtherNotification, bytes };
    const otherSignedNotification = {
      ...notification,
      tbsOtherNotification,
      euiccNotificationSignature: signature,
    };
    return other('pendingNotification', encode(PendingNotification, { otherSignedNotification }));
  }
  const { profileInstallationResult: result } = read;
  const profileInstallationResultData = { ...result.profileInstallationResultData, bytes };
  const profileInstallationResult = { profileInstallationResultData, euiccSignPIR: signature };
  return other('pendingNotification', encode(PendingNotification, { profileInstallationResult }));
}
