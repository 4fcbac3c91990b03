import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorLine, errorText } from './errors.ts';

test('a full or read-only disk is no bug: the command says what to do', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  assert.equal(
    errorText(full),
    'esim: the disk is full (ENOSPC: no space left on device, write)\n  make room, and try again\n',
  );
  const sqlite = { code: 'ERR_SQLITE_ERROR', errcode: 13 };
  const database = Object.assign(new Error('database or disk is full'), sqlite);
  assert.match(errorText(database), /^esim: the disk is full \(database or disk is full\)\n/);
  assert.match(errorText(Object.assign(new Error('EROFS'), { code: 'EROFS' })), /read-only/);
  assert.match(errorLine(full, 'esim serve'), /"code":"failed".*"hint":"make room, and try again"/);
});

test('anything else that is thrown is a bug, with where it happened', () => {
  assert.match(
    errorText(new TypeError('x')),
    /^esim: this is a bug in esim, please report it\nTypeError: x\n/,
  );
});
