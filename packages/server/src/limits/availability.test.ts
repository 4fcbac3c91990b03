import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refuse } from '@esim-rsp/smdp/state/refusals';
import { limitAvailability, TooManyTaken } from './availability.ts';

const taken = () => {
  throw refuse.iccidTaken();
};
const outcome = (work: Promise<unknown>) =>
  work.then(String, (error: Error) => (error instanceof TooManyTaken ? 'rate_limited' : error.message));

test('after 60 answers in a minute that something is not available, an account waits, and no other account does', async () => {
  const availability = limitAvailability(60);
  for (let i = 0; i < 60; i++) assert.match(await outcome(availability('a', taken)), /not available/);
  assert.equal(await outcome(availability('a', taken)), 'rate_limited');
  assert.equal(
    await outcome(availability('a', () => 'free')),
    'rate_limited',
    'what is free looks like what is taken',
  );
  assert.equal(await outcome(availability('b', () => 'free')), 'free');
});

test('calls at the same time are all counted, so that the next one waits for all of them', async () => {
  const availability = limitAvailability(60);
  await Promise.all(Array.from({ length: 200 }, () => outcome(availability('a', async () => taken()))));
  const problem = await availability('a', () => 'free').catch((error: Error) => error);
  assert.ok(problem instanceof TooManyTaken && problem.seconds > 120);
});

test('successes and other refusals are not counted, and 0 is no limit', async () => {
  const availability = limitAvailability(1);
  for (let i = 0; i < 5; i++) {
    assert.equal(await outcome(availability('a', () => 'free')), 'free');
    const unknown = availability('a', () => {
      throw refuse.iccidUnknown();
    });
    assert.match(await outcome(unknown), /no profile/);
    assert.match(await outcome(limitAvailability(0)('a', taken)), /not available/);
  }
});
