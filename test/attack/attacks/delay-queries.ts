import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { account } from '../../harness/server.ts';
import type { Attack, Target } from '../attack.ts';
import { FIRST_ICCID, storeInventory } from '../inventory.ts';
import { mustStayResponsive } from '../responsive.ts';

const INVENTORY = 300_000;
/** Some ten thousand profiles. */
const EXPORTED_BYTES = 8_000_000;
const LIST = '/api/v1/esim/euicc-profiles';
const prepare = async (dataDir: string) => {
  await storeInventory(dataDir, INVENTORY);
  return {};
};

/** Questions about a large inventory, and work that creates much of it. */
export const delayQueries: readonly Attack[] = [
  {
    name: 'lists of a large inventory do not delay other requests',
    alone: true,
    prepare,
    run: (target) =>
      mustStayResponsive(target, () =>
        atOnce(24, 6, async (i) => {
          await get(target, `${LIST}?count=1000&offset=${[0, 9_000, 299_000, 999_000][i % 4]}`);
          await get(target, `${LIST}?count=1000&state=AVAILABLE`);
          await get(target, '/api/v1/esim/profile-types');
        }),
      ),
  },
  {
    name: 'exports of a large inventory do not delay other requests',
    alone: true,
    prepare,
    run: (target) =>
      mustStayResponsive(target, () =>
        atOnce(4, 1, async () => {
          const { ok, body } = await fetch(`${target.restUrl}${LIST}/export?format=csv`, { headers });
          assert.ok(ok && body);
          let bytes = 0;
          for await (const piece of body) {
            bytes += piece.length;
            if (bytes > EXPORTED_BYTES) return;
          }
          assert.fail(`only ${bytes} bytes of ${INVENTORY} profiles`);
        }),
      ),
  },
  {
    name: 'filters that find nothing in a large inventory do not delay other requests',
    alone: true,
    prepare,
    run: (target) =>
      mustStayResponsive(target, () =>
        atOnce(16, 6, async () => {
          await get(target, `${LIST}?count=1000&text=8900&state=ENABLED,DELETED`);
          await get(target, `${LIST}?count=1000&text=001&profile_type=none`);
          await get(
            target,
            `${LIST}?count=1000&changed_since=2020-01-01T00:00:00Z&text=89&state=ERROR&sort=-last_operation_date`,
          );
        }),
      ),
  },
  {
    name: 'many followers of events do not delay other requests',
    alone: true,
    run: async (target) => {
      const body = { count: 250, imsi_start: '001010000000001', profile_type: 'streamed' };
      for (let i = 0; i < 40; i++)
        await post(target, `${LIST}/generate`, {
          ...body,
          iccid_start: String(893_000_000_000_000_000n + 1000n * BigInt(i)),
        });
      await mustStayResponsive(target, async () => {
        const gone = new AbortController();
        const streams = Array.from({ length: 20 }, (_, i) => follow(target, i, gone.signal));
        await sleep(3000);
        gone.abort();
        await Promise.allSettled(streams);
      });
    },
  },
  {
    name: 'generating many subscriptions does not delay other requests',
    alone: true,
    run: async (target) => {
      let next = 894_000_000_000_000_000n;
      await mustStayResponsive(target, () =>
        atOnce(12, 3, async () => {
          next += 1000n;
          const iccid_start = String(next);
          await post(target, `${LIST}/generate`, { count: 250, iccid_start, imsi_start: '001010000000001' });
        }),
      );
    },
  },
  {
    name: 'orders from a template whose numbers are taken do not delay other requests',
    alone: true,
    prepare,
    run: async (target) => {
      await post(target, '/api/v1/esim/profile-templates', {
        profile_type: 'taken',
        size: INVENTORY + 1000,
        iccid_start: String(FIRST_ICCID / 10n),
        imsi_start: '001010000000000',
      });
      await mustStayResponsive(target, () =>
        atOnce(32, 4, async () => {
          await post(target, `${LIST}/order`, { profile_type: 'taken' });
          await post(target, `${LIST}/order`, { profile_type: 'basic' });
        }),
      );
    },
  },
];

/** `each` times in a row, in `count` rows at once. */
async function atOnce(count: number, each: number, work: (i: number) => Promise<void>): Promise<void> {
  const row = async (_: unknown, i: number) => {
    for (let k = 0; k < each; k++) await work(i * each + k);
  };
  await Promise.all(Array.from({ length: count }, row));
}

const headers = { 'x-user-id': account.ESIM_BOOTSTRAP_USER_ID, 'x-api-key': account.ESIM_BOOTSTRAP_API_KEY };
/** What an answer may be besides a success: out of stock, or busy. An offset may be too high. */
const refused = [400, 409, 503];

async function get({ restUrl }: Target, path: string): Promise<Readonly<Record<string, unknown>>> {
  return answerOf(await fetch(restUrl + path, { headers }));
}

async function post({ restUrl }: Target, path: string, body: object): Promise<void> {
  const json = { ...headers, 'content-type': 'application/json' };
  await answerOf(await fetch(restUrl + path, { method: 'POST', headers: json, body: JSON.stringify(body) }));
}

async function answerOf(answer: Response): Promise<Readonly<Record<string, unknown>>> {
  const text = await answer.text();
  assert.ok(answer.ok || refused.includes(answer.status), `${answer.status} ${text}`);
  return JSON.parse(text);
}

/** Every second follower reads, and the others only connect. */
async function follow({ restUrl }: Target, i: number, signal: AbortSignal): Promise<void> {
  const answer = await fetch(`${restUrl}/api/v1/esim/events?cursor=0&count=1000`, {
    headers: { ...headers, accept: 'text/event-stream' },
    signal,
  });
  assert.equal(answer.status, 200);
  if (i % 2 === 0 && answer.body !== null) for await (const _ of answer.body);
}
