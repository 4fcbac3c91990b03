import type { InstallLinkChange } from '@esim-rsp/smdp/state/install-link';
import type { BegunRequest } from '../../ports/idempotency.ts';
import type { InstallLink, InstallLinkStore } from '../../ports/install/links.ts';
import type { Delivery, NewDelivery } from '../../ports/outbox.ts';
import {
  type InstallLinkRow,
  installLinkColumns,
  installLinkFromRow,
  installLinkToRow,
  sentUrlFromRow,
} from '../../rows/install/links.ts';
import { type DeliveryRow, deliveryFromRow } from '../../rows/outbox.ts';
import { linkedPageQueries, linkedPageReader } from '../../statements/install/linked-page.ts';
import { installLinkQueries } from '../../statements/install/links.ts';
import type { Call } from '../connection/batch.ts';
import type { Connection } from '../connection/connection.ts';
import type { EventNews } from '../connection/event-news.ts';
import { sqlStateOf } from '../connection/failures.ts';
import { statementsOf } from '../connection/statements.ts';
import { insertCall, mustChangeOne } from '../connection/write-row.ts';
import { asWorkOf, recordWork } from '../idempotency.ts';
import { insertDelivery } from '../logs/deliveries.ts';

const statements = statementsOf(installLinkQueries);
const pages = statementsOf(linkedPageQueries("encode(metadata, 'hex')"), 'arrays');
const insert = insertCall('install_link', installLinkColumns);
const askForHelp = mustChangeOne(statements.askForHelp);
const nameOf = ({ hash }: InstallLinkRow) => `install_link ${hash}`;
const accountOf = ({ account }: InstallLinkRow) => account;

export function postgresInstallLinks(
  connection: Connection,
  { reportEvents }: Pick<EventNews, 'reportEvents'>,
): InstallLinkStore {
  const { opened, rows, readableOne, write, change, inOrder, transaction } = connection;
  const pageIn = linkedPageReader(connection);
  const sentUrl = opened('install_link', sentUrlFromRow);
  const one = (found: readonly unknown[]) => readableOne(found, installLinkFromRow, nameOf, accountOf);
  /** Adds a mail, and what the link has of it. */
  const sendBy = (mail: NewDelivery, callsFor: (id: number) => readonly Call[]): Promise<Delivery> =>
    transaction(async ({ run }) => {
      const [inserted] = await run([insertDelivery(mail)]);
      const delivery = deliveryFromRow(inserted?.rows[0] as DeliveryRow);
      await run(callsFor(delivery.id));
      return delivery;
    });
  return {
    installLink: async (hash) => one(await rows(statements.byHash, hash)),
    linkedPage: async (hash) => pageIn(await rows(pages.linkedPage, hash)),
    installLinkOf: async ({ iccid, order }) => one(await rows(statements.ofOrder, iccid, order ?? null)),
    addInstallLink: (link, request) =>
      unlessGone(async () => {
        const add = () => inOrder([orderName(link)], () => write(addCalls(link, request)));
        await asWorkOf(request, add);
        return 'added' as const;
      }),
    sendInstallLink: (link, url, mail, request) =>
      unlessGone(async () => {
        const send = () => sendBy(mail, (id) => addCalls({ ...link, sentDelivery: id }, request, url));
        const delivery = await asWorkOf(request, () => inOrder([orderName(link)], send));
        reportEvents();
        return delivery;
      }),
    resendInstallLink: async (hash, mail, request) => {
      const sentBy = (id: number) => ({ statement: statements.sentBy, values: [id, hash] });
      const send = () => sendBy(mail, (id) => [sentBy(id), ...recordWork(request, {})]);
      const delivery = await asWorkOf(request, send);
      reportEvents();
      return delivery;
    },
    sentUrl: async (hash) => readableOne(await rows(statements.byHash, hash), sentUrl, nameOf, accountOf),
    deleteInstallLinks: async (iccid) =>
      (await change(statements.deleteAll, iccid)) > 0 ? 'deleted' : 'unknown',
    recordLinkViews: async (all) => {
      const sorted = all.toSorted((a, b) => (a.hash < b.hash ? -1 : 1)); // so that two processes never wait for each other
      await write(
        sorted.map(({ views, at, hash }) => ({ statement: statements.view, values: [views, at, hash] })),
      );
    },
  };
}

/** Links of one profile are added one after the other. */
const orderName = ({ iccid }: InstallLink) => `install_link ${iccid}`;

function addCalls(link: InstallLink, request: BegunRequest | undefined, url?: string): Call[] {
  const { iccid, order, createdAt } = link;
  return [
    { statement: statements.deleteEarlier, values: [iccid, order ?? null, createdAt] },
    insert(installLinkToRow(link, url)),
    ...recordWork(request, { iccids: [iccid] }),
  ];
}

async function unlessGone<T>(add: () => Promise<T>): Promise<T | 'unknown'> {
  try {
    return await add();
  } catch (error) {
    if (isGone(error)) return 'unknown';
    throw error;
  }
}

/** The profile, to which the row refers, was deleted. */
function isGone(error: unknown): boolean {
  const { cause = error } = error as Error;
  return [error, cause].some((one) => sqlStateOf(one) === '23503');
}

/** Fails as stale if the customer has asked for help already, or the link is gone. */
export function changeInstallLink(change: InstallLinkChange): Call {
  if ('hash' in change)
    return { statement: askForHelp, values: [change.askedAt, change.hash, change.notSince] };
  const { from, to, at } = change;
  return {
    statement: statements.follow,
    values: [to.iccid, to.order ?? null, at, from.iccid, from.order ?? null],
  };
}
