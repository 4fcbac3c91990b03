import { Type } from '@sinclair/typebox';
import { networkOf } from '../../limits/ip-address.ts';
import { reasonResponse, StateReason } from '../../shapes/profile-state.ts';
import { about, Count, closed, named } from '../../shapes/shape.ts';
import { Time, timeOf } from '../../shapes/time.ts';
import type { RefusedCallStore, RefusedCall as StoredCall } from '../../store/ports/refused-calls.ts';
import { operation, type Services } from '../frame/operation.ts';

const callExample = {
  occurred_at: '2026-03-01T10:00:00.000Z',
  network: '192.0.2.0/24',
  function: 'initiateAuthentication',
  refused: {
    subject_code: '8.8.2',
    reason_code: '3.1',
    message: 'this SM-DP+ trusts none of the CIs that the eUICC can sign for',
  },
  ci_pk_ids: ['f54172bdf98a95d65cbeb88a38a1c11d800a85c3'],
  skipped: 0,
};

const RefusedCall = Type.Object(
  {
    occurred_at: Time('When the call came'),
    network: Type.String({
      description:
        'The network of the caller: /24 of IPv4, /48 of IPv6. `esim session list` on the machine of the server shows the address',
    }),
    function: Type.String({ description: 'The function of ES9+, or the path if the function is not known' }),
    refused: about('Why the call was refused', StateReason),
    transaction_id: Type.Optional(Type.String({ description: 'The transactionId of the request' })),
    ci_pk_ids: Type.Array(Type.String(), {
      description:
        'Key identifiers of the CIs that the eUICC says it has, in hexadecimal. They are not verified',
    }),
    skipped: Type.Integer({
      description:
        'How many other calls were refused before this one and not stored, because they were too many',
    }),
  },
  {
    $id: 'RefusedCall',
    description:
      'A call of a phone that was refused before its eUICC had proved itself, so that no account is known',
    examples: [callExample],
  },
);

const RefusedCallsQuery = named(
  'RefusedCallsQuery',
  Type.Object(
    { count: Type.Optional(Count) },
    { ...closed, description: 'Which refused calls the answer has' },
  ),
);

const ListRefusedCallsResponse = Type.Object(
  { calls: Type.Array(RefusedCall, { description: 'The calls, the newest first' }) },
  {
    $id: 'ListRefusedCallsResponse',
    description: 'The newest refused calls',
    examples: [{ calls: [callExample] }],
  },
);

export const listRefusedCalls = operation({
  operationId: 'listRefusedCalls',
  method: 'GET',
  url: '/api/v1/esim/refused-calls',
  summary:
    'List calls of phones that were refused before their eUICC had proved itself, such as phones that use another PKI',
  permissions: ['support'],
  query: RefusedCallsQuery,
  answers: {
    200: { description: 'The calls; the server keeps at most 1,000', schema: ListRefusedCallsResponse },
    400: { description: 'A parameter is out of its range' },
  },
  respond: async (
    { store }: Services<Pick<RefusedCallStore, 'refusedCalls'>>,
    { query: { count = 100 } },
  ) => ({
    calls: (await store.refusedCalls(count)).map(callResponse),
  }),
});

function callResponse({ at, address, transactionId, refused, ciPKIds, ...call }: StoredCall) {
  return {
    occurred_at: timeOf(at),
    network: networkOf(address),
    function: call.function,
    refused: reasonResponse(refused),
    ...(transactionId !== undefined && { transaction_id: transactionId }),
    ci_pk_ids: ciPKIds,
    skipped: call.skipped,
  };
}
