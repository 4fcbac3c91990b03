import { reReleaseProfile } from '@esim-rsp/smdp/order/lifecycle';
import { lifecycleOperation } from './lifecycle-operation.ts';

export const reReleaseEUICCProfile = lifecycleOperation({
  operationId: 'reReleaseEUICCProfile',
  name: 're-release',
  summary: 'Release a profile again: after a failed or lost download, or as its reuse policy allows',
  state: 'RELEASED, or DELETED until its cool-down is over',
  step: reReleaseProfile,
});
