import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reloadFiles } from './reload.ts';

/** Files that a test changes, and what was logged about them. */
function files() {
  const lines: string[] = [];
  const state = { version: '1', reads: 0, failure: undefined as string | undefined };
  const log = {
    info: (line: string) => void lines.push(line),
    warn: (line: string) => void lines.push(line),
  };
  const reloaded = reloadFiles({
    what: 'the certificate',
    first: 'first',
    fingerprint: async () => state.version,
    read: async () => {
      state.reads += 1;
      if (state.failure !== undefined) throw new Error(state.failure);
      return `read ${state.version}`;
    },
    log: log as never,
  });
  return { state, lines, reloaded };
}

test('files are read again when they have changed, and only then', async () => {
  const { state, lines, reloaded } = files();
  await reloaded.check();
  assert.deepEqual([reloaded.current(), state.reads], ['first', 0]);
  state.version = '2';
  await reloaded.check();
  await reloaded.check();
  assert.deepEqual([reloaded.current(), state.reads], ['read 2', 1]);
  assert.deepEqual(lines, ['read the certificate again: new connections use it']);
  await reloaded.stop();
});

test('files that cannot be used leave the previous value, are reported once, and are tried again', async () => {
  const { state, lines, reloaded } = files();
  await reloaded.check();
  Object.assign(state, { version: '2', failure: 'no private key belongs to it' });
  await reloaded.check();
  await reloaded.check();
  assert.equal(reloaded.current(), 'first');
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', /the previous one stays in use: no private key belongs to it/);
  state.failure = undefined; // the second file was replaced too; the fingerprint may look the same
  await reloaded.check();
  assert.equal(reloaded.current(), 'read 2');
  await reloaded.stop();
});
