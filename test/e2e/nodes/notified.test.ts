import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import { openPostgresStore } from '#server/store/postgres/store';
import {
  installations,
  NO_POSTGRES,
  optionsFor,
  startPostgres,
} from '#server/store/postgres/testing/server.harness';
import { TEST_KEY, testMasterKey } from '#server/store/sealing/test-key.harness';
import { nextIccid, subscription } from '../../harness/profiles.ts';
import { startReceiver, until } from '../../harness/receiver.ts';
import { account, startServer } from '../../harness/server.ts';
import { linesOf, sumOf } from '../metrics/lines.ts';

/** A node that has saved nothing itself learns of the events of others. */

const [installation] = installations();
const EVENTS = 15;
/** While it listens, the node looks by itself once a second: half of the events would need half a second more than its own. */
const MOST_MORE_MS = 300;
const token = 'a-token-for-these-tests';

test('webhooks and event streams of a node get the events of another one soon after they were saved', {
  skip: installation === undefined && NO_POSTGRES,
}, async () => {
  await using closing = new AsyncDisposableStack();
  const database = closing.use(await startPostgres(installation ?? assert.fail()));
  const url = await database.createDatabase();
  const server = closing.use(
    await startServer({
      ESIM_DATABASE_URL: url,
      ESIM_MASTER_KEY: TEST_KEY,
      ESIM_WEBHOOK_ALLOW_PRIVATE: '1',
      ESIM_METRICS_PORT: '0',
      ESIM_METRICS_TOKEN: token,
    }),
  );
  const receiver = closing.use(await startReceiver());
  await server.api.createWebhook({ url: receiver.url, events: ['*'] });
  const other = await openPostgresStore(optionsFor(url), testMasterKey);
  closing.defer(() => other.close());
  await until(async () => sumOf(await linesOf(server, token), /^esim_database_listening/) === 1);

  const sentAt = new Map<string, number>();
  const ended = new AbortController();
  const streamed = new Map<string, number>();
  const following = (async () => {
    for await (const { iccid } of server.api.followEvents({}, { signal: ended.signal }))
      streamed.set(iccid, performance.now());
  })().catch((error) => {
    if (!ended.signal.aborted) throw error;
  });
  const delivered = new Map<string, number>();
  receiver.answer = (response, { body }) => {
    delivered.set(JSON.parse(body).data.iccid, performance.now());
    response.writeHead(204).end();
  };
  /** The stream starts with what happens after it was opened. */
  const saveOne = async () => {
    const iccid = nextIccid() as Iccid;
    const actor = { kind: 'system' } as const;
    const event = { type: 'profile.created', at: Date.now(), actor, to: 'AVAILABLE', iccid } as const;
    assert.equal(
      await other.save([{ event: { ...event, account: account.ESIM_BOOTSTRAP_USER_ID } }]),
      'saved',
    );
    sentAt.set(iccid, performance.now());
    return iccid;
  };
  await until(async () => {
    await saveOne();
    return streamed.size > 0;
  });
  const saveOwn = async () => {
    const parameters = subscription();
    await server.api.createEUICCProfile({ parameters });
    sentAt.set(parameters.iccid, performance.now());
    return parameters.iccid;
  };
  const [ofOther, own]: [string[], string[]] = [[], []];
  for (let i = 0; i < EVENTS; i++)
    for (const [save, iccids] of [
      [saveOne, ofOther],
      [saveOwn, own],
    ] as const) {
      const iccid = await save();
      iccids.push(iccid);
      await until(() => streamed.has(iccid) && delivered.has(iccid));
    }
  ended.abort();
  await following;
  for (const [what, arrived] of Object.entries({ streamed, delivered })) {
    const half = (iccids: readonly string[]) => {
      const delays = iccids.map((iccid) => Math.max(0, (arrived.get(iccid) ?? 0) - (sentAt.get(iccid) ?? 0)));
      return delays.toSorted((a, b) => a - b)[Math.floor(EVENTS / 2)] ?? assert.fail();
    };
    const text = `half of the events were ${what} within ${half(ofOther).toFixed(1)} ms, of its own within ${half(own).toFixed(1)}`;
    console.log(`# ${text}`);
    assert.ok(half(ofOther) < half(own) + MOST_MORE_MS, text);
  }
});
