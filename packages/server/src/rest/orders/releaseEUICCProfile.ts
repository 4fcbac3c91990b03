import { releaseProfile } from '@esim-rsp/smdp/es2/releaseProfile';
import { lifecycleOperation } from './lifecycle-operation.ts';

export const releaseEUICCProfile = lifecycleOperation({
  operationId: 'releaseEUICCProfile',
  name: 'release',
  summary: 'Release a CONFIRMED profile for download',
  state: 'RELEASED',
  step: releaseProfile,
});
