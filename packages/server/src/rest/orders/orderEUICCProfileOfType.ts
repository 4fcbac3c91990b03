import { orderOfType } from '@esim-rsp/smdp/order/orderProfile';
import type { Store } from '@esim-rsp/smdp/ports';
import { run } from '@esim-rsp/smdp/run';
import { operation, type Services } from '../frame/operation.ts';
import { profileResponse } from '../profiles/profile-response.ts';
import { OrderEUICCProfileOfTypeResponse } from '../stock/schemas-templates.ts';
import { OrderEUICCProfileOfTypeRequest } from '../stock/schemas-types.ts';
import { subscriptionResponse } from '../stock/subscription-response.ts';
import { orderTermsOf } from './order-terms.ts';
import { onlyEid } from './orderEUICCProfile.ts';

export const orderEUICCProfileOfType = operation({
  operationId: 'orderEUICCProfileOfType',
  method: 'POST',
  url: '/api/v1/esim/euicc-profiles/order',
  summary:
    'Orders a profile of a type, whichever has been in stock for longest, and releases it. Where none is in stock, one is made from the template of the type, and its keys are told here and never again',
  body: OrderEUICCProfileOfTypeRequest,
  answers: {
    200: {
      description:
        'The profile, RELEASED (CONFIRMED with release: false, ALLOCATED or LINKED with confirm: false)',
      schema: OrderEUICCProfileOfTypeResponse,
    },
    400: { description: 'A member is not valid' },
    404: {
      description: 'No profile of this type was ever stocked, and it has no template',
      code: 'profile_type_not_found',
    },
    409: {
      description:
        'Every profile of this type is ordered and its template, if it has one, used up; or the MatchingID is in use',
      code: 'out_of_stock',
    },
    503: { description: 'Too many calls order this type at the same time' },
  },
  respond: async ({ store }: Services<Store>, { env, account, body }) => {
    const { profile_type: profileType, ...order } = body;
    const { release = true, confirm = true } = order;
    const terms = confirm ? orderTermsOf(order) : onlyEid(order, orderTermsOf(order));
    const request = { account, profileType, release, confirm, ...terms };
    const { profile, made } = await run(orderOfType, request, store, env);
    return {
      ...profileResponse(profile, env.smdpAddress),
      ...(made !== undefined && { subscription: subscriptionResponse(made) }),
    };
  },
});
