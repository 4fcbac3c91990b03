import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSlots, type Slot, type Slots } from './slots.ts';
import { recordFailure } from './target-queue.ts';

const NOW = 1_700_000_000_000;

function targetsOf(account: string, count: number) {
  return Array.from({ length: count }, (_, i) => ({ account, target: `${account}/${i}` }));
}

/** Takes slots until there is none; every target has more work than anybody can send. */
function takeAll(slots: Slots, now = NOW): Slot[] {
  const taken: Slot[] = [];
  for (let slot = slots.take(now); slot !== undefined; slot = slots.take(now)) {
    taken.push(slot);
    slots.foundWork(slot);
  }
  return taken;
}

test('20 targets of one account leave room for another account, and for an operator', () => {
  const slots = createSlots();
  slots.offer(targetsOf('slow', 20), NOW);
  assert.equal(takeAll(slots).length, 16);
  slots.offer([...targetsOf('slow', 20), ...targetsOf('quick', 1)], NOW);
  assert.deepEqual(new Set(takeAll(slots).map(({ account }) => account)), new Set(['quick']));
});

test('accounts get slots in turn, and so do the targets of an account', () => {
  const slots = createSlots();
  slots.offer([...targetsOf('a', 3), ...targetsOf('b', 1)], NOW);
  const order = Array.from({ length: 8 }, () => {
    const slot = slots.take(NOW) ?? assert.fail();
    slots.foundWork(slot);
    return slot.target;
  });
  assert.deepEqual(order, ['a/0', 'b/0', 'a/1', 'b/0', 'a/2', 'b/0', 'a/0', 'b/0']);
});

test('targets in trouble cannot take the slots of the other targets of their account', () => {
  const slots = createSlots();
  slots.offer(targetsOf('a', 16), NOW);
  for (const slot of takeAll(slots)) {
    recordFailure(slot.queue, NOW);
    slots.release(slot);
  }
  const healthy = { account: 'a', target: 'a/healthy' };
  slots.offer([...targetsOf('a', 16), healthy], NOW);
  const taken = takeAll(slots);
  const troubled = taken.filter(({ queue }) => queue.troubles > 0);
  assert.equal(troubled.length, 4);
  assert.equal(taken.filter(({ target }) => target === healthy.target).length, 8);
});

test('however many accounts are busy, a new one gets a slot', () => {
  const slots = createSlots();
  const busy = Array.from({ length: 100 }, (_, i) => targetsOf(`busy ${i}`, 20)).flat();
  slots.offer(busy, NOW);
  assert.equal(takeAll(slots).length, 128);
  slots.offer([...busy, ...targetsOf('new', 1)], NOW);
  assert.deepEqual(
    takeAll(slots).map(({ account }) => account),
    ['new'],
  );
});

test('a target without a due delivery is asked again only when it is offered again', () => {
  const slots = createSlots();
  slots.offer(targetsOf('a', 1), NOW);
  slots.release(slots.take(NOW) ?? assert.fail());
  assert.equal(slots.take(NOW), undefined);
  slots.offer(targetsOf('a', 1), NOW);
  assert.ok(slots.take(NOW));
});

test('a paused target is remembered while it has nothing to send, and a healthy one is not', () => {
  const slots = createSlots();
  slots.offer(targetsOf('a', 2), NOW);
  const [first, second] = [slots.take(NOW), slots.take(NOW)];
  assert.ok(first && second);
  recordFailure(first.queue, NOW, 60);
  slots.release(first);
  slots.release(second);
  slots.offer([], NOW);
  slots.offer(targetsOf('a', 2), NOW + 1000);
  const taken = takeAll(slots, NOW + 1000);
  assert.deepEqual(new Set(taken.map(({ target }) => target)), new Set([second.target]));
  for (const slot of taken) slots.release(slot);
  assert.equal(
    takeAll(slots, NOW + 60_000).some(({ target }) => target === first.target),
    true,
  );
});
