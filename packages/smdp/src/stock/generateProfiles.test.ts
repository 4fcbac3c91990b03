import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { luhnDigit } from '@esim-rsp/sgp22/value/iccid';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import type { Env } from '../env.ts';
import { generateProfiles } from './generateProfiles.ts';
import { numbersFrom } from './number-ranges.ts';

const starts = { iccidStart: '890010100000000098', imsiStart: '001010000000098', msisdnStart: '+4915100' };

test('numbers run on from their starts, each ICCID with its check digit', () => {
  const numbers = numbersFrom(starts, 3);
  assert.deepEqual(
    numbers.map(({ iccid, imsi, msisdn }) => [iccid.slice(0, -1), imsi, msisdn]),
    [
      ['890010100000000098', '001010000000098', '+4915100'],
      ['890010100000000099', '001010000000099', '+4915101'],
      ['890010100000000100', '001010000000100', '+4915102'],
    ],
  );
  for (const { iccid } of numbers) assert.equal(iccid.at(-1), luhnDigit(iccid.slice(0, -1)));
  assert.equal(numbersFrom({ ...starts, iccidStart: '0890010100000000098' }, 1)[0]?.iccid.length, 20);
});

test('a run that does not fit into its digits is refused by name', () => {
  for (const field of ['iccidStart', 'imsiStart', 'msisdnStart'] as const)
    assert.throws(
      () => numbersFrom({ ...starts, [field]: starts[field].replace(/\d/g, '9') }, 2),
      (error) => error instanceof ValueError && error.field === field,
    );
});

test('every subscription has keys of its own, and its profile is stocked with them', async () => {
  const env = { now: 0, random: systemRandom, smdpAddress: 'localhost' } as Partial<Env> as Env;
  const request = { account: 'a', profileType: 'basic', numbers: numbersFrom(starts, 5), common: {} };
  const decision = await generateProfiles.decide(request, [], env);
  assert.ok('reply' in decision);
  const keys = decision.reply.flatMap(({ parameters: { ki, opc } }) => [String(ki), String(opc)]);
  assert.equal(new Set(keys).size, 10);
  const contents = decision.save.flatMap((change) => ('profile' in change ? [change.content] : []));
  assert.deepEqual(
    contents,
    decision.reply.map(({ parameters }) => ({ parameters })),
  );
  await assert.rejects(async () =>
    generateProfiles.decide(request, [request.numbers[2]?.iccid as never], env),
  );
});
