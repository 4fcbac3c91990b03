import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { buildProfilePackage, completeParameters } from '@esim-rsp/sgp22/profile/build';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import type { Env } from '../env.ts';
import { type PlainContent, packageContent } from '../state/content.ts';
import { createProfile, identityOf } from './createProfile.ts';

const subscription = {
  iccid: parseIccid('8900101000000000017'),
  imsi: '001010000000001',
  ki: new Uint8Array(16),
  opc: new Uint8Array(16),
};

async function stocked(content: PlainContent) {
  const env = { now: 0, random: systemRandom, smdpAddress: 'localhost' } as Partial<Env> as Env;
  const found = { identity: identityOf(content), existing: undefined, isReserved: false };
  const decision = await createProfile.decide({ account: 'a', content }, found, env);
  assert.ok('reply' in decision);
  return decision.reply;
}

test('what an eUICC has to have is the same for a package and for the parameters that it was built from', async () => {
  for (const [algorithm, capabilities] of [
    ['milenage', [1, 4]],
    ['tuak', [1, 6]],
  ] as const) {
    const opc = new Uint8Array(algorithm === 'tuak' ? 32 : 16);
    const parameters = completeParameters({ ...subscription, opc, algorithm }, systemRandom);
    const upp = buildProfilePackage(parameters);
    const expected = { bytes: upp.length, capabilities };
    assert.deepEqual((await stocked({ parameters })).needs, expected);
    assert.deepEqual((await stocked(packageContent(upp))).needs, expected);
  }
});
