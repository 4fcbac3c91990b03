import assert from 'node:assert/strict';
import { toHex } from '@esim-rsp/codec';

/** Asserts that two arrays have the same octets. */
export function mustEqual(found: Uint8Array | undefined, wanted: Uint8Array, what: string): void {
  assert.equal(found && toHex(found), toHex(wanted), what);
}
