import { downloadOrder } from '@esim-rsp/smdp/es2/downloadOrder';
import { orderOfType } from '@esim-rsp/smdp/operator/orderProfile';
import { run } from '@esim-rsp/smdp/run';
import { operation } from '../operation.ts';
import { GetEUICCProfileResponse } from '../schemas.ts';
import { OrderEUICCProfileOfTypeRequest } from '../schemas-types.ts';
import { orderTermsOf } from './order-terms.ts';
import { onlyEid } from './orderEUICCProfile.ts';
import { profileResponse } from './profile-response.ts';

export const orderEUICCProfileOfType = operation({
  operationId: 'orderEUICCProfileOfType',
  method: 'POST',
  url: '/api/v1/esim/euicc-profiles/order',
  summary: 'Orders a profile of a type, whichever has been in stock for longest, and releases it',
  body: OrderEUICCProfileOfTypeRequest,
  answers: {
    200: {
      description:
        'The profile, RELEASED (CONFIRMED with release: false, ALLOCATED or LINKED with confirm: false)',
      schema: GetEUICCProfileResponse,
    },
    400: { description: 'A member is not valid' },
    404: { description: 'No profile of this type was ever stocked', code: 'profile_type_not_found' },
    409: {
      description: 'Every profile of this type is ordered, or the MatchingID is in use',
      code: 'out_of_stock',
    },
    503: { description: 'Too many calls order this type at the same time' },
  },
  respond: async ({ store, env }, { account, body }) => {
    const { profile_type: profileType, ...order } = body;
    const { release = true, confirm = true } = order;
    const terms = orderTermsOf(order);
    const ordered = confirm
      ? await run(orderOfType, { account, profileType, release, ...terms }, store, env())
      : await run(downloadOrder, { account, profileType, ...onlyEid(order, terms) }, store, env());
    return profileResponse(ordered, env().smdpAddress);
  },
});
