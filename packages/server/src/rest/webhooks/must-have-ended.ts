import type { Delivery } from '../../store/ports/outbox.ts';
import { HttpProblem } from '../frame/problem.ts';

/** Refuses to repeat a delivery that the server still attempts by itself. */
export function mustHaveEnded({ id, state }: Pick<Delivery, 'id' | 'state'>): void {
  if (state === 'pending')
    throw new HttpProblem(
      409,
      'delivery_pending',
      `the delivery ${id} is pending: the server sends it by itself`,
    );
}
