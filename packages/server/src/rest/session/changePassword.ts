import { Type } from '@sinclair/typebox';
import { hashPassword, isPassword } from '../../accounts/passwords.ts';
import { clientAddressOf } from '../../limits/client-address.ts';
import { limitNameOf } from '../../limits/ip-address.ts';
import { noNetworks } from '../../limits/networks.ts';
import { closed } from '../../shapes/shape.ts';
import type { PersonStore } from '../../store/ports/people/people.ts';
import { operation, type Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { busyIfTooMany, NewPassword, tooManyAttempts } from './password.ts';

const ChangePasswordRequest = Type.Object(
  {
    password: Type.String({ minLength: 1, maxLength: 200, description: 'The password that you have' }),
    new_password: NewPassword,
  },
  {
    ...closed,
    $id: 'ChangePasswordRequest',
    description: 'The password that you have, and the one that you want',
    examples: [{ password: 'correct horse battery staple', new_password: 'another long sentence of words' }],
  },
);

export const changePassword = operation({
  operationId: 'changePassword',
  method: 'POST',
  url: '/api/v1/esim/session/password',
  summary: 'Change your own password; ends your other sessions',
  permissions: [],
  body: ChangePasswordRequest,
  answers: {
    204: { description: 'The password is changed' },
    403: { description: 'The password that you have is another one', code: 'wrong_password' },
    409: { description: 'The request is not by the session of a person', code: 'no_session' },
    503: { description: 'Too many passwords are being checked', code: 'busy' },
  },
  targets: ({ session }) => [session?.person?.id],
  respond: async ({ store, sessions, limits }: Services<PersonStore>, call, reply) => {
    const { account, session, body } = call;
    if (session?.person === undefined)
      throw new HttpProblem(409, 'no_session', 'only a person who has signed in can change a password');
    const { id } = session.person;
    const address = limitNameOf(clientAddressOf(reply.request.raw, limits?.proxies ?? noNetworks));
    const attempt = await sessions.attempts.begin(address, id, sessions.now());
    if (typeof attempt === 'number') throw tooManyAttempts(attempt);
    const person = await store.person(account, id);
    const isRight = await isPassword(body.password, person?.passwordHash).catch(busyIfTooMany);
    if (!isRight) throw new HttpProblem(403, 'wrong_password', 'this is not the password that you have');
    await attempt.succeed();
    const passwordHash = await hashPassword(body.new_password).catch(busyIfTooMany);
    await store.updatePerson(account, id, (before) => ({ ...before, passwordHash }), session.id);
    sessions.forget();
    reply.status(204);
  },
});
