import { ApiError } from '@esim-rsp/sdk';
import type { Action, World } from '../world.ts';

/** A type whose profiles an order creates. */
const TYPE = 'made to order';
const template = {
  profile_type: TYPE,
  size: 100_000,
  iccid_start: '894900000000000000',
  imsi_start: '262990000000000',
};

export async function createOrderedType({ server: { api } }: World): Promise<void> {
  await api.createProfileTemplate(template);
}

let orders = 0;

/** Orders a new profile with an Idempotency-Key. If the answer gets lost, the same order is repeated later. */
export const orderWithKey: Action = async (world) => {
  const key = `customer-${process.pid}-${++orders}`;
  world.ordersWithoutAnswer.add(key);
  await order(world, key);
  return true;
};

async function order({ server, ledger, ordersWithoutAnswer }: World, idempotencyKey: string): Promise<void> {
  const options = { idempotencyKey, retries: 0, timeout: 20_000 };
  const { data } = await server.api.orderEUICCProfileOfType({ profile_type: TYPE }, options);
  ordersWithoutAnswer.delete(idempotencyKey);
  const entry = ledger.add(data.iccid);
  ledger.acknowledge(entry, 'RELEASED');
  entry.activationCode = data.activation_code;
  if (data.matching_id !== undefined) entry.matchingId = data.matching_id;
  ledger.release(entry);
}

/**
 * Repeats the orders that were not answered. One that was done is answered now; `in_progress` says that nothing was done, and then nobody
 * knows of a profile.
 */
export async function repeatOrders(world: World): Promise<void> {
  for (const key of [...world.ordersWithoutAnswer])
    try {
      await order(world, key);
    } catch (error) {
      world.ordersWithoutAnswer.delete(key);
      if (!(error instanceof ApiError && error.code === 'in_progress'))
        world.findings.violation(`a repeated order was not answered: ${String(error)}`);
    }
}
