import { concat } from '@esim-rsp/codec';
import { sha256 } from '@esim-rsp/sgp22/crypto/digest';
import { generateSigningKey, type SigningKey, type VerifyingKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { makeTestPki } from '@esim-rsp/sgp22/pki/test-pki';
import { completeEid, type Eid } from '@esim-rsp/sgp22/value/eid';
import type { Caller, Env } from '@esim-rsp/smdp/env';
import { createTransactions } from '@esim-rsp/smdp/es9/transactions';
import type { ProtocolFunction } from '@esim-rsp/smdp/run';
import { run } from '@esim-rsp/smdp/run';
import { type Disk, emptyDisk, modelStore, type StoreFaults } from './model-store.ts';
import type { Life, Scheduler } from './scheduler.ts';

/** eUICCs with real certificates, whose keys are cheap: a signature is a hash that anybody can compute. */
export const START = Date.UTC(2030, 0, 15, 12);
export const SMDP_ADDRESS = 'localhost';
const EUICCS = 6;
const eids = Array.from({ length: EUICCS }, (_, i) =>
  completeEid(`89049032${String(i + 1).padStart(22, '0')}`),
);
const pki = makeTestPki({
  now: START,
  random: systemRandom,
  generateKey: generateSigningKey,
  curve: 'P-256',
  hosts: [SMDP_ADDRESS],
  eids,
});
export const eumCertificate = pki.eum.certificate;
export const ciPKId = pki.ci.certificate.subjectKeyIdentifier ?? new Uint8Array();
export const smdpOid = '2.999.10';
export const euiccs = eids.map((eid, i) => ({
  eid,
  certificate: pki.euiccs[i]?.certificate as (typeof pki.euiccs)[number]['certificate'],
}));

/** 64 octets that depend on the signer and on what is signed. */
export function cheapSignature(signer: string, ...signed: readonly Uint8Array[]): Uint8Array {
  const half = sha256(concat(new TextEncoder().encode(signer), ...signed));
  return concat(half, half);
}

function cheapVerifier(eid: Eid): VerifyingKey {
  const spki = new TextEncoder().encode(eid);
  return {
    curve: 'P-256',
    spki,
    point: spki,
    verify: (signature, ...signed) =>
      Buffer.from(signature).equals(Buffer.from(cheapSignature(eid, ...signed))),
    verifyDer: () => false,
  };
}

/** The connection broke: it is unknown whether the call was executed. */
export class ConnectionLost extends Error {}

/** The SM-DP+: some processes over one store. */
export type Smdp = {
  readonly disk: Disk;
  /** Calls a function over a network that loses and repeats messages. */
  call<Q, F, R>(fn: ProtocolFunction<Q, F, R>, request: NoInfer<Q>, caller?: Caller): Promise<R>;
  /** Ends one of the processes, with all that it was doing, and starts another one. */
  crash(): void;
  /** From now on nothing fails any more. */
  calm(): void;
};

const PROCESSES = 2;
const LOSES_ONE_IN = 30;

export function createSmdp(scheduler: Scheduler): Smdp {
  const { chance, turn } = scheduler;
  const disk = emptyDisk();
  const envOf = envFactory(scheduler);
  const faults: { failsOneIn: number } & StoreFaults = { failsOneIn: 150 };
  let losesOneIn = LOSES_ONE_IN;
  const start = () => {
    const life: Life = { hasEnded: false };
    const { promise: end, reject } = Promise.withResolvers<never>();
    end.catch(() => undefined);
    return { life, end, reject, store: modelStore(disk, life, scheduler, faults) };
  };
  const processes = Array.from({ length: PROCESSES }, start);
  const isLost = () => chance.number(losesOneIn) === 0;
  return {
    disk,
    call: async (fn, request, caller) => {
      await turn();
      if (isLost()) throw new ConnectionLost('the request got lost');
      const { store, end } = chance.pick(processes);
      const execute = () => run(fn, request as never, store, envOf(caller));
      if (isLost()) execute().catch(() => undefined); // the network repeats the request
      const answer = await Promise.race([execute(), end]);
      await turn();
      if (isLost()) throw new ConnectionLost('the answer got lost');
      return answer as never;
    },
    crash: () => {
      const at = chance.number(PROCESSES);
      const [crashed] = processes.splice(at, 1, start());
      if (crashed === undefined) return;
      crashed.life.hasEnded = true;
      crashed.reject(new ConnectionLost('the process crashed'));
    },
    calm: () => {
      faults.failsOneIn = Number.MAX_SAFE_INTEGER;
      losesOneIn = Number.MAX_SAFE_INTEGER;
    },
  };
}

function envFactory({ chance, now, turn }: Scheduler): (caller: Caller | undefined) => Env {
  const random = (length: number) => chance.octets(length);
  const verifiers = new Map(eids.map((eid) => [eid, cheapVerifier(eid)]));
  const verifierOf = (eid: string) => verifiers.get(eid as Eid) ?? cheapVerifier(eid as Eid);
  /** As an HSM: signing takes a turn. */
  const key = (role: string): SigningKey => ({
    curve: 'P-256',
    sign: async (...parts) => {
      await turn();
      return cheapSignature(role, ...parts);
    },
  });
  const limits = {
    sessionSeconds: 300,
    resultSeconds: 86_400,
    downloadAttempts: 1000,
    confirmationCodeAttempts: 3,
  };
  const secret = new Uint8Array(32).fill(6);
  const [smdpCiPKIds, trustedCiPKIds] = [[ciPKId], [ciPKId]];
  const fixed: Omit<Env, 'now'> = {
    random,
    smdpAddress: SMDP_ADDRESS,
    transactions: createTransactions({
      secretAt: () => secret,
      random,
      smdpAddress: SMDP_ADDRESS,
      smdpCiPKIds,
      trustedCiPKIds,
      sessionSeconds: limits.sessionSeconds,
    }),
    certificates: [
      {
        ciPKId,
        oid: smdpOid,
        dpAuth: { certificate: pki.dpAuth.certificate, key: key('DPauth') },
        dpPb: { certificate: pki.dpPb.certificate, key: key('DPpb') },
      },
    ],
    trustedCiPKIds,
    verifyEuicc: ({ euiccCertificate }) => {
      const found = euiccs.find(({ certificate }) =>
        Buffer.from(certificate.bytes).equals(euiccCertificate.bytes),
      );
      const eid = found?.eid ?? ('' as Eid);
      return { eid, publicKey: verifierOf(eid) };
    },
    verifyingKey: (spki) => verifierOf(new TextDecoder().decode(spki)),
    limits,
  };
  return (caller) => ({ ...fixed, now: now(), ...(caller !== undefined && { caller }) });
}
