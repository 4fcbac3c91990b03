import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemRandom } from '../crypto/random.ts';
import { parseIccid } from '../value/iccid.ts';
import { buildProfilePackage, completeParameters } from './build.ts';
import { capabilitiesFor, serviceName, serviceTag } from './capabilities.ts';
import { readProfilePackage } from './read.ts';

test('the services that a package demands name the capabilities an eUICC needs', () => {
  const capabilities = (algorithm: 'milenage' | 'tuak' | 'usim-test', length = 16) => {
    const [ki, opc] = [systemRandom(length), systemRandom(algorithm === 'tuak' ? 32 : 16)];
    const input = { iccid: parseIccid('8900101000000000017'), imsi: '001010000000001', ki, opc, algorithm };
    const upp = buildProfilePackage(completeParameters(input, systemRandom));
    return capabilitiesFor(readProfilePackage(upp).header.mandatoryServices);
  };
  assert.deepEqual(capabilities('milenage'), [1, 4]);
  assert.deepEqual(capabilities('tuak'), [1, 6]);
  assert.deepEqual(capabilities('tuak', 32), [1, 7], 'tuak256');
  assert.deepEqual(capabilities('usim-test'), [1], 'its bit was reserved once: no eUICC is refused for it');
});

test('services without a capability are ignored', () => {
  assert.deepEqual(capabilitiesFor([0x91, 0x9f, 0xa0]), []);
});

test('the names of services and their tags lead to each other', () => {
  assert.equal(serviceTag('tuak256'), 0x90);
  assert.equal(serviceTag('contactless'), 0x80);
  assert.equal(serviceName(0x85), 'tuak128');
  assert.equal(serviceName(0x9d), 'eaka');
  assert.equal(serviceName(0x9e), undefined);
});
