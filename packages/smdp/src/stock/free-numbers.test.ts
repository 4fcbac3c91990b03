import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refusal } from '@esim-rsp/sgp22/status';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import fc from 'fast-check';
import type { Reader } from '../ports.ts';
import { findFreeNumbers, recordUsedNumbers, refuseShortage } from './free-numbers.ts';
import { numbersFrom } from './number-ranges.ts';
import { template } from './number-template.testdata.ts';

/** Those of its numbers that exist already. */
function stocked(offsets: Iterable<number>, size = template.size): Reader {
  const all = numbersFrom(template.starts, size).map(({ iccid }) => iccid);
  const taken = [...offsets].map((offset) => all[offset] as Iccid);
  const takenIccids = async (iccids: readonly Iccid[]) => taken.filter((iccid) => iccids.includes(iccid));
  return { takenIccids, reservedForOthers: async () => [] } as Partial<Reader> as Reader;
}

const offsetsOf = async (reader: Reader, most: number, passed = 0, size = template.size) => {
  const found = await findFreeNumbers({ ...template, passed, size }, reader, most);
  return { offsets: found.free.map(({ offset }) => offset), found };
};

test('the first numbers that nobody has are found, behind those that are passed', async () => {
  assert.deepEqual((await offsetsOf(stocked([]), 3)).offsets, [0, 1, 2]);
  assert.deepEqual((await offsetsOf(stocked([0, 2]), 3)).offsets, [1, 3, 4]);
  assert.deepEqual((await offsetsOf(stocked([5]), 2, 4)).offsets, [4, 6]);
  assert.deepEqual((await offsetsOf(stocked([]), 5, 8)).offsets, [8, 9]);
  assert.deepEqual((await offsetsOf(stocked([]), 1, 10)).offsets, []);
});

test('what is passed is never more than what is taken', async () => {
  const offsets = fc.uniqueArray(fc.integer({ min: 0, max: 9 }));
  await fc.assert(
    fc.asyncProperty(offsets, fc.integer({ min: 0, max: 10 }), fc.nat(3), async (taken, most, takes) => {
      const { found } = await offsetsOf(stocked(taken), most);
      const took = found.free.slice(0, takes).map(({ offset }) => offset);
      const change = recordUsedNumbers(found, took.length);
      assert.ok('passed' in change);
      for (let offset = 0; offset < change.passed.numbers; offset++)
        assert.ok(taken.includes(offset) || took.includes(offset), `${offset} is free`);
    }),
  );
});

test('thousands of numbers that others have stocked are passed over, and remembered', async () => {
  const size = 5000;
  const { offsets, found } = await offsetsOf(stocked(Array(4500).keys(), size), 1, 0, size);
  assert.deepEqual(offsets, [4500]);
  assert.deepEqual(recordUsedNumbers(found, 1), { passed: { template: template.id, numbers: 4501 } });
});

test('numbers that are taken behind the last one that is found are passed with it', async () => {
  const { offsets, found } = await offsetsOf(stocked([1, 2, 4]), 1);
  assert.deepEqual(offsets, [0]);
  assert.deepEqual(recordUsedNumbers(found, 1), { passed: { template: template.id, numbers: 3 } });
  assert.deepEqual(recordUsedNumbers(found, 0), { passed: { template: template.id, numbers: 0 } });
});

test('a search that ends before the ranges do is no reason to call them used up', async () => {
  const usedUp = new Refusal({ subjectCode: '8.2.5', reasonCode: '3.7', message: 'used up' }, 'used up');
  const size = 150_000;
  const everything = {
    takenIccids: async (iccids: readonly Iccid[]) => iccids,
    reservedForOthers: async () => [],
  } as Partial<Reader> as Reader;
  const crowded = await findFreeNumbers({ ...template, size }, everything, 1);
  assert.equal(refuseShortage(crowded, usedUp).refusal.status.subjectCode, '1.2');
  assert.deepEqual(refuseShortage(crowded, usedUp).save, [
    { passed: { template: template.id, numbers: 102_400 } },
  ]);
  const { found } = await offsetsOf(stocked([]), 1, 10);
  assert.equal(refuseShortage(found, usedUp).refusal, usedUp);
});
