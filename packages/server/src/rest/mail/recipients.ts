import { type Static, Type } from '@sinclair/typebox';
import { parseAddress } from '../../delivery/mail/address.ts';
import { alertKindNames } from '../../delivery/mail/kinds.ts';
import { about, closed, literals, named } from '../../shapes/shape.ts';
import { Time, timeOf } from '../../shapes/time.ts';
import type { AlertStore, MailRecipient as StoredRecipient } from '../../store/ports/mail/alerts.ts';
import { operation, type Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { MailAddress, MailLanguage } from './shapes.ts';

const RecipientParams = Type.Object({ address: MailAddress }, closed);

const AlertKinds = Type.Array(named('AlertKind', literals(alertKindNames, 'A kind of alert')), {
  minItems: 1,
  maxItems: alertKindNames.length,
  uniqueItems: true,
  description: 'The alerts that the recipient gets',
  examples: [['webhook_disabled', 'low_stock']],
});

const MailRecipient = Type.Object(
  {
    address: Type.String({ description: 'The mail address' }),
    kinds: AlertKinds,
    language: Type.String({ description: 'The language of the mails' }),
    created_at: Time('When the recipient was created'),
  },
  {
    $id: 'MailRecipient',
    description: 'Somebody who gets alerts of the account by mail',
    examples: [
      {
        address: 'anna@example.com',
        kinds: ['webhook_disabled', 'low_stock'],
        language: 'en',
        created_at: '2026-03-01T10:00:00.000Z',
      },
    ],
  },
);
type MailRecipient = Static<typeof MailRecipient>;

function recipientResponse({ address, kinds, language, createdAt }: StoredRecipient): MailRecipient {
  const known = alertKindNames.filter((kind) => kinds.includes(kind));
  return { address, kinds: known, language, created_at: timeOf(createdAt) };
}

const ListMailRecipientsResponse = Type.Object(
  {
    total: Type.Integer({ description: 'How many recipients there are' }),
    mail_recipients: Type.Array(MailRecipient, { description: 'The recipients, by address' }),
  },
  { $id: 'ListMailRecipientsResponse', description: 'Who gets alerts of the account by mail' },
);

export const listMailRecipients = operation({
  operationId: 'listMailRecipients',
  method: 'GET',
  url: '/api/v1/esim/mail-recipients',
  permissions: ['admin'],
  summary: 'List who gets alerts of the account by mail',
  answers: { 200: { description: 'The recipients', schema: ListMailRecipientsResponse } },
  respond: async ({ store }: Services<AlertStore>, { account }) => {
    const mail_recipients = (await store.mailRecipients(account)).map(recipientResponse);
    return { total: mail_recipients.length, mail_recipients };
  },
});

const PutMailRecipientRequest = Type.Object(
  {
    kinds: Type.Optional(about('The alerts that the recipient gets; without it, all', AlertKinds)),
    language: Type.Optional(about('The language of the mails; without it, English', MailLanguage)),
  },
  { ...closed, $id: 'PutMailRecipientRequest', description: 'Which alerts a recipient gets' },
);

/** Recipients of one account. */
export const MOST_RECIPIENTS = 20;

export const putMailRecipient = operation({
  operationId: 'putMailRecipient',
  method: 'PUT',
  url: '/api/v1/esim/mail-recipients/:address',
  permissions: ['admin'],
  summary: 'Send alerts of the account to a mail address, or change which',
  params: RecipientParams,
  body: PutMailRecipientRequest,
  answers: {
    200: { description: 'The recipient', schema: MailRecipient },
    400: { description: 'The address or a member is not valid' },
    409: {
      description: `The account has ${MOST_RECIPIENTS} recipients already`,
      code: 'too_many_recipients',
    },
  },
  respond: async ({ store }: Services<AlertStore>, { env, account, params, body }) => {
    const { kinds = alertKindNames, language = 'en' } = body;
    const address = parseAddress(params.address);
    const before = (await store.mailRecipients(account)).find((one) => one.address === address);
    const recipient = { account, address, kinds, language, createdAt: before?.createdAt ?? env.now };
    if ((await store.putMailRecipient(recipient, MOST_RECIPIENTS)) === 'full')
      throw new HttpProblem(
        409,
        'too_many_recipients',
        `there are ${MOST_RECIPIENTS} recipients already: delete one, or use the address of a group`,
      );
    return recipientResponse(recipient);
  },
});

export const deleteMailRecipient = operation({
  operationId: 'deleteMailRecipient',
  method: 'DELETE',
  url: '/api/v1/esim/mail-recipients/:address',
  permissions: ['admin'],
  summary: 'Send no more alerts of the account to a mail address',
  params: RecipientParams,
  answers: {
    204: { description: 'The recipient is deleted' },
    404: { description: 'There is no such recipient', code: 'recipient_not_found' },
  },
  respond: async ({ store }: Services<AlertStore>, { account, params: { address } }, reply) => {
    if ((await store.deleteMailRecipient(account, parseAddress(address))) === 'unknown')
      throw new HttpProblem(404, 'recipient_not_found', `${address} gets no alerts of this account`);
    reply.status(204);
  },
});
