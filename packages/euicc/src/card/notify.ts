import { type Der, decode, decodeWithBytes, encode, encodeWithBytes } from '@esim-rsp/codec';
import {
  type NotificationEvent,
  notificationEvents,
  StoreMetadataRequest,
} from '@esim-rsp/sgp22/asn1/bound-profile-package';
import { NotificationMetadata, PendingNotification } from '@esim-rsp/sgp22/asn1/notification';
import { Certificate } from '@esim-rsp/sgp22/asn1/pkix';
import { iccidToSwappedBcd } from '@esim-rsp/sgp22/value/iccid';
import type { Card, InstalledProfile } from './card.ts';
import { signingKey } from './credential.ts';

/** NotificationMetadata with the next sequence number (2.5.6). */
export function notificationMetadata(
  card: Card,
  event: NotificationEvent,
  notificationAddress: string,
  iccid: Uint8Array | undefined,
): Der<NotificationMetadata> {
  return encodeWithBytes(NotificationMetadata, {
    seqNumber: card.nextSeqNumber,
    profileManagementOperation: new Set([notificationEvents[event]]),
    notificationAddress,
    ...(iccid !== undefined && { iccid }),
  });
}

/** Appends a notification to the list. It uses up the sequence number. */
export function storeNotification(
  card: Card,
  event: NotificationEvent,
  address: string,
  bytes: Uint8Array,
): Card {
  const notification = { seqNumber: card.nextSeqNumber, address, event: notificationEvents[event], bytes };
  return {
    ...card,
    nextSeqNumber: card.nextSeqNumber + 1,
    notifications: [...card.notifications, notification],
  };
}

/** Stores an OtherSignedNotification for each address that the Profile's metadata names for this event (3.5). */
export function notify(card: Card, { iccid, metadata }: InstalledProfile, event: NotificationEvent): Card {
  const { notificationConfigurationInfo = [] } = decode(StoreMetadataRequest, metadata);
  return notificationConfigurationInfo
    .filter(({ profileManagementOperation: events }) => events.has(notificationEvents[event]))
    .reduce((before, { notificationAddress: address }) => {
      const tbs = notificationMetadata(before, event, address, iccidToSwappedBcd(iccid));
      return storeNotification(before, event, address, signedNotification(before, tbs));
    }, card);
}

function signedNotification(card: Card, tbsOtherNotification: Der<NotificationMetadata>): Uint8Array {
  const [credential] = card.credentials;
  if (credential === undefined) throw new Error('a card has a credential');
  return encode(PendingNotification, {
    otherSignedNotification: {
      tbsOtherNotification,
      euiccNotificationSignature: signingKey(credential).sign(tbsOtherNotification.bytes),
      euiccCertificate: decodeWithBytes(Certificate, credential.euiccCertificate),
      eumCertificate: decodeWithBytes(Certificate, credential.eumCertificate),
    },
  });
}
