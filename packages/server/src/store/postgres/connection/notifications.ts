import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { connectToHost, destroy } from './client.ts';
import type { Connection } from './connection.ts';
import type { News } from './news.ts';
import type { PostgresOptions } from './options.ts';
import { statementOf } from './statements.ts';

const CHANNEL = 'esim_rsp_events';
const notify = statementOf(`select pg_notify('${CHANNEL}', $1)`);

/** The least time between two notifications of a process: each takes a lock of the whole database server. */
const ANNOUNCE_MS = 10;

/** Sends notifications. */
export type Announcer = {
  /** Notifies other processes of events that have been committed. */
  announce(): void;
  /** Sends a notification that is for this process only. */
  ask(): Promise<void>;
  /** Resolves when what was announced has been sent. */
  finish(): Promise<void>;
};

/** Events are announced after their transaction, and many at once. An error is ignored: other processes look for events now and then in any case. */
export function createAnnouncer({ change }: Pick<Connection, 'change'>, { name }: News): Announcer {
  let [isPlanned, sentAt] = [false, Number.NEGATIVE_INFINITY];
  let sending: Promise<unknown> = Promise.resolve();
  const send = async () => {
    const pause = sentAt + ANNOUNCE_MS - performance.now();
    if (pause > 0) await sleep(pause);
    [isPlanned, sentAt] = [false, performance.now()];
    await change(notify, name).catch(() => undefined);
  };
  return {
    announce: () => {
      if (isPlanned) return;
      isPlanned = true;
      sending = sending.then(send);
    },
    ask: async () => void (await change(notify, questionOf(name))),
    finish: async () => void (await sending),
  };
}

const questionOf = (name: string) => `${name}?`;

/** How often a process asks itself whether notifications arrive, and how long it waits for the answer. */
const [ASK_EVERY_MS, ANSWER_MS] = [5000, 3000];
/** The pause after a connection that was lost, and behind a pooler that passes no notifications on. */
const [AGAIN_MS, POOLER_MS] = [1000, 60_000];

type Listening = { readonly options: PostgresOptions; readonly news: News; readonly announcer: Announcer };

/**
 * Listens for notifications, with a connection of its own, until the returned function is called. Notifications count only while those that
 * the process sends to itself arrive: with a pooler in transaction mode, or a network that has lost the connection, they do not.
 */
export function startListening(listening: Listening): () => Promise<void> {
  const stop = new AbortController();
  const { news } = listening;
  const run = async () => {
    while (!stop.signal.aborted) {
      const pause = await listenOnce(listening, stop.signal).catch(() => AGAIN_MS);
      news.setListening(false);
      await sleep(pause, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  };
  const running = run();
  return async () => {
    stop.abort();
    await running;
  };
}

/** Listens until the connection is lost. Resolves to the time after which it is worth another try. */
async function listenOnce(listening: Listening, stopping: AbortSignal): Promise<number> {
  const { url, directUrl, waitMs } = listening.options;
  const client = await connectToHost(directUrl ?? url, waitMs);
  const lost = new AbortController();
  const end = () => lost.abort();
  client.on('end', end);
  client.on('error', end);
  stopping.addEventListener('abort', end);
  try {
    if (stopping.aborted) return 0;
    if (directUrl === undefined && (await isPooled(client))) return POOLER_MS;
    await keepListening(client, listening, lost.signal);
    return AGAIN_MS;
  } finally {
    stopping.removeEventListener('abort', end);
    destroy(client, new Error('it has ended'));
  }
}

/** A pooler gives its clients keys of its own, because their statements run on different connections. */
async function isPooled(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  return rows[0]?.pid !== (client as unknown as { readonly processID: number }).processID;
}

async function keepListening(
  client: Client,
  { news, announcer }: Listening,
  lost: AbortSignal,
): Promise<void> {
  let answered = Promise.withResolvers<void>();
  client.on('notification', ({ payload }) => {
    if (payload === news.name || payload === questionOf(news.name)) answered.resolve();
    else if (!payload?.endsWith('?')) news.report('another');
  });
  await client.query(`listen ${CHANNEL}`);
  while (!lost.aborted) {
    answered = Promise.withResolvers();
    const asking = announcer.ask().then(() => answered.promise);
    if (!(await isDoneWithin(asking, ANSWER_MS, lost))) return;
    news.setListening(true);
    await sleep(ASK_EVERY_MS, undefined, { signal: lost }).catch(() => undefined);
  }
}

async function isDoneWithin(work: Promise<void>, ms: number, lost: AbortSignal): Promise<boolean> {
  const late = sleep(ms, false, { signal: lost }).catch(() => false);
  return Promise.race([
    work.then(
      () => true,
      () => false,
    ),
    late,
  ]);
}
