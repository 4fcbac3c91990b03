import { resetProfile } from '@esim-rsp/smdp/order/lifecycle';
import { lifecycleOperation } from './lifecycle-operation.ts';

export const resetEUICCProfile = lifecycleOperation({
  operationId: 'resetEUICCProfile',
  name: 'reset',
  summary: 'Delete the order of a profile and make it AVAILABLE again',
  state: 'AVAILABLE',
  step: resetProfile,
});
