import { Type } from '@sinclair/typebox';
import { named } from '../../shapes/shape.ts';
import { operation, type Services } from '../frame/operation.ts';
import { OPENID_PATH } from '../openid/provider.ts';
import { relyingPartyOf } from '../passkeys/relying-party.ts';

const OpenIdOption = named(
  'OpenIdOption',
  Type.Object(
    {
      name: Type.String({ description: 'What people call the provider' }),
      path: Type.String({ description: 'The page that leads a browser to the provider' }),
      sign_out_path: Type.String({ description: 'The page that leads it there to sign out' }),
    },
    { description: 'The OpenID provider; absent: the server has none' },
  ),
);

const SignInOptions = Type.Object(
  {
    passkeys: Type.Boolean({ description: 'Whether people can sign in with passkeys' }),
    openid: Type.Optional(OpenIdOption),
  },
  {
    $id: 'SignInOptions',
    description: 'The ways to sign in, next to keys and passwords',
    examples: [
      {
        passkeys: true,
        openid: {
          name: 'Example ID',
          path: '/console/openid',
          sign_out_path: '/console/openid/logout',
        },
      },
    ],
  },
);

export const getSignInOptions = operation({
  operationId: 'getSignInOptions',
  method: 'GET',
  url: '/api/v1/esim/session/options',
  summary: 'Show the ways to sign in to the console',
  open: true,
  permissions: [],
  answers: { 200: { description: 'The ways', schema: SignInOptions } },
  respond: async ({ sessions, openid }: Services<unknown>, _call, reply) => ({
    passkeys: relyingPartyOf(sessions, reply.request) !== undefined,
    ...(openid !== undefined && {
      openid: { name: openid.settings.name, path: OPENID_PATH, sign_out_path: `${OPENID_PATH}/logout` },
    }),
  }),
});
