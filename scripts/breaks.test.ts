import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { attacks } from '../test/attack/attacks.ts';
import { breaks as attackBreaks } from '../test/attack/breaks.ts';
import { breaks as faultBreaks } from '../test/faults/breaks.ts';
import { faults } from '../test/faults/faults.ts';

test('every attack has a break, and every break an attack', () => {
  const names = attacks.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  assert.deepEqual(new Set(attackBreaks.map(({ attack }) => attack)), new Set(names));
});

test('every kind of fault has a break, and every break a kind of fault', () => {
  const names = faults.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  assert.deepEqual(new Set(faultBreaks.map(({ fault }) => fault)), new Set(names));
});

test('every kind of fault has a break on each of its engines', () => {
  const without = faults.flatMap(({ name, engines }) =>
    engines.filter(
      (engine) => !faultBreaks.some((one) => one.fault === name && (one.engine ?? engine) === engine),
    ),
  );
  assert.deepEqual(without, []);
});

test('the text that a break replaces is in its file once', () => {
  const sourceOf = (file: string) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
  const outdated = [...attackBreaks, ...faultBreaks].filter(
    ({ file, from }) => sourceOf(file).split(from).length !== 2,
  );
  assert.deepEqual(
    outdated.map(({ file, from }) => `${file}: ${from}`),
    [],
  );
});
