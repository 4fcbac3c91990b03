import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allowed, describeState } from './allowed.ts';
import { profileStates } from './profile.ts';

const actions = [...new Set(Object.values(allowed).flat())];

test('a refusal never lists the action that it refuses, and lists every other one that the state allows', () => {
  for (const state of profileStates)
    for (const action of actions) {
      const message = describeState({ state }, action);
      const listed = message.split(', which allows: ')[1]?.split(', ') ?? [];
      assert.deepEqual(
        listed,
        allowed[state].filter((other) => other !== action),
        `${state} ${action}`,
      );
    }
});

test('a state that allows nothing else is named alone', () => {
  assert.equal(describeState({ state: 'UNAVAILABLE' }, 'reset'), 'this one is UNAVAILABLE');
});
