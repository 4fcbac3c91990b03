import { encodeWithBytes } from '@esim-rsp/codec';
import { notificationEvents } from '@esim-rsp/sgp22/asn1/bound-profile-package';
import {
  ListNotificationRequest,
  ListNotificationResponse,
  NotificationSentRequest,
  NotificationSentResponse,
  RetrieveNotificationsListRequest,
  RetrieveNotificationsListResponse,
} from '@esim-rsp/sgp22/asn1/es10';
import { type NotificationMetadata, PendingNotification } from '@esim-rsp/sgp22/asn1/notification';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import { callEs9 } from './es9.ts';
import { callEs10, errorName, iccidIn } from './es10.ts';
import { LpaFailure } from './failure.ts';
import type { Es10Channel, LpaEnv } from './ports.ts';

const STEP = 'handleNotification';

/** A notification that is still on the card. */
export type WaitingNotification = {
  readonly seqNumber: number;
  readonly address: string;
  readonly event: string;
  readonly iccid?: Iccid;
};

/** What was delivered, and what is still on the card, with the reason. */
export type Sent = {
  readonly sent: readonly WaitingNotification[];
  readonly waiting: readonly (WaitingNotification & { readonly failure: LpaFailure })[];
};

/** ES10b.ListNotification in increasing order. */
export async function waitingNotifications(es10: Es10Channel): Promise<WaitingNotification[]> {
  const listed = await callEs10(
    es10,
    { step: STEP, request: ListNotificationRequest, response: ListNotificationResponse },
    {},
  );
  if (!('notificationMetadataList' in listed))
    throw new LpaFailure(STEP, 'the eUICC does not list its notifications');
  return listed.notificationMetadataList.map(readWaiting).sort((a, b) => a.seqNumber - b.seqNumber);
}

function readWaiting({
  seqNumber,
  notificationAddress: address,
  profileManagementOperation: events,
  iccid,
}: NotificationMetadata): WaitingNotification {
  const [event = -1] = events;
  const name = errorName(notificationEvents, event).replace('notification', '').toLowerCase();
  return {
    seqNumber,
    address,
    event: name,
    ...(iccid !== undefined && { iccid: iccidIn(STEP, iccid) }),
  };
}

/**
 * Sends the notifications of the card (SGP.22 3.5), in order for each address. One is removed from the card when the server has it. If one
 * cannot be delivered, later ones to the same address stay on the card too.
 */
export async function sendNotifications(env: LpaEnv): Promise<Sent> {
  const sent: WaitingNotification[] = [];
  const kept: Sent['waiting'][number][] = [];
  for (const notification of await waitingNotifications(env.es10)) {
    const blocked = kept.find(({ address }) => address === notification.address);
    const failure = blocked?.failure ?? (await sendOne(notification, env));
    if (failure === undefined) sent.push(notification);
    else kept.push({ ...notification, failure });
  }
  return { sent, waiting: kept };
}

async function sendOne(notification: WaitingNotification, env: LpaEnv): Promise<LpaFailure | undefined> {
  const { seqNumber, address, event } = notification;
  try {
    const pendingNotification = encodeWithBytes(PendingNotification, await retrieve(seqNumber, env));
    await callEs9(env.es9, address, 'handleNotification', { pendingNotification });
    await callEs10(
      env.es10,
      { step: STEP, request: NotificationSentRequest, response: NotificationSentResponse },
      { seqNumber },
    );
  } catch (error) {
    if (error instanceof LpaFailure) return error;
    throw error;
  }
  env.onStep({ name: STEP, text: `${address} has the notification ${seqNumber}: ${event}` });
  return undefined;
}

async function retrieve(seqNumber: number, { es10 }: LpaEnv): Promise<PendingNotification> {
  const found = await callEs10(
    es10,
    { step: STEP, request: RetrieveNotificationsListRequest, response: RetrieveNotificationsListResponse },
    { searchCriteria: { seqNumber } },
  );
  const [notification] = 'notificationList' in found ? found.notificationList : [];
  if (notification === undefined)
    throw new LpaFailure(STEP, `the eUICC has no notification ${seqNumber} any more`);
  return notification;
}
