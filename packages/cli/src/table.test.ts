import assert from 'node:assert/strict';
import { test } from 'node:test';
import { harmfulIn } from '@esim-rsp/sgp22/value/text';
import fc from 'fast-check';
import { type Columns, table, wrap } from './table.ts';

const columns: Columns = {
  names: ['time', 'profile', 'state', 'attempts', 'result'],
  dropFirst: ['attempts', 'profile', 'time', 'state'],
};
const row = [
  '2026-03-01T10:00:00.000Z',
  '8900101000000000017',
  'failed',
  '12',
  'the receiver answered 500: database is locked, please try again later',
];

test('a table drops its least important columns until it fits, and names them', () => {
  assert.deepEqual(table(columns, [row], {}, 140).dropped, []);
  assert.deepEqual(table(columns, [row], {}, 94).dropped, ['attempts']);
  const narrow = table(columns, [row], {}, 60);
  assert.deepEqual(narrow.dropped, ['attempts', 'profile', 'time']);
  assert.equal(narrow.text.split('\n')[0], 'STATE   RESULT');
});

test('a long reason is wrapped before a column is left out for it', () => {
  const { text, dropped } = table(columns, [row], {}, 125);
  assert.deepEqual(dropped, []);
  const lines = text.split('\n');
  assert.equal(lines.length, 3);
  for (const line of lines) assert.ok(line.length <= 125, line);
  assert.deepEqual(table(columns, [row], {}, 80).dropped, ['attempts', 'profile']);
});

test('no line is wider than the terminal, and the reason is there in full', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 30 });
  const reason = fc.array(word, { maxLength: 20 }).map((words) => words.join(' '));
  fc.assert(
    fc.property(reason, word, fc.integer({ min: 20, max: 120 }), (why, first, width) => {
      const { text } = table({ names: ['name', 'result'], dropFirst: ['name'] }, [[first, why]], {}, width);
      for (const line of text.split('\n')) assert.ok(line.length <= width, line);
      assert.ok(text.replaceAll(/\s/g, '').endsWith(why.replaceAll(' ', '')));
    }),
  );
});

test('no line is wider than the terminal, also where a column that stays is long, and nothing is lost', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', 'b', ' '), maxLength: 200 });
  const narrow: Columns = { names: ['id', 'url', 'condition'], dropFirst: ['id'] };
  fc.assert(
    fc.property(
      fc.array(fc.tuple(cell, cell, cell), { maxLength: 4 }),
      fc.constantFrom(60, 80),
      (rows, width) => {
        const { text } = table(narrow, rows, {}, width);
        for (const line of text.split('\n')) assert.ok(line.length <= width, line);
        const letters = (all: string) => all.replaceAll(/[^ab]/g, '').length;
        assert.ok(letters(text) >= letters(rows.map(([, url, why]) => url + why).join()));
      },
    ),
  );
});

test('a pipe, --no-trunc and --columns get everything in full, a row on one line', () => {
  for (const text of [
    table(columns, [row], {}, Number.POSITIVE_INFINITY).text,
    table(columns, [row], { trunc: false }, 40).text,
  ]) {
    assert.equal(text.split('\n').length, 2);
    for (const cell of row) assert.ok(text.includes(cell));
  }
  const chosen = table(columns, [row], { columns: ['result', 'state'] }, 20);
  assert.deepEqual([chosen.text.split('\n')[1], chosen.dropped], [`${row[4]}  failed`, []]);
});

test('a long text is divided between words where it can', () => {
  assert.deepEqual(wrap('one two three', 7), ['one two', 'three']);
  assert.deepEqual(wrap('aaaaaaaaaa bb', 4), ['aaaa', 'aaaa', 'aa', 'bb']);
  assert.deepEqual(wrap('', 4), ['']);
});

test('tables have no character that moves the cursor or changes the direction', () => {
  const foreign = fc.string({
    unit: fc.constantFrom('a', '\x1b', '\x07', '\n', '\u202e', '\ud800', '\x9b'),
  });
  fc.assert(
    fc.property(foreign, foreign, (a, b) => {
      const { text } = table({ names: ['name', 'other'] }, [[a, b]]);
      assert.equal(text.split('\n').length, 2);
      assert.equal(harmfulIn(text.replaceAll('\n', '')), undefined);
    }),
  );
});
