import type { NotificationEvent } from '@esim-rsp/sgp22/asn1/bound-profile-package';

/** The events that a device reports, as the API calls them, by their names in the specification. */
export const notificationEventNames = {
  install: 'notificationInstall',
  enable: 'notificationEnable',
  disable: 'notificationDisable',
  delete: 'notificationDelete',
} as const satisfies Readonly<Record<string, NotificationEvent>>;

export type NotificationEventName = keyof typeof notificationEventNames;
