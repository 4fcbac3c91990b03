import type { Env } from '../env.ts';
import { byOperator, byUser, type Cause } from '../state/event.ts';

/** Who calls ES2+, as the transport found out, or who asks for the same over REST. */
export type Requester = {
  readonly account: string;
  /** functionCallIdentifier of the header (5.2.4); absent: a user of the REST API asks, whose repeats are not recognised by it. */
  readonly functionCallIdentifier?: string;
};

/** The cause of what a call changes: an operator by ES2+, or a user of the REST API. */
export function causeOf({ functionCallIdentifier }: Requester, env: Env): Cause {
  return functionCallIdentifier === undefined ? byUser(env) : byOperator(env);
}
