import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { makeUnprintable } from '@esim-rsp/sgp22/crypto/secret';
import type { MasterKey } from '../ports/secrets/master-key.ts';
import { StoreError } from '../ports/store-error.ts';
import { keyIdOf, openBytes, sealBytes } from './sealed-value.ts';

export const MASTER_KEY_BYTES = 32;

/** A master key whose octets this process has. */
export function masterKeyOf(bytes: Uint8Array): MasterKey {
  const id = Buffer.from(derive(bytes, 'id', 8)).toString('hex');
  const key = createSecretKey(derive(bytes, 'wrap', 32));
  return makeUnprintable('MasterKey', {
    id,
    wrap: async (place: string, dataKey: Uint8Array) => sealBytes({ id: 0, key }, place, dataKey),
    unwrap: async (place: string, wrapped: Uint8Array) => openSealed(key, place, wrapped),
  });
}

/** Each purpose has a key of its own. */
function derive(bytes: Uint8Array, purpose: string, length: number): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', bytes, '', `esim-rsp master key: ${purpose}`, length));
}

function openSealed(key: KeyObject, place: string, wrapped: Uint8Array): Uint8Array {
  if (keyIdOf(wrapped) === undefined) throw new Error('it is not a sealed value');
  return openBytes(() => key, place, wrapped);
}

/** Reads a key in base64. The message of the error does not quote it. */
export function parseMasterKey(text: string, place: string): MasterKey {
  const bytes = Buffer.from(text.trim(), 'base64');
  if (bytes.length !== MASTER_KEY_BYTES || bytes.toString('base64') !== text.trim())
    throw new StoreError(
      `${place} has no master key: ${MASTER_KEY_BYTES} octets in base64 are expected, as 'openssl rand -base64 32' prints them`,
    );
  return masterKeyOf(bytes);
}
