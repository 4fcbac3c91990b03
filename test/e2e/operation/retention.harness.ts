import assert from 'node:assert/strict';
import { readArchive } from '@esim-rsp/server/chain/archive';
import { verifyChains } from '@esim-rsp/server/chain/verify';
import { verifyArchive } from '@esim-rsp/server/chain/verify-archive';
import type { ServerStore } from '@esim-rsp/server/store/ports/server-store';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { chainSlices } from '#server/jobs/chain-logs';
import { until } from '../../harness/receiver.ts';
import { account, type ServerProcess, type Settings, startServer } from '../../harness/server.ts';

/** A server that deletes old events, and is killed while it does: nothing is lost that has not come to the archive. */

const [OLD, YOUNG] = [3000, 30];
const DAY_MS = 86_400_000;
const name = account.ESIM_BOOTSTRAP_USER_ID;

/** Events that are 40 days old, and some of today, all of them chained. */
export async function fillWithOld(store: ServerStore): Promise<void> {
  const old = Date.now() - 40 * DAY_MS;
  const event = (at: number) =>
    ({
      type: 'profile.created',
      iccid: parseIccid('8900101000000000017'),
      account: name,
      at,
      actor: { kind: 'system' },
      to: 'AVAILABLE',
    }) as const;
  const times = [
    ...Array.from({ length: OLD }, (_, i) => old + i),
    ...Array.from({ length: YOUNG }, () => Date.now()),
  ];
  for (let i = 0; i < times.length; i += 500)
    await store.save(times.slice(i, i + 500).map((at) => ({ event: event(at) })));
  while (await chainSlices({ store, node: 'test', random: systemRandom }));
  await store.fanOut({
    after: await store.fanOutPosition(),
    upTo: await store.lastEventId(),
    deliveries: [],
  });
}

/** A data folder, or a database, that was filled with old records. */
export type Filled = {
  readonly settings: Settings;
  readonly archive: string;
  readonly open: () => Promise<ServerStore>;
};

/** Lets a server delete all that is old. `kills`: how often the server is killed meanwhile. */
export async function deleteOld({ settings, archive, open }: Filled, kills: number, checkout?: string) {
  const all = {
    ...settings,
    ESIM_KEEP_EVENTS: '30',
    ESIM_KEEP_AUDIT: '30',
    ESIM_ARCHIVE: archive,
  };
  const store = await open();
  const cutEntry = async () => (await store.chainOf('event', name))?.cutEntry ?? 0;
  let server: ServerProcess | undefined;
  try {
    for (let i = 0; i < kills; i++) {
      const before = await cutEntry();
      server = await startServer(all, checkout);
      await until(async () => (await cutEntry()) > before);
      await server.kill();
    }
    server = await startServer(all, checkout);
    await until(async () => (await cutEntry()) >= OLD);
    return {
      chains: await verifyChains(store),
      archive: await verifyArchive(store, () => readArchive(archive)),
      events: (await store.events({ account: name, count: 1000 })).items.length,
    };
  } finally {
    await server?.close();
    await store.close();
  }
}

/** All of it, and that nothing was lost. */
export async function checkKilled(filled: Filled): Promise<void> {
  const { chains, archive, events } = await deleteOld(filled, 2);
  assert.deepEqual([chains.differences, chains.cut], [[], 1]);
  assert.deepEqual([archive.differences, archive.entries], [[], OLD]);
  assert.equal(events, YOUNG);
}
