import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { purgeProfile } from '@esim-rsp/smdp/order/purgeProfile';
import type { Store } from '@esim-rsp/smdp/ports';
import { run } from '@esim-rsp/smdp/run';
import { historyChoices } from '@esim-rsp/smdp/state/purge';
import { Type } from '@sinclair/typebox';
import { closed, literals, named } from '../../shapes/shape.ts';
import { operation, type Services } from '../frame/operation.ts';
import { IccidParams } from '../profiles/owned-profile.ts';

const DeleteEUICCProfileQuery = named(
  'DeleteEUICCProfileQuery',
  Type.Object(
    {
      history: Type.Optional(
        literals(
          historyChoices,
          'keep: its events stay without EIDs, transactions, messages and results of devices; remove: they are deleted. Without it, keep',
        ),
      ),
      force: Type.Optional(
        Type.Boolean({
          description:
            'Whether to delete a Profile that is on a device, or may be; without it, such a call is refused',
        }),
      ),
    },
    { ...closed, description: 'How a Profile is deleted' },
  ),
);

export const deleteEUICCProfile = operation({
  operationId: 'deleteEUICCProfile',
  method: 'DELETE',
  url: '/api/v1/esim/euicc-profiles/:iccid',
  summary:
    'Delete a profile from the server with its keys, its order and its sessions; its ICCID is free again',
  params: IccidParams,
  query: DeleteEUICCProfileQuery,
  permissions: ['admin'],
  targets: ({ query: { history = 'keep', force = false } }) => [history, force ? 'force' : undefined],
  answers: {
    204: { description: 'The profile is deleted; an event profile.purged says so' },
    400: { description: 'Invalid ICCID format, or a parameter is not valid', code: 'invalid_iccid' },
    404: { description: 'eUICC not found', code: 'profile_not_found' },
    409: {
      description: 'The profile is on a device, or may be, and force is not true',
      code: 'invalid_transition',
    },
    503: { description: 'Too many calls change this profile at the same time' },
  },
  respond: async (
    { store }: Services<Store>,
    { env, account, params, query: { history = 'keep', force = false } },
    reply,
  ) => {
    await run(purgeProfile, { account, iccid: parseIccid(params.iccid), history, force }, store, env);
    reply.status(204);
  },
});
