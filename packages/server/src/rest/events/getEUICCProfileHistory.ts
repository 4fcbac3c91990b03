import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import type { EventStore } from '../../store/ports/events.ts';
import type { ChainStore } from '../../store/ports/logs/chains.ts';
import type { ProfileStore } from '../../store/ports/profiles.ts';
import { ENTRIES_DELETED, refuseDeleted } from '../frame/log-query.ts';
import { operation, type Services } from '../frame/operation.ts';
import { IccidParams, ownedProfile } from '../profiles/owned-profile.ts';
import { eventsIn, eventsPage, HistoryQuery, ListEventsResponse } from './events-page.ts';

export const getEUICCProfileHistory = operation({
  operationId: 'getEUICCProfileHistory',
  method: 'GET',
  url: '/api/v1/esim/euicc-profiles/:iccid/history',
  summary: 'List the events of one eUICC profile, also after it was deleted',
  params: IccidParams,
  query: HistoryQuery,
  isLong: true,
  permissions: ['read'],
  answers: {
    200: { description: 'A page of events', schema: ListEventsResponse },
    400: { description: 'Invalid ICCID format, or a parameter is out of its range', code: 'invalid_iccid' },
    404: { description: 'eUICC not found', code: 'profile_not_found' },
    410: ENTRIES_DELETED,
  },
  respond: async (
    services: Services<Pick<ProfileStore, 'profile'> & EventStore & Pick<ChainStore, 'chainOf'>>,
    { account, params, query },
  ) => {
    const iccid = parseIccid(params.iccid);
    const known = await services.store.events({ account, iccid, count: 1 });
    if (known.items.length === 0) await ownedProfile(services, account, params.iccid);
    const filter = { account, iccid, ...eventsIn(query, iccid) };
    await refuseDeleted(services.store, 'event', filter);
    return eventsPage(services.store, filter);
  },
});
