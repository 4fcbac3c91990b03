import { type Operation, openStates, operationKinds } from '@esim-rsp/smdp/state/gateway/operation';
import { type Static, Type } from '@sinclair/typebox';
import { about, literals, named } from '../../shapes/shape.ts';
import { Time, timeOf } from '../../shapes/time.ts';
import type { OperationStore } from '../../store/ports/gateway/operations.ts';
import type { ProfileView } from '../../store/ports/profile-view.ts';

export const OperationKind = named('OperationKind', literals(operationKinds, 'What was requested'));

const OpenOperationState = named(
  'OpenOperationState',
  literals(
    openStates,
    'waiting: the next call to the upstream has not been sent; sent: it is in progress; unknown: no answer came, so it may have been done',
  ),
);

export const PendingOperation = named(
  'PendingOperation',
  Type.Object(
    {
      id: Type.String({ description: 'The id of the operation: GET /operations/{id}' }),
      operation: about('What was requested', OperationKind),
      state: about('How far it is', OpenOperationState),
      since: Time('When it was requested'),
      attempts: Type.Integer({ description: 'How often the present call was tried' }),
      last_error: Type.Optional(Type.String({ description: 'Why the last attempt did not end well' })),
    },
    { description: 'What was requested from the upstream of a Profile and has not ended' },
  ),
);
type PendingOperation = Static<typeof PendingOperation>;

export function pendingResponse(operation: Operation): PendingOperation {
  const { id, kind, state, requestedAt, attempts, fault } = operation;
  return {
    id,
    operation: kind,
    state: state as PendingOperation['state'],
    since: timeOf(requestedAt),
    attempts,
    ...(fault !== undefined && { last_error: fault.message }),
  };
}

/** What is requested from the upstream of a profile; undefined: nothing. */
export async function pendingOf(
  store: Pick<OperationStore, 'operation'>,
  { operation }: Pick<ProfileView, 'operation'>,
): Promise<Operation | undefined> {
  return operation === undefined ? undefined : store.operation(operation);
}

/** The same for those of several profiles for which something is requested, by ICCID. */
export async function pendingOfEach(
  store: Pick<OperationStore, 'operation'>,
  profiles: readonly ProfileView[],
): Promise<ReadonlyMap<string, Operation>> {
  const pending = new Map<string, Operation>();
  for (const profile of profiles) {
    if (profile.operation === undefined) continue;
    const operation = await pendingOf(store, profile);
    if (operation !== undefined) pending.set(profile.iccid, operation);
  }
  return pending;
}
