import type { Decision, ProtocolFunction } from '../run.ts';
import type { Operation, TypeAtUpstream } from '../state/gateway/operation.ts';
import { type Profile, readyOf } from '../state/profile.ts';
import { acceptOperation, acceptOrderOfType } from './new-operation.ts';

export type ReserveAheadRequest = TypeAtUpstream & {
  readonly account: string;
  readonly profileType: string;
};

/** Profiles in stock that are looked at. */
const WINDOW = 256;
/** One that the upstream refuses must not stop the others. */
const CHOICE = 16;

const plan = {
  kind: 'reserve',
  calls: ['downloadOrder', 'confirmOrder'],
  terms: { release: true },
} as const;

/**
 * Requests an order ahead from the upstream of a type: of one of the oldest Profiles in stock that it has, or of one that it chooses. ConfirmOrder releases it
 * too, so that the MatchingID is known, and an order here needs no call.
 */
export const reserveAhead: ProtocolFunction<ReserveAheadRequest, readonly Profile[], Operation | undefined> =
  {
    load: ({ account, profileType }, reader) => reader.availableOfType(account, profileType, WINDOW),
    decide: (request, stock, env): Decision<Operation | undefined> => {
      const { upstream, profileType } = request;
      const free = stock.filter((one) => one.upstream === upstream && readyOf(one) === undefined);
      const [octet = 0] = env.random(1);
      const chosen = free[octet % Math.min(free.length || 1, CHOICE)];
      const decision =
        chosen === undefined
          ? acceptOrderOfType(plan, request, request, env)
          : acceptOperation(plan, chosen, env, profileType);
      return { ...decision, reply: decision.reply.operation };
    },
  };
