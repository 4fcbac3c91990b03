import { retireProfile } from '@esim-rsp/smdp/order/lifecycle';
import { lifecycleOperation } from './lifecycle-operation.ts';

export const retireEUICCProfile = lifecycleOperation({
  operationId: 'retireEUICCProfile',
  name: 'retire',
  summary: 'Take a profile out of use',
  state: 'UNAVAILABLE',
  step: retireProfile,
});
