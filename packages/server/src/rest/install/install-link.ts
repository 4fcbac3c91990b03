import type { Profile } from '@esim-rsp/smdp/state/profile';
import { type Static, Type } from '@sinclair/typebox';
import { linkedProfileOf, linkStateOf, linkStates } from '../../install/link-state.ts';
import { about, literals, named } from '../../shapes/shape.ts';
import { Time, timeOf } from '../../shapes/time.ts';
import type { InstallLink as Link } from '../../store/ports/install/links.ts';
import type { Delivery } from '../../store/ports/outbox.ts';
import { HttpProblem } from '../frame/problem.ts';
import { MailDeliveryState } from '../mail/delivery.ts';
import { ICCID } from '../profiles/profile.ts';

const InstallLinkState = named(
  'InstallLinkState',
  literals(
    linkStates,
    'What the page shows the customer; it has an activation code if this is waiting or interrupted',
  ),
);

const SentMail = Type.Object(
  {
    to: Type.String({ description: 'The address, with its middle left out' }),
    state: about('Whether the mail server has accepted it', MailDeliveryState),
    created_at: Time('When the mail was requested'),
    last_error: Type.Optional(Type.String({ description: 'Why the last attempt failed' })),
  },
  {
    $id: 'SentInstallLink',
    description: 'The mail by which a link was sent',
    examples: [{ to: 'a…@example.com', state: 'delivered', created_at: '2026-03-01T10:00:00.000Z' }],
  },
);

export const linkExample = {
  iccid: ICCID,
  state: 'waiting',
  created_at: '2026-03-01T10:00:00.000Z',
  expires_at: '2026-03-31T10:00:00.000Z',
  views: 2,
  last_viewed_at: '2026-03-01T10:05:00.000Z',
};

export const InstallLink = Type.Object(
  {
    iccid: Type.String({ description: 'The Profile that the page is about' }),
    state: about('What the page shows the customer', InstallLinkState),
    created_at: Time('When the link was created'),
    expires_at: Time('From when on the page shows nothing of the order'),
    views: Type.Integer({
      description:
        'How often a person has opened the page, counted within some seconds; scanners and link previews are left out',
    }),
    last_viewed_at: Type.Optional(Time('When a person last opened it; absent: it was not opened yet')),
    replaced_at: Type.Optional(
      Time(
        'When the order took the place of the one that the link was created for; absent: it is the same order',
      ),
    ),
    help_requested_at: Type.Optional(Time('When the customer last asked for help; absent: never')),
    mail: Type.Optional(
      about('The mail with the link; absent: it was not sent by this server, or is not kept', SentMail),
    ),
  },
  {
    $id: 'InstallLink',
    description:
      'The link under which a customer installs a Profile, without its URL, which only the answer that creates it has',
    examples: [linkExample],
  },
);

/** `now`: Unix milliseconds. `mail`: the one by which the link was sent. */
type Moment = { readonly now: number; readonly mail?: Delivery | undefined };

/** A link in an answer. */
export function installLinkResponse(
  link: Link,
  profile: Profile,
  { now, mail }: Moment,
): Static<typeof InstallLink> {
  return {
    iccid: link.iccid,
    state: linkStateOf(link, linkedProfileOf(profile), now),
    created_at: timeOf(link.createdAt),
    expires_at: timeOf(link.expiresAt),
    views: link.views,
    ...(link.viewedAt !== undefined && { last_viewed_at: timeOf(link.viewedAt) }),
    ...(link.replacedAt !== undefined && { replaced_at: timeOf(link.replacedAt) }),
    ...(link.helpAskedAt !== undefined && { help_requested_at: timeOf(link.helpAskedAt) }),
    ...(mail !== undefined && { mail: mailResponse(mail) }),
  };
}

function mailResponse({ target, state, createdAt, lastError }: Delivery): Static<typeof SentMail> {
  const at = target.lastIndexOf('@');
  return {
    to: `${target.slice(0, 1)}…${target.slice(at)}`,
    state,
    created_at: timeOf(createdAt),
    ...(lastError !== undefined && { last_error: lastError.replaceAll(target, '…') }),
  };
}

export function noInstallLink(iccid: string): HttpProblem {
  return new HttpProblem(
    404,
    'install_link_not_found',
    `the order of the profile ${iccid} has no install link: create one with POST`,
  );
}
