import { type Card, ConnectionFailure, type Es9Channel, type Es10Channel, LpaFailure } from '@esim-rsp/euicc';
import type { ServerStore } from '@esim-rsp/server/store/ports/server-store';
import { type Es9Name, es9plus } from '@esim-rsp/sgp22/functions/es9plus';
import type { Change } from '@esim-rsp/smdp/state/change';
import { openMemoryStore } from '#server/store/sqlite/memory.harness';
import { es9Over, es10With, life, newCard, release, released } from '../test/harness/server-in-process.ts';

/** A message before it is sent, and copies of the store at that time. */
export type Moment = {
  readonly path: string;
  readonly body: Readonly<Record<string, string>>;
  readonly storeThen: () => Promise<ServerStore>;
};

/** A store of which copies of an earlier state can be created. */
function recorded(store: ServerStore) {
  const log: (readonly Change[])[] = [];
  const save: ServerStore['save'] = async (changes) => {
    const saved = await store.save(changes);
    if (saved === 'saved') log.push(changes);
    return saved;
  };
  const copier = () => {
    const until = [...log];
    return async () => {
      const copy = await openMemoryStore();
      for (const changes of until) await copy.save(changes);
      return copy;
    };
  };
  return { store: { ...store, save }, copier };
}

/** Runs the life of a profile until just before the `nth` message to `fn`. */
export async function momentBefore(fn: Es9Name, nth = 1): Promise<Moment> {
  const { store, copier } = recorded(await openMemoryStore());
  await release(store);
  const genuine = es9Over(store);
  let found: Moment | undefined;
  let left = nth;
  const es9: Es9Channel = {
    post: (address, path, body) => {
      if (path !== es9plus[fn].path || --left > 0) return genuine.post(address, path, body);
      found ??= { path, body, storeThen: copier() };
      throw new ConnectionFailure('unreachable', 'the message is kept');
    },
  };
  try {
    await life({ es9, es10: es10With(newCard()), consent: fn !== 'cancelSession' });
  } catch (error) {
    if (!(error instanceof LpaFailure)) throw error;
  }
  if (found === undefined) throw new Error(`no message came to ${fn}`);
  return found;
}

/** All commands from the LPA to the eUICC in a life: each with the card before it, and the answer. */
export async function commands() {
  const seen: { readonly card: Card; readonly command: Uint8Array; readonly data: Uint8Array }[] = [];
  const genuine = es10With(newCard());
  const es10: Es10Channel = {
    transmit: async (command) => {
      const card = genuine.card();
      const answer = await genuine.transmit(command);
      seen.push({ card, command, data: answer.data });
      return answer;
    },
  };
  await life({ es9: es9Over(await released()), es10 });
  return { seen, card: genuine.card() };
}
