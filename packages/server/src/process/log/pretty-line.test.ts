import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prettyLine } from './pretty-line.ts';

const head = {
  time: new Date(2026, 0, 2, 3, 4, 5).getTime(),
  pid: 1,
  hostname: 'here',
  node: '0123456789abcdef',
};

test('a line for a terminal has time, level, message and fields', () => {
  const line = {
    level: 30,
    ...head,
    function: 'getProfile',
    reason: 'two words',
    n: 3,
    of: ['a'],
    msg: 'done',
  };
  const expected = '03:04:05 info  done function=getProfile reason="two words" n=3 of=["a"]\n';
  assert.equal(prettyLine(JSON.stringify(line)), expected);
});

test('nothing in a line can control the terminal, or look like another line', () => {
  const evil = 'a\n\u001b[2Jb\u202e';
  const err = { message: evil, stack: `Error: \u001b[2J\n    at x` };
  const text = prettyLine(JSON.stringify({ level: 50, ...head, msg: evil, caller: evil, deep: [evil], err }));
  for (const harmful of ['\u001b', '\u202e']) assert.ok(!text.includes(harmful));
  assert.deepEqual(text.split('\n').slice(1), ['  Error: \\u{1b}[2J', '      at x', '']);
});
