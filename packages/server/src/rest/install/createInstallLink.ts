import { linkedOrderOf } from '@esim-rsp/smdp/state/install-link';
import type { Order } from '@esim-rsp/smdp/state/order';
import { orderOf } from '@esim-rsp/smdp/state/profile';
import { type Static, Type } from '@sinclair/typebox';
import { createToken, hashOfToken, urlOfToken } from '../../install/token.ts';
import { encodeQrMatrix } from '../../qr/matrix.ts';
import { renderPng } from '../../qr/png.ts';
import { renderSvg } from '../../qr/svg.ts';
import { about, closed, extending, literals } from '../../shapes/shape.ts';
import { Time } from '../../shapes/time.ts';
import type { BrandStore } from '../../store/ports/install/brands.ts';
import type { InstallLinkStore } from '../../store/ports/install/links.ts';
import type { ProfileStore } from '../../store/ports/profiles.ts';
import { operation, type Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { MailAddress, MailLanguage } from '../mail/shapes.ts';
import { IccidParams, noSuchProfile, ownedProfile } from '../profiles/owned-profile.ts';
import { InstallLink, installLinkResponse, linkExample } from './install-link.ts';
import { sendLink } from './send-link.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const USUAL_DAYS = 30;
export const MOST_DAYS = 366;

const CreateInstallLinkRequest = Type.Object(
  {
    expires_at: Type.Optional(
      Time(
        `When the link expires: at most ${MOST_DAYS} days ahead; without it, with the order, and after ${USUAL_DAYS} days at the latest`,
      ),
    ),
    qr_code: Type.Optional(
      literals(['png', 'svg'] as const, 'Answer with a QR code of the URL too, for your own mails'),
    ),
    send_to: Type.Optional(about('Send the link by mail to this address, that of the customer', MailAddress)),
    language: Type.Optional(
      about('The language of the mail; without it that of the brand, or English', MailLanguage),
    ),
  },
  {
    ...closed,
    $id: 'CreateInstallLinkRequest',
    description: 'How long the link is good for, and who gets it',
    examples: [{ qr_code: 'png' }, { send_to: 'anna@example.com', language: 'de' }],
  },
);

const InstallLinkWithUrl = Type.Object(
  {
    ...InstallLink.properties,
    url: Type.String({ description: 'The URL for the customer, a secret: it is shown once' }),
    qr_code: Type.Optional(
      Type.String({
        description:
          'A data: URL with a QR code of the URL, not of the activation code; absent without the option',
      }),
    ),
  },
  {
    ...extending(InstallLink),
    $id: 'InstallLinkWithUrl',
    description: 'A new link, and its URL',
    examples: [{ ...linkExample, views: 0, url: 'https://esim.example.com/i/Zm9yIGFuIGV4YW1wbGUgb25seSwg' }],
  },
);

export const createInstallLink = operation({
  operationId: 'createInstallLink',
  method: 'POST',
  url: '/api/v1/esim/euicc-profiles/:iccid/install-link',
  summary:
    'Create a link to a page on which the customer installs the profile; an earlier link of the order is revoked',
  params: IccidParams,
  body: CreateInstallLinkRequest,
  permissions: ['read', 'reveal'],
  answers: {
    201: { description: 'The link, and its URL, which is shown once', schema: InstallLinkWithUrl },
    400: { description: 'Invalid ICCID format, or a member is not valid', code: 'invalid_value' },
    404: { description: 'eUICC not found', code: 'profile_not_found' },
    409: {
      description: 'The profile is not ordered, or the server sends no mail',
      code: 'not_ordered',
    },
  },
  respond: async (
    services: Services<InstallLinkStore & BrandStore & Pick<ProfileStore, 'profile'>>,
    { env, account, params, body },
    reply,
  ) => {
    const { store, installUrl } = services;
    const { now, random } = env;
    const profile = await ownedProfile(services, account, params.iccid);
    const order = orderOf(profile);
    if (order === undefined) throw notOrdered(profile);
    const token = createToken(random);
    const link = {
      ...linkedOrderOf(profile),
      hash: hashOfToken(token) ?? '',
      account,
      createdAt: now,
      expiresAt: endOf(body, order, now),
      views: 0,
    };
    const url = urlOfToken(installUrl(), token);
    const { send_to: to, language } = body;
    const stored =
      to === undefined
        ? await store.addInstallLink(link)
        : await sendLink(services, link, { profile, url, to, language });
    if (stored === 'unknown') throw noSuchProfile(params.iccid);
    const mail = stored === 'added' ? undefined : stored;
    reply.status(201);
    return { ...installLinkResponse(link, profile, { now, mail }), url, ...qrCode(url, body) };
  },
  ifLost: 'its URL was shown once: create another link with a new Idempotency-Key, which takes its place',
});

type Request = Static<typeof CreateInstallLinkRequest>;

function endOf({ expires_at: end }: Request, { expiresAt }: Order, now: number): number {
  const usual = now + USUAL_DAYS * DAY_MS;
  if (end === undefined)
    return expiresAt === undefined || expiresAt * 1000 <= now ? usual : Math.min(usual, expiresAt * 1000);
  const time = Date.parse(end);
  if (time <= now || time > now + MOST_DAYS * DAY_MS)
    throw new HttpProblem(
      400,
      'invalid_value',
      `expires_at is ${end}: a time in the next ${MOST_DAYS} days is expected`,
    );
  return time;
}

function qrCode(url: string, { qr_code: format }: Request): { qr_code?: string } {
  if (format === undefined) return {};
  const matrix = encodeQrMatrix(url, { ecc: 'M', margin: 4 });
  const [type, image] =
    format === 'png'
      ? ['image/png', renderPng(matrix)]
      : ['image/svg+xml', Buffer.from(renderSvg(matrix, matrix.length * 8))];
  return { qr_code: `data:${type};base64,${image.toString('base64')}` };
}

function notOrdered({ iccid, state }: { readonly iccid: string; readonly state: string }): HttpProblem {
  return new HttpProblem(
    409,
    'not_ordered',
    `the profile ${iccid} is ${state}: order and confirm it first, a link is for an order`,
  );
}
