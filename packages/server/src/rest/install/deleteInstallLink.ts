import type { InstallLinkStore } from '../../store/ports/install/links.ts';
import type { ProfileStore } from '../../store/ports/profiles.ts';
import { operation, type Services } from '../frame/operation.ts';
import { IccidParams, ownedProfile } from '../profiles/owned-profile.ts';
import { noInstallLink } from './install-link.ts';

export const deleteInstallLink = operation({
  operationId: 'deleteInstallLink',
  method: 'DELETE',
  url: '/api/v1/esim/euicc-profiles/:iccid/install-link',
  summary: 'Revoke the install links of a profile: their pages show nothing any more',
  params: IccidParams,
  permissions: ['read', 'codes'],
  answers: {
    204: { description: 'The links are revoked' },
    400: { description: 'Invalid ICCID format', code: 'invalid_iccid' },
    404: { description: 'There is no such profile, or it has no link', code: 'install_link_not_found' },
  },
  respond: async (
    services: Services<InstallLinkStore & Pick<ProfileStore, 'profile'>>,
    { account, params },
    reply,
  ) => {
    const { iccid } = await ownedProfile(services, account, params.iccid);
    if ((await services.store.deleteInstallLinks(iccid)) === 'unknown') throw noInstallLink(iccid);
    reply.status(204);
  },
});
