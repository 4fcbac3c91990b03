import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fromHex, toHex } from '@esim-rsp/codec';
import { milenage, opcOf } from './milenage.ts';

/** Test sets of 3GPP TS 35.207 and TS 35.208. */
const FILE = new URL('../../../../../shared/data/vectors/aka.json', import.meta.url);

test('MILENAGE gives the values of the test sets of 3GPP', {
  skip: existsSync(FILE) ? undefined : 'there are no test sets next to this repository',
}, () => {
  const { milenage: sets } = JSON.parse(readFileSync(FILE, 'utf8'));
  assert.ok(sets.length >= 2);
  for (const set of sets) {
    const [k, op, rand, sqn, amf] = ['k', 'op', 'rand', 'sqn', 'amf'].map((name) => fromHex(set[name])) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ];
    const opc = opcOf(k, op);
    assert.equal(toHex(opc), set.opc);
    const values = milenage({ k, opc }, { rand, sqn, amf });
    for (const [name, value] of Object.entries(values))
      assert.equal(toHex(value), set[name], `${set.source}: ${name}`);
  }
});
