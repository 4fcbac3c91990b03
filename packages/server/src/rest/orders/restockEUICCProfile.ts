import { restockProfile } from '@esim-rsp/smdp/order/lifecycle';
import { lifecycleOperation } from './lifecycle-operation.ts';

export const restockEUICCProfile = lifecycleOperation({
  operationId: 'restockEUICCProfile',
  name: 'restock',
  summary: 'Puts a profile back into stock; its order is gone',
  state: 'AVAILABLE',
  step: restockProfile,
});
