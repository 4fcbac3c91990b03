import { linkedOrderOf } from '@esim-rsp/smdp/state/install-link';
import type { InstallLinkStore } from '../../store/ports/install/links.ts';
import type { OutboxStore } from '../../store/ports/outbox.ts';
import type { ProfileStore } from '../../store/ports/profiles.ts';
import { operation, type Services } from '../frame/operation.ts';
import { IccidParams, ownedProfile } from '../profiles/owned-profile.ts';
import { InstallLink, installLinkResponse, noInstallLink } from './install-link.ts';

export const getInstallLink = operation({
  operationId: 'getInstallLink',
  method: 'GET',
  url: '/api/v1/esim/euicc-profiles/:iccid/install-link',
  summary: 'Get state, expiry and views of the install link of a profile, without its URL',
  params: IccidParams,
  permissions: ['read'],
  answers: {
    200: { description: 'The link', schema: InstallLink },
    400: { description: 'Invalid ICCID format', code: 'invalid_iccid' },
    404: {
      description: 'There is no such profile, or its order has no link',
      code: 'install_link_not_found',
    },
  },
  respond: async (
    services: Services<InstallLinkStore & Pick<ProfileStore, 'profile'> & Pick<OutboxStore, 'delivery'>>,
    { env, account, params: { iccid } },
  ) => {
    const profile = await ownedProfile(services, account, iccid);
    const link = await services.store.installLinkOf(linkedOrderOf(profile));
    if (link === undefined) throw noInstallLink(iccid);
    const { sentDelivery } = link;
    const sent = sentDelivery === undefined ? undefined : await services.store.delivery(sentDelivery);
    const mail = sent?.account === account ? sent : undefined;
    return installLinkResponse(link, profile, { now: env.now, mail });
  },
});
