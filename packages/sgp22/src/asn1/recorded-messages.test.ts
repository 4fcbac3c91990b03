import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { DerError, decode, encode, type Type, toHex } from '@esim-rsp/codec';
import { AuthenticateServerResponse } from './authentication.ts';
import { BoundProfilePackage, StoreMetadataRequest } from './bound-profile-package.ts';
import { PrepareDownloadResponse } from './download.ts';
import { EUICCInfo1 } from './euicc-info.ts';
import { PendingNotification } from './notification.ts';

/** Messages between two other implementations. */
const SESSION = new URL('../../../../../shared/data/session/', import.meta.url);
const skip = existsSync(SESSION) ? false : 'the recorded session is not at ../shared/data/session';

const MESSAGES: Record<string, Type<unknown>> = {
  'auth-server-response.der': AuthenticateServerResponse as Type<unknown>,
  'bound-profile-package.der': BoundProfilePackage as Type<unknown>,
  'euicc-info1.der': EUICCInfo1 as Type<unknown>,
  'pending-notification.der': PendingNotification as Type<unknown>,
  'prepare-download-response.der': PrepareDownloadResponse as Type<unknown>,
  'store-metadata.der': StoreMetadataRequest as Type<unknown>,
};

/** Every bit alone, and some octets that mean something to a DER reader. */
const CHANGES = [1, 2, 4, 8, 16, 32, 64, 128, 0xff];

for (const [name, type] of Object.entries(MESSAGES)) {
  const recorded = () => new Uint8Array(readFileSync(new URL(name, SESSION)));

  test(`${name} is decoded, and encoded to the same bytes`, { skip }, () => {
    assert.equal(toHex(encode(type, decode(type, recorded()))), toHex(recorded()));
  });

  test(`${name} with any octet changed decodes or is a DerError`, { skip }, () => {
    const bytes = recorded();
    for (const [at, octet] of recorded().entries())
      for (const change of CHANGES) {
        bytes[at] = octet ^ change;
        assertReadOrRefused(type, bytes);
        bytes[at] = octet;
      }
  });

  test(`${name} cut short or continued is a DerError`, { skip }, () => {
    const bytes = recorded();
    for (let length = 0; length < bytes.length; length++)
      assert.throws(() => decode(type, bytes.subarray(0, length)), DerError);
    const longer = new Uint8Array(bytes.length + 1);
    longer.set(bytes);
    assert.throws(() => decode(type, longer), DerError);
  });
}

function assertReadOrRefused(type: Type<unknown>, bytes: Uint8Array): void {
  try {
    decode(type, bytes);
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
  }
}
