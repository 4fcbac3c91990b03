import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectionAccepted, connectionsComeFirst, createRounds } from './rounds.ts';

const WORK_TOOK_MS = 2;
const WAIT_MS = 1000;

/** Rounds whose clock moves when work is done, and which end when the test says so. */
function roundsByHand() {
  let time = 0;
  const ends: (() => void)[] = [];
  const started: string[] = [];
  let isAccepting = false;
  const byHand = {
    started,
    setAccepting: (is: boolean) => {
      isAccepting = is;
    },
    work: (name: string) => (isLate: boolean) => {
      started.push(isLate ? `${name} late` : name);
      time += WORK_TOOK_MS;
    },
    pass: (ms: number) => {
      time += ms;
    },
    /** Ends the round, and waits for the work of the next one. */
    end: async () => {
      for (const end of ends.splice(0)) end();
      await new Promise(setImmediate);
      return started.splice(0);
    },
  };
  const rounds = createRounds({
    now: () => time,
    afterReading: (done) => void ends.push(done),
    mustAcceptFirst: () => isAccepting,
  });
  return { rounds, ...byHand };
}

test('work is started at once while the round is short, and the rest in later rounds, a few milliseconds in each', async () => {
  const { rounds, started, work, end } = roundsByHand();
  const queue = rounds.queue({ waitMs: WAIT_MS });
  for (let i = 0; i < 9; i++) queue.enter(work(`${i}`));
  assert.deepEqual(started.splice(0), ['0', '1', '2']);
  assert.deepEqual(await end(), ['3', '4', '5']);
  queue.enter(work('later'));
  assert.deepEqual(started, [], 'what waits comes first');
  assert.deepEqual(await end(), ['6', '7', '8']);
  assert.deepEqual(await end(), ['later']);
  await end();
  queue.enter(work('again'));
  assert.deepEqual(started, ['again']);
});

test('queues have their turns one after the other, and a queue may have a limit in each round', async () => {
  const { rounds, work, pass, end } = roundsByHand();
  const [long, short] = [rounds.queue({ waitMs: WAIT_MS }), rounds.queue({ waitMs: WAIT_MS, most: 1 })];
  long.enter(() => pass(100));
  for (let i = 0; i < 5; i++) long.enter(work(`long ${i}`));
  for (let i = 0; i < 2; i++) short.enter(work(`short ${i}`));
  assert.deepEqual(await end(), ['long 0', 'short 0', 'long 1']);
  assert.deepEqual(await end(), ['short 1', 'long 2', 'long 3']);
});

test('what is late gets half of the time, so that the rest does not become late too', async () => {
  const { rounds, work, pass, end } = roundsByHand();
  const queue = rounds.queue({ waitMs: WAIT_MS });
  queue.enter(() => pass(5));
  for (let i = 0; i < 9; i++) queue.enter(work(`old ${i}`));
  pass(WAIT_MS + 1);
  await end();
  for (let i = 0; i < 9; i++) queue.enter(work(`new ${i}`));
  const started = [...(await end()), ...(await end()), ...(await end())];
  const count = (kind: RegExp) => started.filter((name) => kind.test(name)).length;
  assert.deepEqual([started.length, count(/^new \d$/), count(/^old \d late$/)], [9, 6, 3]);
  assert.deepEqual(started.slice(-4), ['old 4 late', 'new 4', 'old 5 late', 'new 5']);
});

test('while connections are accepted, work waits', async () => {
  const { rounds, work, end, started, setAccepting } = roundsByHand();
  const queue = rounds.queue({ waitMs: WAIT_MS });
  setAccepting(true);
  queue.enter(work('one'));
  assert.deepEqual(started, []);
  assert.deepEqual(await end(), []);
  setAccepting(false);
  assert.deepEqual(await end(), ['one']);
});

/** Accepts a connection in each round, until work has a round; how many rounds the connections had. */
async function roundsBeforeWork(): Promise<number> {
  for (let rounds = 0; rounds < 200; rounds++) {
    connectionAccepted();
    const isWork = !connectionsComeFirst();
    await new Promise(setImmediate);
    assert.equal(connectionsComeFirst(), false, 'in the next round, unless it accepts one');
    if (isWork) return rounds;
  }
  return assert.fail('work never had a round');
}

test('connections come before work for a hundred rounds, and then it has a round', async () => {
  await roundsBeforeWork(); // connections of other tests in this process count too
  assert.equal(await roundsBeforeWork(), 100);
  assert.equal(await roundsBeforeWork(), 100);
});

test('the rounds are those of the event loop', async () => {
  const queue = createRounds().queue({ waitMs: 15 });
  const started: boolean[] = [];
  const work = (isLate: boolean) => {
    started.push(isLate);
    const until = performance.now() + 10;
    while (performance.now() < until);
  };
  for (let i = 0; i < 3; i++) queue.enter(work);
  assert.deepEqual(started, [false]);
  while (started.length < 3) await new Promise(setImmediate);
  assert.equal(started[2], true);
});
