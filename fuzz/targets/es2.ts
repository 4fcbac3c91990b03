import { deepEqual, equal } from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { concat } from '@esim-rsp/codec';
import type { ServerStore } from '@esim-rsp/server/store/ports/server-store';
import { sha256 } from '@esim-rsp/sgp22/crypto/digest';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { type Es2Name, es2plus } from '@esim-rsp/sgp22/functions/es2plus';
import { makeClient } from '@esim-rsp/sgp22/pki/test-pki';
import { completeParameters } from '@esim-rsp/sgp22/profile/build';
import { completeEid } from '@esim-rsp/sgp22/value/eid';
import { type Iccid, parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { parseMatchingId } from '@esim-rsp/sgp22/value/matching-id';
import { confirmOrder } from '@esim-rsp/smdp/es2/confirmOrder';
import { downloadOrder } from '@esim-rsp/smdp/es2/downloadOrder';
import { es2Functions } from '@esim-rsp/smdp/es2/functions';
import { run } from '@esim-rsp/smdp/run';
import type { Profile } from '@esim-rsp/smdp/state/profile';
import { createProfile } from '@esim-rsp/smdp/stock/createProfile';
import { limitAvailability } from '#server/limits/availability';
import { answerEs2, type Es2Service } from '#server/rsp/es2/answer';
import { createOperatorFinder } from '#server/rsp/es2/callers';
import { openMemoryStore } from '#server/store/sqlite/memory.harness';
import { env } from '../../test/harness/server-in-process.ts';
import { behindSelector, mutateJson } from '../mutate.ts';
import { must, type Target } from '../target.ts';

const client = makeClient(
  { random: systemRandom, generateKey: generateSigningKey, now: Date.now() },
  'operator',
);
const certificate = new X509Certificate(client.certificate.bytes);
const eid = completeEid('890490320010012345001234567890');
const matchingId = parseMatchingId('FUZZ');
const iccids = ['available', 'reserved', 'confirmed', 'theirs'].map((_, i) =>
  parseIccid(`898820100000000010${i}`),
);
const [available, reserved, confirmed, theirs] = iccids as [Iccid, Iccid, Iccid, Iccid];

/** One profile of our account in each first state of an ES2+ function, and one of another account. */
async function profiles(): Promise<readonly Profile[]> {
  const store = await openMemoryStore();
  for (const iccid of iccids) {
    const input = { iccid, imsi: '001010123456789', ki: systemRandom(16), opc: systemRandom(16) };
    const content = { parameters: completeParameters(input, systemRandom) };
    const account = iccid === theirs ? 'them' : 'us';
    await run(createProfile, { account, content, profileType: 'kind' }, store, env());
  }
  for (const iccid of [reserved, confirmed])
    await run(downloadOrder, { account: 'us', iccid, eid }, store, env());
  const request = { account: 'us', iccid: confirmed, matchingId, releaseFlag: false };
  await run(confirmOrder, request, store, env());
  const all = await Promise.all(iccids.map((iccid) => store.profile(iccid)));
  return all.flatMap((profile) => (profile === undefined ? [] : { ...profile, version: 0 }));
}

async function storeOf(all: readonly Profile[]): Promise<ServerStore> {
  const store = await openMemoryStore();
  await store.save(all.map((profile) => ({ profile })));
  await store.addAccount({ id: 'us', name: 'us', createdAt: 1 });
  await store.addOperator({
    name: 'us',
    account: 'us',
    identity: { certificateSha256: sha256(client.certificate.bytes) },
    requesterIdentifiers: ['us'],
    createdAt: 1,
  });
  return store;
}

const header = { functionRequesterIdentifier: 'us', functionCallIdentifier: 'call' };
const code = { confirmationCode: '12345678', releaseFlag: true };
const bodies: readonly (readonly [Es2Name, object])[] = [
  ['downloadOrder', { header, iccid: available, profileType: 'kind', eid }],
  ['confirmOrder', { header, iccid: reserved, eid, matchingId: 'OTHER', smdsAddress: 'a', ...code }],
  ['confirmOrder', { header, iccid: theirs, eid, ...code }],
  ['releaseProfile', { header, iccid: confirmed }],
  ['cancelOrder', { header, iccid: confirmed, eid, matchingId, finalProfileStatusIndicator: 'Available' }],
];

/** A call of an operator. Profiles of other accounts must not change, and the answer must be in the table. */
async function send(all: readonly Profile[], name: Es2Name, body: Buffer): Promise<void> {
  const store = await storeOf(all);
  const bugs: unknown[] = [];
  const log = {
    done() {},
    refused() {},
    rejected() {},
    failed: (_n: string, _i: string, bug: unknown) => bugs.push(bug),
  };
  const service: Es2Service = {
    functions: es2Functions,
    store,
    auditRefusal: async () => undefined,
    findOperators: createOperatorFinder(store),
    availability: limitAvailability(0),
    env,
    log,
  };
  const before = await store.profile(theirs);
  const answer = await answerEs2(service, name, { body }, { certificate, forwarded: false }, '192.0.2.1');
  if (bugs.length > 0) throw bugs[0];
  deepEqual(await store.profile(theirs), before, 'the profile of another account has changed');
  must('body' in answer, 'the answer has no body');
  equal(answer.status, 200);
  const { header: outcome, ...members } = JSON.parse(String(answer.body));
  const done = outcome.functionExecutionStatus.status === 'Executed-Success';
  const allowed = done ? Object.keys(es2plus[name].response) : [];
  must(
    Object.keys(members).every((member) => allowed.includes(member)),
    'the answer has unknown members',
  );
}

/** The JSON binding of ES2+: a body from a known operator. */
export const es2: Target = {
  name: 'es2',
  open: async () => {
    const all = await profiles();
    return {
      seeds: bodies.map(([, body], at) =>
        concat(Uint8Array.of(at), new TextEncoder().encode(JSON.stringify(body))),
      ),
      mutate: behindSelector(mutateJson, bodies.length),
      run: (input) => {
        const [name] = bodies[(input[0] ?? 0) % bodies.length] as (typeof bodies)[number];
        return send(all, name, Buffer.from(input.subarray(1)));
      },
    };
  },
};
