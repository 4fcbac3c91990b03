import { masterKeyOf } from '@esim-rsp/sgp22/profile/derived-secrets';
import { account } from '../es2/orders.harness.ts';
import type { Template } from '../state/template.ts';

/** A template of ten numbers that draws keys. */
export const template: Template = {
  id: '0a',
  account,
  profileType: 'Test',
  terms: { common: { serviceProviderName: 'Example' }, profileName: 'Travel' },
  starts: { iccidStart: '890010100000000000', imsiStart: '001010000000000' },
  size: 10,
  passed: 0,
  createdAt: 0,
};

export const masterKey = masterKeyOf(new Uint8Array(16).fill(7));
