import { deepEqual } from 'node:assert/strict';
import { concat, DerError, decode } from '@esim-rsp/codec';
import type { ServerStore } from '@esim-rsp/server/store/ports/server-store';
import { AuthenticateServerResponse } from '@esim-rsp/sgp22/asn1/authentication';
import { CancelSessionResponse, PrepareDownloadResponse } from '@esim-rsp/sgp22/asn1/download';
import { PendingNotification } from '@esim-rsp/sgp22/asn1/notification';
import { asn1Path, readAsn1Response, writeAsn1Request } from '@esim-rsp/sgp22/functions/asn1-binding';
import { type Message, readMessage } from '@esim-rsp/sgp22/functions/binding';
import { type Es9Name, es9plus } from '@esim-rsp/sgp22/functions/es9plus';
import { answerEs9 } from '#server/rsp/es9/answer';
import { findBinding } from '#server/rsp/es9/bindings';
import { nameAt, signed, verdict } from '../../test/harness/raw-es9.ts';
import { iccid, serviceOver } from '../../test/harness/server-in-process.ts';
import { type Moment, momentBefore } from '../moments.ts';
import { behindSelector, mutateDer, mutateJson, objectIn } from '../mutate.ts';
import { allowing, must, type Opened, type Target } from '../target.ts';

const names = Object.keys(es9plus) as Es9Name[];

/** Every message of a profile's life. The last three are notifications of other events. */
export function moments(): Promise<Moment[]> {
  const nth = [2, 3, 4].map((at) => momentBefore('handleNotification', at));
  return Promise.all([...names.map((name) => momentBefore(name)), ...nth]);
}

/** The content that the eUICC signed in a message. Without it nothing may change. */
export function signedIn({ body }: Moment): Uint8Array | undefined {
  const octets = (member: string) => Buffer.from(body[member] ?? '', 'base64');
  if ('authenticateServerResponse' in body) {
    const read = decode(AuthenticateServerResponse, octets('authenticateServerResponse'));
    return 'authenticateResponseOk' in read ? read.authenticateResponseOk.euiccSigned1.bytes : undefined;
  }
  if ('prepareDownloadResponse' in body) {
    const read = decode(PrepareDownloadResponse, octets('prepareDownloadResponse'));
    return 'downloadResponseOk' in read ? read.downloadResponseOk.euiccSigned2.bytes : undefined;
  }
  if ('cancelSessionResponse' in body) {
    const read = decode(CancelSessionResponse, octets('cancelSessionResponse'));
    return 'cancelSessionResponseOk' in read
      ? read.cancelSessionResponseOk.euiccCancelSessionSigned.bytes
      : undefined;
  }
  if (!('pendingNotification' in body)) return undefined;
  const read = decode(PendingNotification, octets('pendingNotification'));
  return 'profileInstallationResult' in read
    ? read.profileInstallationResult.profileInstallationResultData.bytes
    : read.otherSignedNotification.tbsOtherNotification.bytes;
}

/** Sends a body at a moment. The answer must be one that the function may return. */
export async function answered(store: ServerStore, path: string, body: Buffer): Promise<Answer> {
  const service = serviceOver(store);
  const binding = findBinding(path);
  if (binding === undefined) throw new Error(`nothing is at ${path}`);
  const answer = await answerEs9(service, { binding, body, address: 'here' });
  if (service.bugs.length > 0) throw service.bugs[0];
  must(answer.status !== 503, 'the answer is 503');
  return answer;
}

type Sent = { readonly path: string; readonly body: Buffer };

/** Checks the answer and the profile after a message that no eUICC has signed. */
async function send(moment: Moment, genuine: readonly Uint8Array[], { path, body }: Sent): Promise<void> {
  const store = await moment.storeThen();
  const before = await store.profile(iccid);
  const answer = await answered(store, path, body);
  const ok = path === asn1Path ? asn1Success(answer) : jsonSuccess(path, answer);
  if (genuine.some((octets) => holds(body, octets))) return;
  deepEqual(await store.profile(iccid), before, 'the profile is another');
  must(!ok, 'the answer is a success, but the eUICC did not sign the request');
}

type Answer = Awaited<ReturnType<typeof answerEs9>>;

/** Whether the answer is a success of a function whose requests an eUICC signs. */
function jsonSuccess(path: string, answer: Answer): boolean {
  const text = 'body' in answer ? String(answer.body) : '';
  return verdict(nameAt(path), { status: answer.status, text }) === 'ok' && signed(nameAt(path));
}

function asn1Success(answer: Answer): boolean {
  if (!('body' in answer)) return false;
  const bytes = answer.body as Uint8Array;
  for (const name of names) {
    const read = allowing([DerError], () => ({ answer: readAsn1Response(name, bytes) }));
    if (read !== undefined) return !('error' in read.answer) && signed(name);
  }
  throw new Error(`the answer cannot be read: ${Buffer.from(bytes).toString('hex')}`);
}

/** Whether the body contains the signed content, directly or in one of its members. */
function holds(body: Buffer, genuine: Uint8Array): boolean {
  const members = Object.values(objectIn(body) ?? {}).map((text) => Buffer.from(String(text), 'base64'));
  return [body, ...members].some((octets) => octets.includes(genuine));
}

function opened(all: readonly Moment[], bodies: readonly Uint8Array[], rest: Pick<Opened, 'mutate'>): Opened {
  const genuine = all.map(signedIn).filter((octets) => octets !== undefined);
  return {
    seeds: bodies.map((body, at) => concat(Uint8Array.of(at), body)),
    mutate: behindSelector(rest.mutate, all.length),
    run: async (input) => {
      const moment = all[(input[0] ?? 0) % all.length] as Moment;
      const body = Buffer.from(input.subarray(1));
      const path = rest.mutate === mutateJson ? moment.path : asn1Path;
      await send(moment, genuine, { path, body });
    },
  };
}

/** The JSON binding: a body at a moment of a profile's life, on a separate server. */
export const es9Json: Target = {
  name: 'es9-json',
  open: async () => {
    const all = await moments();
    const bodies = all.map(({ body }) => new TextEncoder().encode(JSON.stringify(body)));
    return opened(all, bodies, { mutate: mutateJson });
  },
};

/** The ASN.1 binding. */
export const es9Asn1: Target = {
  name: 'es9-asn1',
  open: async () => {
    const all = await moments();
    const bodies = all.map(({ path, body }) => {
      const members: Message = es9plus[nameAt(path)].request;
      return writeAsn1Request(nameAt(path), readMessage(members, body) as never);
    });
    return opened(all, bodies, { mutate: mutateDer });
  },
};
