import { Type } from '@sinclair/typebox';
import { sentLinkOf } from '../../delivery/mail/read-sent-link.ts';
import { closed } from '../../shapes/shape.ts';
import type { InstallLinkStore } from '../../store/ports/install/links.ts';
import { type OutboxStore, repeatOf } from '../../store/ports/outbox.ts';
import { unknownUnlessOf } from '../../store/ports/unreadable-rows.ts';
import { operation, type Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { mustHaveEnded } from '../webhooks/must-have-ended.ts';
import { MailDelivery, mailDeliveryResponse } from './delivery.ts';
import { mustSendMail } from './request-mail.ts';

const MailDeliveryParams = Type.Object(
  {
    mailDeliveryId: Type.Integer({
      minimum: 1,
      maximum: 9_007_199_254_740_991,
      description: 'The id of a mail',
    }),
  },
  closed,
);

export const replayMailDelivery = operation({
  operationId: 'replayMailDelivery',
  method: 'POST',
  url: '/api/v1/esim/mail-deliveries/:mailDeliveryId/replay',
  permissions: ['admin'],
  summary: 'Send a mail again, as a new mail',
  params: MailDeliveryParams,
  answers: {
    202: { description: 'The new delivery, which the server attempts at once', schema: MailDelivery },
    404: { description: 'There is no such mail', code: 'delivery_not_found' },
    409: { description: 'The mail is still pending', code: 'delivery_pending' },
  },
  respond: async (
    services: Services<OutboxStore & Pick<InstallLinkStore, 'resendInstallLink'>>,
    { env, account, params },
    reply,
  ) => {
    const { store } = services;
    const id = params.mailDeliveryId;
    const known = await store.delivery(id).catch(unknownUnlessOf(account));
    if (known?.kind !== 'mail' || known.account !== account)
      throw new HttpProblem(
        404,
        'delivery_not_found',
        `there is no mail ${id}: GET /mail-deliveries lists yours`,
      );
    mustHaveEnded(known);
    mustSendMail(services);
    const [link, mail] = [sentLinkOf(known), repeatOf(known, env.now)];
    const delivery = await (link === undefined
      ? store.addDelivery(mail)
      : store.resendInstallLink(link, mail));
    reply.status(202);
    return mailDeliveryResponse(delivery);
  },
  ifLost: 'the new mail is in GET /mail-deliveries',
});
