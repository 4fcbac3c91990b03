import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { buildProfilePackage, completeParameters, type ParameterInput } from '@esim-rsp/sgp22/profile/build';
import { Refusal } from '@esim-rsp/sgp22/status';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import type { Env } from '../env.ts';
import type { Reader } from '../ports.ts';
import { type AtUpstream, packageContent } from '../state/content.ts';
import { type ImportProfileRequest, importProfile, labels } from './importProfile.ts';

const given: ParameterInput = {
  iccid: parseIccid('8900101000000000017'),
  imsi: '001010000000001',
  ki: new Uint8Array(16),
  opc: new Uint8Array(16),
};
const upp = buildProfilePackage(completeParameters(given, systemRandom));
const envAt = (smdpAddress: string) => ({ now: 0, random: systemRandom, smdpAddress }) as Partial<Env> as Env;
const env = envAt('localhost');

const fromPackage: ImportProfileRequest = {
  account: 'a',
  content: packageContent(upp),
  profileName: 'Travel',
};
/** The same row read again: what it does not say is generated anew. */
const fromParameters = (more: Partial<ParameterInput> = {}): ImportProfileRequest => {
  const wanted = { ...given, ...more };
  return {
    account: 'a',
    content: { parameters: completeParameters(wanted, systemRandom) },
    provided: wanted,
  };
};

/** Imports `first` into an empty store and then `second`; gives what became of that. */
async function twice(first: ImportProfileRequest, second: ImportProfileRequest, at = env): Promise<string> {
  const reader = (profile?: object, content?: object) =>
    ({
      profile: async () => profile,
      content: async () => content,
      reservedForOthers: async () => [],
    }) as Partial<Reader> as Reader;
  const stocked = await importProfile.decide(first, await importProfile.load(first, reader(), 0), env);
  const change = stocked.save.find((one) => 'profile' in one);
  assert.ok('reply' in stocked && stocked.reply.outcome === 'created' && change !== undefined);
  const found = await importProfile.load(second, reader(change.profile, change.content), 0);
  try {
    const decision = await importProfile.decide(second, found, at);
    assert.ok('reply' in decision);
    assert.deepEqual(decision.save, []);
    return decision.reply.outcome;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.status.message;
  }
}

test('the same package again is there already, however it is protected', async () => {
  assert.equal(await twice(fromPackage, fromPackage), 'exists');
  assert.equal(await twice({ ...fromPackage, protection: 'session_keys' }, fromPackage), 'exists');
});

test('the same parameters again are there already, whatever is generated for them', async () => {
  assert.equal(await twice(fromParameters(), fromParameters()), 'exists');
  assert.equal(await twice(fromParameters({ pin1: '1234' }), fromParameters({ pin1: '1234' })), 'exists');
});

test('another package, other keys or other labels under the same ICCID are refused with different messages', async () => {
  const other = {
    ...fromPackage,
    content: packageContent(buildProfilePackage(completeParameters(given, systemRandom))),
  };
  const otherContent = /with another package or other keys$/;
  assert.match(await twice(fromPackage, other), otherContent);
  assert.match(await twice(fromPackage, fromParameters()), otherContent);
  assert.match(await twice(fromParameters(), fromPackage), otherContent);
  const ki = new Uint8Array(16).fill(1);
  assert.match(await twice(fromParameters(), fromParameters({ ki })), otherContent);
  assert.match(await twice(fromParameters({ pin1: '1234' }), fromParameters({ pin1: '4321' })), otherContent);
  for (const label of [{ profileName: 'Home' }, { profileType: 'basic' }, { profileClass: 'test' }] as const)
    assert.match(await twice(fromPackage, { ...fromPackage, ...label }), /with other names or labels$/);
});

test('labels that a row does not have are no other labels', async () => {
  const owner = { mccMnc: '00101' };
  const first: ImportProfileRequest = {
    ...fromPackage,
    ...{ profileType: 'basic', profileClass: 'test', policyRules: ['ppr1'], owner },
    notifications: ['notificationInstall'],
  };
  const { profileName: _, ...bare } = fromPackage;
  assert.equal(await twice(first, first), 'exists');
  assert.equal(await twice(first, bare), 'exists');
  for (const label of labels.filter((one) => first[one] !== undefined))
    assert.equal(await twice(first, { ...bare, [label]: first[label], owner }), 'exists', label);
  assert.match(
    await twice(first, { ...bare, notifications: ['notificationDelete'] }),
    /with other names or labels$/,
  );
  assert.match(await twice(first, { ...bare, policyRules: [] }), /with other names or labels$/);
  const inParameters = fromParameters({ serviceProviderName: 'One' });
  assert.equal(await twice(inParameters, fromParameters()), 'exists');
});

const atUpstream = (
  row: Partial<AtUpstream['atUpstream']> = {},
  more: Partial<ImportProfileRequest> = {},
) => ({
  account: 'a',
  content: { atUpstream: { name: 'vendor', iccid: given.iccid, ...row } },
  ...more,
});

test('a row of an upstream has other numbers only if it has numbers', async () => {
  const whole = atUpstream({ imsi: '001010000000001', msisdn: '+491510' }, { profileType: 'travel' });
  assert.equal(await twice(whole, whole), 'exists');
  assert.equal(await twice(whole, atUpstream()), 'exists');
  assert.equal(await twice(whole, atUpstream({ imsi: '001010000000001' })), 'exists');
  assert.match(await twice(whole, atUpstream({ imsi: '001010000000002' })), /another IMSI or phone number$/);
  assert.match(await twice(whole, atUpstream({ msisdn: '+491511' })), /another IMSI or phone number$/);
  assert.match(await twice(whole, atUpstream({}, { profileType: 'home' })), /other names or labels$/);
  assert.match(await twice(atUpstream(), whole), /without the IMSI or phone number of this row/);
});

test('a row about a profile of another SM-DP+ is refused', async () => {
  assert.match(await twice(atUpstream(), atUpstream({ name: 'other' })), /at another SM-DP\+$/);
  assert.match(await twice(atUpstream(), fromPackage), /at another SM-DP\+$/);
  assert.match(await twice(fromPackage, atUpstream()), /at another SM-DP\+$/);
});

test('a profile of another account is refused only because its ICCID is taken', async () => {
  assert.equal(await twice(fromPackage, { ...fromPackage, account: 'b' }), 'this ICCID is not available');
});

test('a server that has another address since knows its profiles all the same', async () => {
  assert.equal(await twice(fromPackage, fromPackage, envAt('rsp.example.com')), 'exists');
});
