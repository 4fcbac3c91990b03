import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemRandom } from '../crypto/random.ts';
import { parseIccid } from '../value/iccid.ts';
import { buildProfilePackage, completeParameters } from './build.ts';
import { capabilitiesFor } from './capabilities.ts';
import { readProfilePackage } from './read.ts';

test('the services that a package demands name the capabilities an eUICC needs', () => {
  const capabilities = (algorithm: 'milenage' | 'tuak' | 'usim-test') => {
    const [ki, opc] = [systemRandom(16), systemRandom(algorithm === 'tuak' ? 32 : 16)];
    const given = { iccid: parseIccid('8900101000000000017'), imsi: '001010000000001', ki, opc, algorithm };
    const upp = buildProfilePackage(completeParameters(given, systemRandom));
    return capabilitiesFor(readProfilePackage(upp).header.mandatoryServices);
  };
  assert.deepEqual(capabilities('milenage'), [1, 4]);
  assert.deepEqual(capabilities('tuak'), [1, 6]);
  assert.deepEqual(capabilities('usim-test'), [1], 'its bit was reserved once: nobody is refused for it');
});

test('services without a capability are passed over', () => {
  assert.deepEqual(capabilitiesFor([0x91, 0x9f, 0xa0]), []);
});
