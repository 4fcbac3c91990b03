import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DerError, readOne } from '@esim-rsp/codec';
import { fuzz } from './engine.ts';
import { mutateDer } from './mutate.ts';
import { allowing, type Target } from './target.ts';
import { targets } from './targets.ts';

const more = { seed: 1, goOn: (runs: number) => runs < 500 };

/** A whole session takes some milliseconds. */
const fewOf = ({ name }: Target) => (name === 'session' ? 30 : 200);

for (const target of targets)
  test(`target ${target.name} finds nothing in its first inputs`, async () => {
    const goOn = (runs: number) => runs < fewOf(target);
    const { runs, blocks, findings } = await fuzz(target, { seed: 1, goOn });
    assert.ok(runs >= fewOf(target) && blocks > 0);
    assert.deepEqual(
      findings.map(({ error }) => error.stack),
      [],
    );
  });

/** Trusts the length in the input, like a reader with a bug. */
const planted: Target = {
  name: 'planted',
  open: () => ({
    seeds: [Uint8Array.of(0x30, 0x06, 0x80, 0x01, 0x00, 0x81, 0x01, 0x05)],
    mutate: mutateDer,
    run: (input) => {
      const [, second] = allowing([DerError], () => readOne(input).children()) ?? [];
      if (second !== undefined && second.content.length === 0) throw new TypeError('a fault');
    },
  }),
};

test('a planted bug is found, reduced, and found again with the same seed', async () => {
  const [found, again] = [await fuzz(planted, more), await fuzz(planted, more)];
  assert.deepEqual(found, { ...again, findings: found.findings });
  assert.deepEqual(
    found.findings.map(({ error }) => String(error)),
    ['TypeError: a fault'],
  );
  assert.ok((found.findings[0]?.input.length ?? 99) <= 8);
  assert.deepEqual(found.findings[0]?.input, again.findings[0]?.input);
});

test('an input that takes too long is a finding', async () => {
  const slow: Target = {
    name: 'slow',
    open: () => ({
      seeds: [new Uint8Array()],
      mutate: (input) => input,
      run: () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30),
    }),
  };
  const { findings } = await fuzz(slow, { seed: 1, goOn: () => false, hang: 20 });
  assert.deepEqual(
    findings.map(({ error }) => error.message),
    ['it took more than 20 ms'],
  );
});
