import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import type { Profile } from '@esim-rsp/smdp/state/profile';
import { type Static, Type } from '@sinclair/typebox';
import type { FastifyReply } from 'fastify';
import { activationCodeOf, installLinks } from '../../install/activation-code.ts';
import { encodeQrMatrix, type QrMatrix } from '../../qr/matrix.ts';
import { renderPng } from '../../qr/png.ts';
import { renderSvg } from '../../qr/svg.ts';
import { about, closed, literals } from '../../shapes/shape.ts';
import type { InventoryStore } from '../../store/ports/inventory.ts';
import { operation, type Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { InstallLinks } from './install-links.ts';
import { refuseCodesTo } from './one-code.ts';
import { IccidParams, noSuchProfile } from './owned-profile.ts';
import { profileExample } from './profile.ts';

const QrCodeQuery = Type.Object(
  {
    format: Type.Optional(
      literals(
        ['png', 'svg', 'json'] as const,
        'The format; without it, SVG for Accept: image/svg+xml and else PNG',
      ),
    ),
    size: Type.Optional(
      Type.Integer({
        minimum: 64,
        maximum: 2048,
        description: 'Width and height in pixels; without it, 8 per module',
      }),
    ),
    margin: Type.Optional(
      Type.Integer({
        minimum: 4,
        maximum: 20,
        description: 'Modules of quiet zone on each side; without it, 4',
      }),
    ),
    ecc: Type.Optional(
      literals(['L', 'M', 'Q', 'H'] as const, 'Error correction: 7, 15, 25 or 30 %; without it, M'),
    ),
    oid: Type.Optional(literals(['1'] as const, 'Add the OID of the SM-DP+ to the code')),
    download: Type.Optional(literals(['1'] as const, 'Answer as a file to save')),
  },
  closed,
);
type QrCodeQuery = Static<typeof QrCodeQuery>;

const ActivationCodeResponse = Type.Object(
  {
    activation_code: Type.String({ description: 'LPA:1$…: a secret' }),
    install_links: about('Links that open the installation on the device itself', InstallLinks),
  },
  {
    $id: 'ActivationCodeResponse',
    description: 'What a QR code contains, and links that do without one. Both are secrets',
    examples: [
      { activation_code: profileExample.activation_code, install_links: profileExample.install_links },
    ],
  },
);

export const getQRCode = operation({
  operationId: 'getQRCode',
  method: 'GET',
  url: '/api/v1/esim/euicc-profiles/:iccid/qrcode',
  summary: 'Get the activation code as a QR code: a PNG, unless the request asks for SVG or JSON',
  params: IccidParams,
  query: QrCodeQuery,
  permissions: ['read', 'codes'],
  answers: {
    200: {
      description: 'The QR code as a PNG',
      contentTypes: ['image/png'],
      chosenTypes: ['image/svg+xml', 'application/json'],
      schema: ActivationCodeResponse,
    },
    400: { description: 'Invalid ICCID format, or an option out of its range' },
    404: { description: 'eSIM not found', code: 'profile_not_found' },
    409: { description: 'There is no activation code in this state', code: 'no_activation_code' },
  },
  respond: async (
    { store }: Services<Pick<InventoryStore, 'profileView'>>,
    { env, account, session, params, query, headers },
    reply,
  ) => {
    refuseCodesTo(session);
    const profile = await store.profileView(account, parseIccid(params.iccid));
    if (profile === undefined) throw noSuchProfile(params.iccid);
    const { smdpAddress, certificates } = env;
    const oid = query.oid === undefined ? undefined : certificates[0]?.oid;
    const code = activationCodeOf(profile, smdpAddress, oid);
    if (code === '') throw noCode(profile);
    const matrix = encodeQrMatrix(code, { ecc: query.ecc ?? 'M', margin: query.margin ?? 4 });
    mustFit(matrix, query.size);
    return image(reply, { profile, code, matrix, query, wantsSvg: asksForSvg(headers.accept) });
  },
});

/** Why a profile has no activation code. */
export function noCode({ state }: Pick<Profile, 'state'>): HttpProblem {
  const detail =
    state === 'RELEASED' || state === 'DOWNLOADED'
      ? `the profile is ${state} by a default SM-DP+ order: its phone finds it by EID, without an activation code`
      : `the profile is ${state}: it has no activation code, only a RELEASED one has`;
  return new HttpProblem(409, 'no_activation_code', detail);
}

function mustFit(matrix: QrMatrix, size: number | undefined): void {
  if (size !== undefined && size < matrix.length)
    throw new HttpProblem(
      400,
      'invalid_size',
      `size is ${size}: this code needs ${matrix.length} to 2048 pixels`,
    );
}

/** Accept names SVG and nothing else; clients that name more, or JSON, expect the PNG. */
function asksForSvg(accept: string | string[] | undefined): boolean {
  return typeof accept === 'string' && /^\s*image\/svg\+xml\s*(?:;[^,]*)?$/i.test(accept);
}

type Image = {
  readonly profile: Pick<Profile, 'iccid'>;
  readonly code: string;
  readonly matrix: QrMatrix;
  readonly query: QrCodeQuery;
  readonly wantsSvg: boolean;
};

function image(reply: FastifyReply, { profile, code, matrix, query, wantsSvg }: Image): unknown {
  const format = query.format ?? (wantsSvg ? 'svg' : 'png');
  if (query.download !== undefined)
    reply.header('content-disposition', `attachment; filename="${profile.iccid}.${format}"`);
  if (format === 'json')
    return reply.type('application/json').send({ activation_code: code, install_links: installLinks(code) });
  if (format === 'svg')
    return reply.type('image/svg+xml').send(renderSvg(matrix, query.size ?? matrix.length * 8));
  return reply
    .type('image/png')
    .send(query.size === undefined ? renderPng(matrix) : renderPng(matrix, query.size));
}
