import { decode, encode } from '@esim-rsp/codec';
import {
  ListNotificationRequest,
  ListNotificationResponse,
  NotificationSentRequest,
  NotificationSentResponse,
  RetrieveNotificationsListRequest,
  RetrieveNotificationsListResponse,
} from '@esim-rsp/sgp22/asn1/es10';
import { type NotificationMetadata, PendingNotification } from '@esim-rsp/sgp22/asn1/notification';
import type { StoredNotification } from '../card/card.ts';
import { answerWith, type Es10Function } from './command.ts';

function metadataOf({ bytes }: StoredNotification): NotificationMetadata {
  const pending = decode(PendingNotification, bytes);
  return 'profileInstallationResult' in pending
    ? pending.profileInstallationResult.profileInstallationResultData.value.notificationMetadata
    : pending.otherSignedNotification.tbsOtherNotification.value;
}

/** ES10b.ListNotification (5.7.9): the notifications on the card, without their signatures. */
export const listNotification: Es10Function = (card, request) => {
  const { profileManagementOperation: wanted } = decode(ListNotificationRequest, request);
  const listed = card.notifications.filter(({ event }) => wanted === undefined || wanted.has(event));
  return answerWith(
    card,
    encode(ListNotificationResponse, { notificationMetadataList: listed.map(metadataOf) }),
  );
};

/** ES10b.RetrieveNotificationsList (5.7.10). */
export const retrieveNotificationsList: Es10Function = (card, request) => {
  const { searchCriteria } = decode(RetrieveNotificationsListRequest, request);
  const found = card.notifications.filter(({ seqNumber, event }) => {
    if (searchCriteria === undefined) return true;
    if ('seqNumber' in searchCriteria) return searchCriteria.seqNumber === seqNumber;
    return searchCriteria.profileManagementOperation.has(event);
  });
  const notificationList = found.map(({ bytes }) => decode(PendingNotification, bytes));
  return answerWith(card, encode(RetrieveNotificationsListResponse, { notificationList }));
};

const NOTHING_TO_DELETE = 1;

/** ES10b.RemoveNotificationFromList (5.7.11): removes one that the recipient has. */
export const removeNotificationFromList: Es10Function = (card, request) => {
  const { seqNumber } = decode(NotificationSentRequest, request);
  const notifications = card.notifications.filter((notification) => notification.seqNumber !== seqNumber);
  const result = notifications.length < card.notifications.length ? 0 : NOTHING_TO_DELETE;
  return answerWith({ ...card, notifications }, encode(NotificationSentResponse, { result }));
};
