import type { Operator, OperatorStore } from '../../store/ports/operators.ts';
import type { Delivery, OutboxStore } from '../../store/ports/outbox.ts';
import { unknownUnlessOf } from '../../store/ports/unreadable-rows.ts';
import type { Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';

/** The operator of the caller's account; one of another account is not found. */
export async function ownedOperator(
  { store }: Services<Pick<OperatorStore, 'operator'>>,
  account: string,
  name: string,
): Promise<Operator> {
  const operator = await store.operator(name).catch(unknownUnlessOf(account));
  if (operator?.account === account) return operator;
  throw noSuchOperator(name);
}

export function noSuchOperator(name: string): HttpProblem {
  return new HttpProblem(404, 'operator_not_found', `there is no operator ${name} of this account`);
}

/** A delivery to the operator. An earlier operator of the same name may have had another account. */
export async function deliveryTo(
  { store }: Services<OutboxStore>,
  { name, account }: Operator,
  id: number,
): Promise<Delivery> {
  const delivery = await store.delivery(id).catch(unknownUnlessOf(account));
  if (delivery?.kind === 'es2' && delivery.target === name && delivery.account === account) return delivery;
  throw new HttpProblem(404, 'delivery_not_found', `the operator ${name} has no delivery ${id}`);
}

/** Throws if the operator gets no download notifications: a delivery to it would be skipped. */
export function mustBeNotified({ name, progress }: Operator): void {
  if (progress !== undefined) return;
  throw new HttpProblem(
    409,
    'operator_not_notified',
    `the operator ${name} gets no notifications: set progress_url`,
  );
}
