import { Type } from '@sinclair/typebox';
import { parseAddress } from '../../delivery/mail/address.ts';
import { about, closed } from '../../shapes/shape.ts';
import type { OutboxStore } from '../../store/ports/outbox.ts';
import { operation, type Services } from '../frame/operation.ts';
import { MailDelivery, mailDeliveryResponse } from './delivery.ts';
import { requestMail } from './request-mail.ts';
import { MailAddress, MailLanguage } from './shapes.ts';

const SendTestMailRequest = Type.Object(
  {
    to: MailAddress,
    language: Type.Optional(about('The language; without it, English', MailLanguage)),
  },
  { ...closed, $id: 'SendTestMailRequest', description: 'Who gets a test mail' },
);

export const sendTestMail = operation({
  operationId: 'sendTestMail',
  method: 'POST',
  url: '/api/v1/esim/mail-deliveries/test',
  permissions: ['admin'],
  summary: 'Send a test mail; its delivery shows whether the mail server has accepted it',
  body: SendTestMailRequest,
  answers: {
    202: { description: 'The delivery, which the server attempts at once', schema: MailDelivery },
    409: { description: 'The server sends no mail', code: 'mail_not_configured' },
  },
  targets: (_asked, { id }) => [id],
  respond: async (services: Services<OutboxStore>, { env, account, body }, reply) => {
    const { language = 'en' } = body;
    const mail = { kind: 'test', to: parseAddress(body.to), language, account, createdAt: env.now } as const;
    const delivery = await requestMail(services, mail);
    reply.status(202);
    return mailDeliveryResponse(delivery);
  },
  ifLost: 'the mail is in GET /mail-deliveries',
});
