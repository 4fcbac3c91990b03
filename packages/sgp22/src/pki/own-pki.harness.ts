import { type Curve, generateSigningKey } from '../crypto/ecdsa.ts';
import { systemRandom } from '../crypto/random.ts';
import { completeEid } from '../value/eid.ts';
import { makeTestPki, type TestPki, type TestPkiEnv } from './test-pki.ts';

/** A PKI of our own for tests, on a fixed day. */
export const NOW = Date.UTC(2030, 0, 15, 12);
export const env: TestPkiEnv = { now: NOW, random: systemRandom, generateKey: generateSigningKey };
export const EID = completeEid('890490320010012345001234567890');

export function testPki(curve: Curve = 'P-256', now: number = NOW): TestPki {
  return makeTestPki({ ...env, now, curve, hosts: ['localhost'], eids: [EID] });
}
