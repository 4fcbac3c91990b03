import { Type } from '@sinclair/typebox';
import {
  LEAST_PASSWORD_CHARACTERS,
  MOST_PASSWORD_CHARACTERS,
  TooManyPasswords,
} from '../../accounts/passwords.ts';
import { HttpProblem } from '../frame/problem.ts';

export const NewPassword = Type.String({
  minLength: LEAST_PASSWORD_CHARACTERS,
  maxLength: MOST_PASSWORD_CHARACTERS,
  description: `A password: at least ${LEAST_PASSWORD_CHARACTERS} characters`,
  examples: ['correct horse battery staple'],
});

export function tooManyAttempts(seconds: number): HttpProblem {
  const detail = `too many wrong attempts to sign in: try again in ${seconds} seconds`;
  return new HttpProblem(429, 'rate_limited', detail, undefined, seconds);
}

/** Turns the refusal to hash one more password into an answer; other errors stay as they are. */
export function busyIfTooMany(error: unknown): never {
  if (error instanceof TooManyPasswords)
    throw new HttpProblem(503, 'busy', 'too many passwords are being checked: try again', undefined, 1);
  throw error;
}
