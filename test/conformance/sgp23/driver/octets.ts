import assert from 'node:assert/strict';
import { toHex } from '@esim-rsp/codec';

/** Holds that two values have the same octets, whatever array they are in. */
export function mustEqual(found: Uint8Array | undefined, wanted: Uint8Array, what: string): void {
  assert.equal(found && toHex(found), toHex(wanted), what);
}
