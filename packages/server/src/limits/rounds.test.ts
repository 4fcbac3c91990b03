import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRounds } from './rounds.ts';

const WORK_TOOK_MS = 2;

/** Rounds whose clock moves when work is done, and which end when the test says so. */
function roundsByHand() {
  let time = 0;
  const ends: (() => void)[] = [];
  const rounds = createRounds({ now: () => time, afterReading: (done) => void ends.push(done) });
  const begun: [name: string, waited: number][] = [];
  return {
    rounds,
    begun,
    work: (name: string) => (waited: number) => {
      begun.push([name, waited]);
      time += WORK_TOOK_MS;
    },
    pass: (ms: number) => {
      time += ms;
    },
    /** Ends the round, and waits for the work of the next one. */
    end: async () => {
      for (const end of ends.splice(0)) end();
      await new Promise(setImmediate);
    },
  };
}

test('work is begun at once while the round is short, and the rest in later rounds, a few milliseconds in each', async () => {
  const { rounds, begun, work, end } = roundsByHand();
  const lane = rounds.lane();
  for (let i = 0; i < 9; i++) lane.enter(work(`${i}`));
  assert.deepEqual(begun.splice(0), [
    ['0', 0],
    ['1', 0],
    ['2', 0],
  ]);
  await end();
  assert.deepEqual(begun.splice(0), [
    ['3', 6],
    ['4', 8],
    ['5', 10],
  ]);
  lane.enter(work('later'));
  assert.deepEqual(begun, [], 'what waits comes first');
  await end();
  assert.equal(begun.splice(0).length, 3);
  await end();
  assert.deepEqual(begun.splice(0), [['later', 6]]);
  await end();
  lane.enter(work('again'));
  assert.deepEqual(begun, [['again', 0]]);
});

test('lanes have their turns one after the other, and a lane may have a limit in each round', async () => {
  const { rounds, begun, work, pass, end } = roundsByHand();
  const [long, short] = [rounds.lane(), rounds.lane(1)];
  long.enter(() => pass(100));
  for (let i = 0; i < 5; i++) long.enter(work(`long ${i}`));
  for (let i = 0; i < 2; i++) short.enter(work(`short ${i}`));
  const names = () => begun.splice(0).map(([name]) => name);
  await end();
  assert.deepEqual(names(), ['long 0', 'short 0', 'long 1']);
  await end();
  assert.deepEqual(names(), ['short 1', 'long 2', 'long 3']);
});

test('connections are accepted before work that waits, for some milliseconds', async () => {
  const { rounds, begun, work, pass, end } = roundsByHand();
  const lane = rounds.lane();
  for (let i = 0; i < 8; i++) lane.enter(work(`${i}`));
  await end();
  assert.equal(begun.splice(0).length, 6);
  for (let i = 0; i < 4; i++) {
    rounds.accepted();
    await end();
    assert.deepEqual(begun, []);
    pass(3);
  }
  rounds.accepted();
  await end();
  assert.equal(begun.length, 2);
});

test('the rounds are those of the event loop', async () => {
  const lane = createRounds().lane();
  const begun: number[] = [];
  const work = (waited: number) => {
    begun.push(waited);
    const until = performance.now() + 10;
    while (performance.now() < until);
  };
  for (let i = 0; i < 3; i++) lane.enter(work);
  assert.deepEqual(begun, [0]);
  while (begun.length < 3) await new Promise(setImmediate);
  assert.ok(begun[1] !== undefined && begun[2] !== undefined && begun[1] >= 9 && begun[2] >= begun[1] + 9);
});
