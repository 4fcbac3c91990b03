import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { concat, fromHex, toHex } from '@esim-rsp/codec';
import { counterKdf } from '../../crypto/kdf.ts';
import { deriveSecrets, masterKeyOf } from './derived-secrets.ts';

/** Made with `openssl kdf -kdfopt mac:CMAC -kdfopt cipher:AES-128-CBC -kdfopt hexkey:… -kdfopt salt:… -kdfopt info:… KBKDF`. */
const KEY = fromHex('2b7e151628aed2a6abf7158809cf4f3c');
const IMSI = '001010123456789';
const ISD_KEYS =
  'e1df12e9bd29aae0518f7cdac9512de0560838e88ad50469dd8cca8c62286d055c3fc2158e7bdce905ac56073776c04a';

test('the secrets of an IMSI are those that OpenSSL derives', () => {
  const { ki, opc, adm1, kic1, kid1, kik1, ...codes } = deriveSecrets(masterKeyOf(KEY), IMSI);
  assert.deepEqual([ki, opc, adm1, concat(kic1, kid1, kik1)].map(toHex), [
    '7cfda0e0d403da4aaeac6961cd49a35f',
    'bbf6e77683c44b2d0192aa98f6f1e49a',
    '23a75585188c185d',
    ISD_KEYS,
  ]);
  assert.deepEqual({ ...codes }, { pin1: '2071', pin2: '5178', puk1: '00808493', puk2: '59796381' });
});

test('TUAK has a TOPc of two blocks', () => {
  const { opc } = deriveSecrets(masterKeyOf(KEY), IMSI, 'tuak');
  assert.equal(toHex(opc), '127a3897159e9699473a68b5d55755ec741aef5da889e569c081612347bcb1a5');
});

test('each IMSI and each use has secrets of its own', () => {
  const derived = [IMSI, '001010123456788'].flatMap((imsi) =>
    ['K', 'OPc', 'ADM1'].map((label) => toHex(counterKdf(KEY, label, imsi, 16))),
  );
  assert.equal(new Set(derived).size, derived.length);
});

test('neither the master key nor what is derived from it can be printed', () => {
  const master = masterKeyOf(KEY);
  const shown = [master, deriveSecrets(master, IMSI)].flatMap((one) => [JSON.stringify(one), inspect(one)]);
  for (const text of shown) assert.match(text, /^"?\[(MasterKey|SubscriptionSecrets)\]"?$/);
});
