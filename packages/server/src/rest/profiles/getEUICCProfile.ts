import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import type { OperationStore } from '../../store/ports/gateway/operations.ts';
import type { InventoryStore } from '../../store/ports/inventory.ts';
import { operation, type Services } from '../frame/operation.ts';
import { pendingOf } from '../gateway/pending-operation.ts';
import { IccidParams, noSuchProfile } from './owned-profile.ts';
import { GetEUICCProfileResponse, viewResponse } from './profile.ts';

export const getEUICCProfile = operation({
  operationId: 'getEUICCProfile',
  method: 'GET',
  url: '/api/v1/esim/euicc-profiles/:iccid',
  summary: 'Get one eUICC profile',
  params: IccidParams,
  permissions: ['read'],
  answers: {
    200: { description: 'The profile', schema: GetEUICCProfileResponse },
    400: { description: 'Invalid ICCID format', code: 'invalid_iccid' },
    404: { description: 'eUICC not found', code: 'profile_not_found' },
  },
  respond: async (
    { store }: Services<InventoryStore & Pick<OperationStore, 'operation'>>,
    { env, account, permissions, session, params },
  ) => {
    const profile = await store.profileView(account, parseIccid(params.iccid));
    if (profile === undefined) throw noSuchProfile(params.iccid);
    return viewResponse(profile, { env, permissions, session }, await pendingOf(store, profile));
  },
});
