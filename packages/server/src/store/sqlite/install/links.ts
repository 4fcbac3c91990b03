import type { InstallLinkChange } from '@esim-rsp/smdp/state/install-link';
import type { BegunRequest } from '../../ports/idempotency.ts';
import type { InstallLink, InstallLinkStore } from '../../ports/install/links.ts';
import type { NewDelivery } from '../../ports/outbox.ts';
import {
  type InstallLinkRow,
  installLinkColumns,
  installLinkFromRow,
  installLinkToRow,
  sentUrlFromRow,
} from '../../rows/install/links.ts';
import { linkedPageQueries, linkedPageReader } from '../../statements/install/linked-page.ts';
import { installLinkQueries } from '../../statements/install/links.ts';
import { profileFactQueries } from '../../statements/profiles.ts';
import { type Connection, prepareLazily } from '../connection/connection.ts';
import { firstRowOf, rowsOf } from '../connection/read-rows.ts';
import { prepareInsert } from '../connection/write-row.ts';
import { mustRecordWork } from '../idempotency.ts';
import { deliveryWriter } from '../logs/deliveries.ts';

export function sqliteInstallLinks(connection: Connection): InstallLinkStore {
  const { opened, prepareEach, read, readableOne, write } = connection;
  const statements = prepareEach(installLinkQueries);
  const pages = prepareEach(linkedPageQueries('hex(metadata)'), 'arrays');
  const pageIn = linkedPageReader(connection);
  const facts = prepareEach(profileFactQueries);
  const writes = prepareLazily({
    insert: () => prepareInsert(connection, 'install_link', installLinkColumns),
  });
  const nameOf = ({ hash }: InstallLinkRow) => `install_link ${hash}`;
  const one = (rows: readonly unknown[]) =>
    readableOne(rows, installLinkFromRow, nameOf, ({ account }) => account);
  const insertDelivery = deliveryWriter(connection);
  const sentUrl = opened('install_link', sentUrlFromRow);
  const recordWork = mustRecordWork(connection);
  const add = (link: InstallLink, request: BegunRequest | undefined, url?: string) => {
    if (facts.any.get(link.iccid) === undefined) return 'unknown';
    statements.deleteEarlier.run(link.iccid, link.order ?? null, link.createdAt);
    writes.insert(installLinkToRow(link, url));
    recordWork(request, { iccids: [link.iccid] });
    return 'added';
  };
  const send = (link: InstallLink, url: string, mail: NewDelivery, request?: BegunRequest) => {
    if (facts.any.get(link.iccid) === undefined) return 'unknown';
    const delivery = insertDelivery(mail);
    add({ ...link, sentDelivery: delivery.id }, request, url);
    return delivery;
  };
  const resend = (hash: string, mail: NewDelivery, request?: BegunRequest) => {
    const delivery = insertDelivery(mail);
    statements.sentBy.run(delivery.id, hash);
    recordWork(request, {});
    return delivery;
  };
  return {
    installLink: (hash) => read(() => one(firstRowOf(statements.byHash, hash))),
    linkedPage: (hash) => read(() => pageIn(rowsOf(pages.linkedPage, hash))),
    installLinkOf: ({ iccid, order }) =>
      read(() => one(firstRowOf(statements.ofOrder, iccid, order ?? null))),
    addInstallLink: (link, request) => write(() => add(link, request)),
    sendInstallLink: (...sent) => write(() => send(...sent)),
    resendInstallLink: (...sent) => write(() => resend(...sent)),
    sentUrl: (hash) => read(() => readableOne(firstRowOf(statements.byHash, hash), sentUrl, nameOf)),
    deleteInstallLinks: (iccid) =>
      write(() => (Number(statements.deleteAll.run(iccid).changes) > 0 ? 'deleted' : 'unknown')),
    recordLinkViews: (all) =>
      write(() => {
        for (const { views, at, hash } of all) statements.view.run(views, at, hash);
      }),
  };
}

/** Writes a change of install links; false: the customer has asked for help already, or the link is gone. */
export function installLinkWriter({ prepareEach }: Connection): (change: InstallLinkChange) => boolean {
  const statements = prepareEach(installLinkQueries);
  return (change) => {
    if ('hash' in change)
      return Number(statements.askForHelp.run(change.askedAt, change.hash, change.notSince).changes) === 1;
    const { from, to, at } = change;
    statements.follow.run(to.iccid, to.order ?? null, at, from.iccid, from.order ?? null);
    return true;
  };
}
