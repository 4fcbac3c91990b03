import { type Curve, generateSigningKey } from '../crypto/ecdsa.ts';
import { systemRandom } from '../crypto/random.ts';
import { completeEid } from '../value/eid.ts';
import { type MakerEnv, makeTestPki, type TestPki } from './maker.ts';

/** A PKI of our own for tests, on a fixed day. */
export const NOW = Date.UTC(2030, 0, 15, 12);
export const env: MakerEnv = { now: NOW, random: systemRandom, drawKey: generateSigningKey };
export const EID = completeEid('890490320010012345001234567890');

export function testPki(curve: Curve = 'P-256', now: number = NOW): TestPki {
  return makeTestPki({ ...env, now, curve, hosts: ['localhost'], eids: [EID] });
}
