import { reReleaseProfile } from '@esim-rsp/smdp/order/lifecycle';
import { lifecycleOperation } from './lifecycle-operation.ts';

export const reReleaseEUICCProfile = lifecycleOperation({
  operationId: 'reReleaseEUICCProfile',
  name: 're-release',
  summary:
    'Lets a profile be downloaded once more: a failed or lost download begins anew, a used profile returns as its reuse policy says',
  state: 'RELEASED, or DELETED until its cool-down is over',
  step: reReleaseProfile,
});
