import { orderOf } from '@esim-rsp/smdp/state/profile';
import { Type } from '@sinclair/typebox';
import { activationCodeOf, installLinks } from '../../install/activation-code.ts';
import { about } from '../../shapes/shape.ts';
import { viewOrder } from '../../store/ports/profile-view.ts';
import type { ProfileStore } from '../../store/ports/profiles.ts';
import { operation, type Services } from '../frame/operation.ts';
import { noCode } from './getQRCode.ts';
import { InstallLinks } from './install-links.ts';
import { IccidParams, ownedProfile } from './owned-profile.ts';
import { profileExample } from './profile.ts';

const ReadActivationCodeResponse = Type.Object(
  {
    iccid: Type.String({ description: 'The Profile' }),
    activation_code: Type.String({ description: 'LPA:1$…: a secret' }),
    install_links: about('Links that open the installation on the device itself', InstallLinks),
    confirmation_code_required: Type.Boolean({
      description: 'Whether the phone asks for a confirmation code',
    }),
  },
  {
    $id: 'ReadActivationCodeResponse',
    description: 'The activation code of one Profile',
    examples: [
      {
        iccid: profileExample.iccid,
        activation_code: profileExample.activation_code,
        install_links: profileExample.install_links,
        confirmation_code_required: false,
      },
    ],
  },
);

export const readActivationCode = operation({
  operationId: 'readActivationCode',
  method: 'POST',
  url: '/api/v1/esim/euicc-profiles/:iccid/activation-code',
  summary: 'Read the activation code of one profile, for a customer; every call is in the audit log',
  params: IccidParams,
  permissions: ['reveal'],
  answers: {
    200: { description: 'The activation code', schema: ReadActivationCodeResponse },
    400: { description: 'Invalid ICCID format', code: 'invalid_iccid' },
    404: { description: 'eSIM not found', code: 'profile_not_found' },
    409: { description: 'There is no activation code in this state', code: 'no_activation_code' },
  },
  respond: async (services: Services<Pick<ProfileStore, 'profile'>>, { env, account, params }) => {
    const profile = await ownedProfile(services, account, params.iccid);
    const order = orderOf(profile);
    const ordered = { state: profile.state, order: order && viewOrder(order) };
    const code = activationCodeOf(ordered, env.smdpAddress);
    if (code === '') throw noCode(profile);
    return {
      iccid: profile.iccid,
      activation_code: code,
      install_links: installLinks(code),
      confirmation_code_required: order?.confirmationCode !== undefined,
    };
  },
});
