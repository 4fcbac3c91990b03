import assert from 'node:assert/strict';
import { argon2Sync } from 'node:crypto';
import { test } from 'node:test';
import { hashPassword, isPassword, TooManyPasswords } from './passwords.ts';

test('a password is known by its hash, which has its parameters and a salt of its own', async () => {
  const [one, other] = await Promise.all([hashPassword('correct horse'), hashPassword('correct horse')]);
  assert.match(one, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
  assert.notEqual(one, other);
  assert.deepEqual(
    await Promise.all([
      isPassword('correct horse', one),
      isPassword('correct horse', other),
      isPassword('Correct horse', one),
      isPassword('', one),
      isPassword('correct horse', undefined),
    ]),
    [true, true, false, false, false],
  );
  assert.equal(await isPassword('cafe\u0301 au lait', await hashPassword('caf\u00e9 au lait')), true);
});

test('a hash of other parameters is checked with its own, and one that cannot be read is an error', async () => {
  const { memory, passes } = { memory: 64, passes: 1 };
  const [nonce, message] = [Buffer.alloc(16, 1), Buffer.from('a password')];
  const tag = argon2Sync('argon2id', { message, nonce, memory, passes, parallelism: 1, tagLength: 24 });
  const text = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '');
  const hash = `$argon2id$v=19$m=64,t=1,p=1$${text(nonce)}$${text(tag)}`;
  assert.deepEqual(
    [await isPassword('a password', hash), await isPassword('another one', hash)],
    [true, false],
  );
  await assert.rejects(isPassword('x', '$2y$10$abc'), /cannot be read/);
});

test('passwords wait for each other, and too many are refused', async () => {
  const outcomes = await Promise.allSettled(Array.from({ length: 30 }, () => isPassword('x', undefined)));
  const refused = outcomes.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
  assert.deepEqual([refused.length, refused[0]?.reason instanceof TooManyPasswords], [8, true]);
});
