import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearestTo } from './nearest.ts';

test('the nearest name is the one with the fewest edits', () => {
  assert.equal(nearestTo('cuont', ['cursor', 'count', 'state']), 'count');
  assert.equal(nearestTo('profiletype', ['profile_name', 'profile_type']), 'profile_type');
  assert.equal(nearestTo('max_cuont', ['max_count', 'maxReuseCount']), 'max_count');
});

test('the first of equally near names is taken, and none of no names', () => {
  assert.equal(nearestTo('x', ['a', 'b']), 'a');
  assert.equal(nearestTo('x', []), undefined);
});
