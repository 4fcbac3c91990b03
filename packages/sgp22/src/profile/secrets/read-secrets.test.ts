import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { toHex } from '@esim-rsp/codec';
import fc from 'fast-check';
import type { Iccid } from '../../value/iccid.ts';
import { buildProfilePackage, completeParameters } from '../build.ts';
import { ProfilePackageError } from '../read.ts';
import { readProfileSecrets } from './read-secrets.ts';

const random = (length: number) => new Uint8Array(length).fill(7);
const input = {
  iccid: '89440000000000000011' as Iccid,
  imsi: '001010000000001',
  ki: random(16),
  opc: random(16),
  pin1: '7391',
  puk1: '61728394',
};
const upp = buildProfilePackage(completeParameters(input, random));

test('the codes of a package are read, and they cannot be printed', () => {
  const secrets = readProfileSecrets(upp);
  assert.deepEqual([secrets.pin1, secrets.puk1, secrets.otaKeys.length], ['7391', '61728394', 1]);
  assert.ok(!/7391|61728394/.test(JSON.stringify(secrets) + inspect(secrets)));
});

test('a package that is damaged anywhere is read or refused, and nothing else happens', () => {
  fc.assert(
    fc.property(fc.nat(upp.length - 1), fc.nat(255), fc.nat(upp.length), (at, octet, end) => {
      const damaged = upp.slice(0, end === 0 ? upp.length : end);
      damaged[at] = octet;
      try {
        readProfileSecrets(damaged);
      } catch (error) {
        assert.ok(error instanceof ProfilePackageError, String(error));
      }
    }),
    { numRuns: 1000 },
  );
});

test('a package without codes has none', () => {
  assert.deepEqual({ ...readProfileSecrets(new Uint8Array()) }, { otaKeys: [] });
});

const published = new URL('../../../../../../shared/data/profiles/', import.meta.url);
const skip = existsSync(published) ? false : 'the published TS.48 profiles are not at ../shared/data';

test('the codes and the OTA keys of the published TS.48 profiles are read', { skip }, () => {
  const files = readdirSync(published).filter((name) => name.endsWith('.der'));
  assert.equal(files.length, 6);
  for (const name of files) {
    const { adm1, otaKeys, ...codes } = readProfileSecrets(readFileSync(new URL(name, published)));
    assert.deepEqual(codes, { pin1: '0000', pin2: '9999', puk1: '11111111', puk2: '22222222' }, name);
    assert.equal(toHex(adm1 ?? assert.fail()), '35'.repeat(8));
    assert.deepEqual(
      otaKeys.map(({ keyset, kic, kid, kik }) => [keyset, kic?.length, kid?.length, kik?.length]),
      [
        [1, 16, 16, 16],
        [2, 16, 16, 16],
      ],
    );
  }
});
