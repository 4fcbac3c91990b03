import {
  type Card,
  createCard,
  type DownloadRequest,
  deleteProfile,
  disableProfile,
  download,
  type Es9Channel,
  type Es10Channel,
  enableProfile,
  execute,
  sendNotifications,
} from '@esim-rsp/euicc';
import type { ServerStore } from '@esim-rsp/server/store/ports/server-store';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import type { CertifiedKey } from '@esim-rsp/sgp22/pki/certificate';
import { makeTestPki } from '@esim-rsp/sgp22/pki/test-pki';
import { trustCi } from '@esim-rsp/sgp22/pki/trust';
import { completeParameters } from '@esim-rsp/sgp22/profile/build';
import { completeEid } from '@esim-rsp/sgp22/value/eid';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { type MatchingId, parseMatchingId } from '@esim-rsp/sgp22/value/matching-id';
import { es9Functions } from '@esim-rsp/smdp/es9/functions';
import { orderProfile } from '@esim-rsp/smdp/order/orderProfile';
import { run } from '@esim-rsp/smdp/run';
import { createProfile } from '@esim-rsp/smdp/stock/createProfile';
import { createEnvFactory } from '#server/keys/env';
import { createCodeAttempts } from '#server/limits/code-attempts';
import { answerEs9, type Es9Service } from '#server/rsp/es9/answer';
import { findBinding } from '#server/rsp/es9/bindings';
import { openMemoryStore } from '#server/store/sqlite/memory.harness';

/** An SM-DP+ and an eUICC in this process: the functions that the server runs, without sockets and files. */
const eid = completeEid('890490320010012345001234567890');
const chance = { random: systemRandom, generateKey: generateSigningKey, now: Date.now() };
export const pki = makeTestPki({ ...chance, curve: 'P-256', hosts: ['localhost'], eids: [eid] });
export const trust = [trustCi(pki.ci.certificate)];
const SMDP_ADDRESS = 'localhost';
const ciPKId = pki.ci.certificate.subjectKeyIdentifier as Uint8Array;
const oid = pki.dpAuth.certificate.registeredIds[0] as string;
export const iccid = parseIccid('8988201000000000019');

const secret = systemRandom(32);

export const env = createEnvFactory({
  keys: { certificates: [{ ciPKId, oid, dpAuth: pki.dpAuth, dpPb: pki.dpPb }], trust },
  smdpAddress: SMDP_ADDRESS,
  secretAt: () => secret,
  limits: { sessionSeconds: 3600, resultSeconds: 86_400, downloadAttempts: 10, confirmationCodeAttempts: 3 },
});

const CODE = 'right-1';
const request: DownloadRequest = {
  source: {
    smdpAddress: SMDP_ADDRESS,
    matchingId: 'FUZZ' as MatchingId,
  },
  consent: async () => true,
  confirmationCode: async () => CODE,
};

export function newCard(): Card {
  return createCard({
    eid,
    identities: [{ euicc: pki.euiccs[0] as CertifiedKey, eumCertificate: pki.eum.certificate.bytes }],
    ciCertificates: [pki.ci.certificate.bytes],
  });
}

/** Creates a store with one profile that is ready for download. */
export async function released(): Promise<ServerStore> {
  const store = await openMemoryStore();
  await release(store);
  return store;
}

/** Adds that profile to a store. */
export async function release(store: ServerStore): Promise<void> {
  const names = { serviceProviderName: 'Example Mobile', profileName: 'Travel' };
  const input = { iccid, imsi: '001010123456789', ki: systemRandom(16), opc: systemRandom(16), ...names };
  const parameters = completeParameters(input, systemRandom);
  await run(createProfile, { account: 'operator', content: { parameters } }, store, env());
  const matchingId = parseMatchingId('FUZZ');
  const order = { account: 'operator', iccid, matchingId, confirmationCode: CODE, release: true };
  await run(orderProfile, order, store, env());
}

/** A service that throws the errors that the server logs as bugs. */
export function serviceOver(store: Es9Service['store']): Es9Service & { readonly bugs: unknown[] } {
  const bugs: unknown[] = [];
  const log = {
    done: () => undefined,
    refused: () => undefined,
    failed: (_name: string, _id: string, error: unknown) => void bugs.push(error),
  };
  return {
    functions: es9Functions,
    store,
    env,
    log,
    bugs,
    codeAttempts: createCodeAttempts({ perEuicc: 0, perAddress: 0, isPublicCi: () => false }),
    refusedCalls: { record: () => undefined },
  };
}

export function es9Over(store: Es9Service['store']): Es9Channel {
  const service = serviceOver(store);
  return {
    post: async (_address, path, body) => {
      const binding = findBinding(path);
      if (binding === undefined) throw new Error(`nothing is at ${path}`);
      const answer = await answerEs9(service, {
        binding,
        body: Buffer.from(JSON.stringify(body) ?? ''),
        address: 'here',
      });
      if (service.bugs.length > 0) throw service.bugs[0];
      return {
        status: answer.status,
        body: 'body' in answer ? JSON.parse(String(answer.body)) : undefined,
      };
    },
  };
}

/** A card in a reader, which changes with each command. */
export function es10With(card: Card): Es10Channel & { readonly card: () => Card } {
  let inserted = card;
  return {
    card: () => inserted,
    transmit: async (command) => {
      const outcome = execute(inserted, command, { random: systemRandom });
      inserted = outcome.card;
      return { sw: outcome.sw, data: outcome.data };
    },
  };
}

export type Way = { readonly es9: Es9Channel; readonly es10: Es10Channel; readonly consent?: boolean };

/** A download with its notifications, then the profile is enabled and deleted; or the user rejects the download. */
export async function life({ es9, es10, consent = true }: Way): Promise<void> {
  const lpa = { es9, es10, onStep: () => undefined };
  await download({ ...request, consent: async () => consent }, lpa);
  await sendNotifications(lpa);
  await enableProfile(es10, iccid);
  await sendNotifications(lpa);
  await disableProfile(es10, iccid);
  await deleteProfile(es10, iccid);
  await sendNotifications(lpa);
}
