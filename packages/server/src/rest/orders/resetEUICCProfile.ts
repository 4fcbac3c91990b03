import { restockProfile } from '@esim-rsp/smdp/order/lifecycle';
import { lifecycleOperation } from './lifecycle-operation.ts';

export const resetEUICCProfile = lifecycleOperation({
  operationId: 'resetEUICCProfile',
  name: 'reset',
  summary: 'Puts a profile back into stock; its order is gone',
  state: 'AVAILABLE',
  step: restockProfile,
});
