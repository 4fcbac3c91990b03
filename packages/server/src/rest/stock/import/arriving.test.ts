import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { arriving } from './arriving.ts';
import { batchesOf } from './batches.ts';

/** Lets what is ready happen; timers are mocked. */
const settle = async () => {
  for (let i = 0; i < 20; i++) await new Promise<void>((resolve) => process.nextTick(resolve));
};

/** Reads a body whose sender sends `bytes` every `seconds`; resolves to why reading ended, and after how many seconds. */
async function readFrom(t: TestContext, bytes: number, seconds: number) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const body = new Readable({ read: () => undefined });
  let reason: string | undefined;
  const reading = (async () => {
    try {
      for await (const _ of arriving(body, () => undefined));
    } catch (error) {
      reason = (error as Error).message;
    }
  })();
  let passed = 0;
  for (; reason === undefined && passed < 2 * 3600; passed++) {
    if (passed % seconds === 0) body.push(Buffer.alloc(bytes));
    await settle();
    t.mock.timers.tick(1000);
    await settle();
  }
  await reading;
  return { reason, passed };
}

test('a caller who sends nothing for a minute is not waited for', async (t) => {
  const { reason, passed } = await readFrom(t, 1_000_000, 7200);
  assert.match(String(reason), /nothing has arrived for a minute/);
  assert.ok(passed >= 59 && passed <= 62, `${passed}`);
});

test('a byte now and then does not keep an import open', async (t) => {
  const { reason, passed } = await readFrom(t, 1, 10);
  assert.match(String(reason), /arrives too slowly/);
  assert.ok(passed >= 59 && passed <= 75, `${passed}`);
});

test('an import ends after an hour', async (t) => {
  const { reason, passed } = await readFrom(t, 10_000, 20);
  assert.match(String(reason), /longer than an hour/);
  assert.ok(passed >= 3598 && passed <= 3625, `${passed}`);
});

async function* groups(rows: readonly number[]): AsyncGenerator<readonly number[]> {
  for (const row of rows) yield [row];
}

async function lengthsOf(rows: readonly number[]): Promise<readonly number[]> {
  const lengths: number[] = [];
  for await (const batch of batchesOf(
    groups(rows),
    () => 0,
    (bytes) => bytes,
  ))
    lengths.push(batch.length);
  return lengths;
}

test('rows that are large once they are unpacked are in small batches', async () => {
  assert.deepEqual(await lengthsOf(Array.from({ length: 100 }, () => 1000)), [64, 36]);
  assert.deepEqual(await lengthsOf(Array.from({ length: 6 }, () => 600_000)), [2, 2, 2]);
});
