import { setTimeout as sleep } from 'node:timers/promises';
import { type Delivery, repeatOf } from '@esim-rsp/server/store/ports/outbox';
import type { ServerStore } from '@esim-rsp/server/store/ports/server-store';
import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { withLocalStore, writeAuditEntry } from '../../local-store.ts';
import { type OutputOptions, show } from '../../output.ts';
import { resultOf } from '../../rest/webhook-text.ts';
import { numberFrom } from '../../values.ts';
import { deliveryJson } from './deliveries.ts';

/** An attempt takes at most ten seconds. */
const TRIES = 60;
const EVERY_MS = 250;

/** `esim operator replay`: sends a message again, as the same call, and prints whether it arrived. */
export function configure(command: Command): void {
  command
    .argument('<name>', 'the operator')
    .argument('<number>', 'number of the message', numberFrom(1, 999_999_999))
    .option('--json', 'write JSON to stdout')
    .action(replay);
  examples(command, { 'esim operator replay shop 17': 'send message 17 again' });
}

async function replay(name: string, number: number, { json }: OutputOptions): Promise<void> {
  const delivery = await withLocalStore(async (store) => {
    const again = await store.addDelivery(repeatOf(await repeatable(store, name, number), Date.now()));
    await writeAuditEntry(store, { account: again.account, operation: 'esim operator replay', target: name });
    return afterAttempt(store, again);
  });
  const shown = deliveryJson(delivery);
  const result = resultOf(shown);
  if (json || shown.state === 'delivered')
    show(json ? { json } : {}, shown, `${shown.type} has arrived at ${name}: ${result}`);
  if (shown.state !== 'delivered')
    throw new CliError(
      `${shown.type} has not arrived at ${name}: ${result || 'there was no attempt yet; is the server running?'}`,
    );
}

async function repeatable(store: ServerStore, name: string, number: number): Promise<Delivery> {
  const operator = (await store.operators()).find((one) => one.name === name);
  if (operator === undefined)
    throw new CliError(`there is no operator ${name}: 'esim operator list' shows the operators`);
  const delivery = await store.delivery(number);
  if (delivery?.kind !== 'es2' || delivery.target !== name || delivery.account !== operator.account)
    throw new CliError(
      `${name} has no message ${number}: 'esim operator deliveries ${name}' shows the messages`,
    );
  if (delivery.state === 'pending')
    throw new CliError(`message ${number} is pending: the server sends it by itself`);
  if (operator.progress === undefined)
    throw new CliError(
      `${name} receives no messages now: 'esim operator progress ${name} --progress-url URL' sets where to`,
    );
  return delivery;
}

/** Waits for the first attempt, which the running server makes. */
async function afterAttempt(store: ServerStore, delivery: Delivery): Promise<Delivery> {
  let found = delivery;
  for (let tries = 0; tries < TRIES && found.state === 'pending' && !found.lastError; tries++) {
    await sleep(EVERY_MS);
    found = (await store.delivery(delivery.id)) ?? found;
  }
  return found;
}
