import type { MasterKeySource } from '../ports/secrets/master-key.ts';
import { masterKeyOf } from './master-key.ts';

const bytes = new Uint8Array(32).fill(7);
/** A master key of tests, for ESIM_MASTER_KEY. */
export const TEST_KEY = Buffer.from(bytes).toString('base64');
export const testMasterKey: MasterKeySource = {
  place: 'the tests',
  read: async () => masterKeyOf(bytes),
};
