import type { NewDelivery } from '../ports/outbox.ts';
import { deliveryColumns, deliveryToRow } from '../rows/outbox.ts';
import type { TextCall } from './text-call.ts';
import { insertRow, valuesOf } from './write-row.ts';

const insertDelivery = insertRow('delivery', deliveryColumns);

/** The call that puts a message into the outbox. */
export function deliveryCall(delivery: NewDelivery): TextCall {
  const values = valuesOf('delivery', deliveryToRow(delivery), insertDelivery.names);
  return [insertDelivery.text, ...(values as (string | number | null)[])];
}
