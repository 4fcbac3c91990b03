import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boundedOutput } from './bounded-output.ts';

/** An output whose reader takes a text when the test says so. */
function stalled(maxBytes: number) {
  const texts: string[] = [];
  const pending: ((error?: Error) => void)[] = [];
  const sink = (text: string, done: (error?: Error) => void) => {
    texts.push(text);
    pending.push(done);
  };
  const output = boundedOutput(sink, maxBytes, (count) => `${count} dropped\n`);
  return { output, texts, take: (error?: Error) => pending.shift()?.(error), pending };
}

test('lines are written in order, those that wait together', () => {
  const { output, texts, take } = stalled(100);
  for (const line of ['a\n', 'b\n', 'c\n']) output.write(line);
  assert.deepEqual(texts, ['a\n']);
  take();
  assert.deepEqual(texts, ['a\n', 'b\nc\n']);
  take();
  assert.equal(output.dropped(), 0);
});

test('a reader that stalls costs the lines above the bound; their number is reported in their place', () => {
  const { output, texts, take, pending } = stalled(10);
  for (let i = 0; i < 9; i++) output.write(`${i}\n`);
  assert.equal(output.dropped(), 4);
  take();
  assert.deepEqual(texts, ['0\n', '1\n2\n3\n4\n4 dropped\n']);
  take();
  output.write('later\n');
  assert.deepEqual(texts.at(-1), 'later\n');
  take();
  assert.deepEqual([output.dropped(), pending.length], [4, 0]);
});

test('a line that is larger than the bound is written when nothing waits', () => {
  const { output, texts } = stalled(3);
  output.write('a long line\n');
  assert.deepEqual(texts, ['a long line\n']);
});

test('lines that could not be written count as dropped, and later ones are tried', () => {
  const { output, texts, take } = stalled(100);
  output.write('a\n');
  take(new Error('no space left'));
  assert.equal(output.dropped(), 1);
  output.write('b\n');
  take();
  assert.deepEqual(texts, ['a\n', 'b\n1 dropped\n']);
  assert.equal(output.dropped(), 1);
});

test('a flush waits for the reader, but not for ever', async () => {
  const { output, take } = stalled(100);
  await output.flush(60_000);
  output.write('a\n');
  const flushed = output.flush(60_000);
  take();
  await flushed;
  output.write('b\n');
  const keepsAlive = setTimeout(() => undefined, 1000);
  await output.flush(10);
  clearTimeout(keepsAlive);
});
