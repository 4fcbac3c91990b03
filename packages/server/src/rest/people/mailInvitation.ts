import { Type } from '@sinclair/typebox';
import { parseAddress } from '../../delivery/mail/address.ts';
import { about, closed } from '../../shapes/shape.ts';
import type { OutboxStore } from '../../store/ports/outbox.ts';
import type { PersonStore } from '../../store/ports/people/people.ts';
import { operation, type Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { MailDelivery, mailDeliveryResponse } from '../mail/delivery.ts';
import { requestMail } from '../mail/request-mail.ts';
import { MailLanguage } from '../mail/shapes.ts';
import { manageablePerson } from './owned-person.ts';
import { PersonParams } from './person.ts';

const MailInvitationRequest = Type.Object(
  { language: Type.Optional(about('The language; without it, English', MailLanguage)) },
  {
    ...closed,
    $id: 'MailInvitationRequest',
    description: 'How to mail an invitation',
    examples: [{ language: 'de' }],
  },
);

export const mailInvitation = operation({
  operationId: 'mailInvitation',
  method: 'POST',
  url: '/api/v1/esim/people/:personId/invitation/mail',
  summary:
    'Mail an invitation to a person, also to choose a new password; earlier invitations end when the mail is sent',
  permissions: ['admin'],
  params: PersonParams,
  body: MailInvitationRequest,
  answers: {
    202: { description: 'The delivery, which the server attempts at once', schema: MailDelivery },
    404: { description: 'The account has no such person', code: 'person_not_found' },
    409: { description: 'The server sends no mail', code: 'mail_not_configured' },
  },
  targets: (_asked, { id }) => [id],
  respond: async (services: Services<PersonStore & OutboxStore>, call, reply) => {
    const { id, name, email } = await manageablePerson(services, call, call.params.personId);
    const { account, env, body } = call;
    const delivery = await requestMail(services, {
      kind: 'invitation',
      to: addressOf(email),
      language: body.language ?? 'en',
      account,
      facts: { person_id: id, name },
      createdAt: env.now,
    });
    reply.status(202);
    return mailDeliveryResponse(delivery);
  },
  ifLost: 'the mail is in GET /mail-deliveries',
});

/** People may have addresses that no mail server takes. */
function addressOf(email: string): string {
  try {
    return parseAddress(email);
  } catch {
    throw new HttpProblem(
      400,
      'invalid_value',
      `no mail can be sent to ${email}: send the link in another way`,
    );
  }
}
