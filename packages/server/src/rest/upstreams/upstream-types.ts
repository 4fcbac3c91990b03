import { type Static, Type } from '@sinclair/typebox';
import { about, closed } from '../../shapes/shape.ts';
import { Time, timeOf } from '../../shapes/time.ts';
import type { OperationStore } from '../../store/ports/gateway/operations.ts';
import { faultOf, mostLookedAt } from '../../store/ports/gateway/reservations.ts';
import type {
  UpstreamStore,
  UpstreamType as UpstreamTypeRecord,
} from '../../store/ports/gateway/upstreams.ts';
import { operation, type Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { errorResponse, OperationError } from '../gateway/upstream-operation.ts';
import { ProfileTypeName } from '../stock/template.ts';
import { noSuchUpstream, ownedUpstream } from './owned-upstream.ts';
import { UPSTREAM, UpstreamParams } from './upstream.ts';

const VendorType = about('What the vendor calls the type; by default the same', ProfileTypeName);

/** Profiles of one type that are kept ready at most, and reserved at once. */
const MOST_READY = 1000;

const keeping = {
  keep_ready: Type.Integer({
    minimum: 0,
    maximum: MOST_READY,
    description:
      'When fewer than this are ready, a batch more is ordered at the upstream ahead, so that an order here has its code at once; 0: none is',
  }),
  batch: Type.Integer({
    minimum: 1,
    maximum: MOST_READY,
    description: 'How many more are reserved then',
  }),
  ready_days: Type.Integer({
    minimum: 0,
    maximum: 3650,
    description:
      'Days after which one that is ready is cancelled at the upstream, and another one reserved; 0: never',
  }),
};

export const UpstreamType = Type.Object(
  {
    profile_type: Type.String({ description: 'The type' }),
    upstream: Type.String({ description: 'The upstream that profiles of this type come from' }),
    vendor_type: Type.String({ description: 'What the vendor calls the type' }),
    ...keeping,
    ready: Type.Integer({ description: 'Profiles in stock that the upstream keeps ready' }),
    reserving: Type.Integer({
      description: 'Orders ahead that have not ended, those whose outcome is unknown among them',
    }),
    last_error: Type.Optional(about('Why the last order ahead was not done; absent: it was', OperationError)),
    next_attempt_at: Type.Optional(Time('After an error: when the next one is ordered')),
  },
  {
    $id: 'UpstreamType',
    description: 'A profile type that comes from an upstream',
    examples: [
      {
        profile_type: 'basic',
        upstream: UPSTREAM,
        vendor_type: 'VENDOR-TYPE-1',
        keep_ready: 10,
        batch: 30,
        ready_days: 0,
        ready: 39,
        reserving: 0,
      },
    ],
  },
);

type TypeServices = Services<UpstreamStore & Pick<OperationStore, 'reservations'>>;

async function typeResponse(
  { store }: TypeServices,
  type: UpstreamTypeRecord,
): Promise<Static<typeof UpstreamType>> {
  const { profileType, upstream, vendorType, keepReady, batch, readyDays } = type;
  const found = await store.reservations(type, mostLookedAt(type));
  const trouble = faultOf(found);
  return {
    profile_type: profileType,
    upstream,
    vendor_type: vendorType,
    keep_ready: keepReady,
    batch,
    ready_days: readyDays,
    ready: found.ready,
    reserving: found.open,
    ...(trouble !== undefined && { last_error: errorResponse(trouble.fault) }),
    ...(trouble?.retryAt !== undefined && { next_attempt_at: timeOf(trouble.retryAt) }),
  };
}

const ListUpstreamTypesResponse = Type.Object(
  { types: Type.Array(UpstreamType, { description: 'The types, by name' }) },
  { $id: 'ListUpstreamTypesResponse', description: 'The profile types that come from an upstream' },
);

export const listUpstreamTypes = operation({
  operationId: 'listUpstreamTypes',
  method: 'GET',
  url: '/api/v1/esim/upstreams/:upstream/types',
  permissions: ['admin'],
  summary: 'List the profile types that come from an upstream',
  params: UpstreamParams,
  answers: {
    200: { description: 'The types', schema: ListUpstreamTypesResponse },
    404: { description: 'There is no such upstream', code: 'upstream_not_found' },
  },
  respond: async (services: TypeServices, { account, params }) => {
    const { name } = await ownedUpstream(services, account, params.upstream);
    const types = (await services.store.upstreamTypes(account)).filter(({ upstream }) => upstream === name);
    const responses = [];
    for (const type of types) responses.push(await typeResponse(services, type));
    return { types: responses };
  },
});

const SetUpstreamTypeRequest = Type.Object(
  {
    profile_type: ProfileTypeName,
    vendor_type: Type.Optional(VendorType),
    keep_ready: Type.Optional({ ...keeping.keep_ready, default: 0 }),
    batch: Type.Optional({
      ...keeping.batch,
      description: `${keeping.batch.description}; without it, as many as keep_ready`,
    }),
    ready_days: Type.Optional({ ...keeping.ready_days, default: 0 }),
  },
  {
    ...closed,
    $id: 'SetUpstreamTypeRequest',
    description:
      'A profile type that is to come from the upstream. What is absent has its default, also if the type had another value',
    examples: [{ profile_type: 'basic', vendor_type: 'VENDOR-TYPE-1', keep_ready: 10, batch: 30 }],
  },
);

/** Types of one account that come from upstreams. */
export const MOST_TYPES = 1000;

export const setUpstreamType = operation({
  operationId: 'setUpstreamType',
  method: 'POST',
  url: '/api/v1/esim/upstreams/:upstream/types',
  permissions: ['admin'],
  summary: 'Say that a profile type comes from an upstream, and from no other any more',
  params: UpstreamParams,
  body: SetUpstreamTypeRequest,
  answers: {
    200: { description: 'The type', schema: UpstreamType },
    404: { description: 'There is no such upstream', code: 'upstream_not_found' },
    409: { description: `There are ${MOST_TYPES} such types already`, code: 'too_many_upstream_types' },
  },
  targets: ({ body }) => [body.profile_type],
  respond: async (services: TypeServices, { account, params: { upstream }, body }) => {
    const { profile_type: profileType, vendor_type: vendorType = profileType } = body;
    const { keep_ready: keepReady = 0, batch = Math.max(1, keepReady), ready_days: readyDays = 0 } = body;
    const type = { account, profileType, upstream, vendorType, keepReady, batch, readyDays };
    const set = await services.store.setUpstreamType(type, MOST_TYPES);
    if (set === 'unknown') throw noSuchUpstream(upstream);
    if (set === 'full')
      throw new HttpProblem(
        409,
        'too_many_upstream_types',
        `there are ${MOST_TYPES} types of upstreams already: delete one that you do not need any more`,
      );
    return typeResponse(services, type);
  },
});

const UpstreamTypeParams = Type.Object(
  { ...UpstreamParams.properties, profile_type: ProfileTypeName },
  closed,
);

export const deleteUpstreamType = operation({
  operationId: 'deleteUpstreamType',
  method: 'DELETE',
  url: '/api/v1/esim/upstreams/:upstream/types/:profile_type',
  permissions: ['admin'],
  summary: 'Say that a profile type does not come from an upstream any more',
  params: UpstreamTypeParams,
  answers: {
    204: { description: 'The type does not come from it any more' },
    404: { description: 'The type does not come from this upstream', code: 'profile_type_not_found' },
  },
  respond: async ({ store }: Services<UpstreamStore>, { account, params }, reply) => {
    const { upstream, profile_type: type } = params;
    if ((await store.deleteUpstreamType(account, upstream, type)) === 'unknown')
      throw new HttpProblem(
        404,
        'profile_type_not_found',
        `this type does not come from the upstream ${upstream}`,
      );
    reply.status(204);
  },
});
