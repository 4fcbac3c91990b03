export { type Exchanged, exchange } from './apdu/apdu.ts';
export { ATR, type Channel, type Powered, powerOn } from './apdu/powered.ts';
export { ISD_R, USIM } from './apdu/select.ts';
export { type Card, type CardEnv, freeMemory } from './card/card.ts';
export { createCard, type NewCard } from './card/create.ts';
export { cardFromJson, cardToJson } from './card/json.ts';
export type { Es10Function, Outcome } from './es10/command.ts';
export { execute } from './es10/es10.ts';
export type { Consent } from './lpa/agree.ts';
export type { Source } from './lpa/authenticate.ts';
export type { AskConfirmationCode } from './lpa/bind.ts';
export { type Downloaded, type DownloadRequest, download } from './lpa/download.ts';
export { LpaFailure } from './lpa/failure.ts';
export {
  ConnectionFailure,
  type Es9Channel,
  type Es10Channel,
  type HttpAnswer,
  type LpaEnv,
  type ReportedStatus,
  type Step,
} from './lpa/ports.ts';
export {
  deleteProfile,
  disableProfile,
  enableProfile,
  type ListedProfile,
  listProfiles,
} from './lpa/profiles.ts';
export {
  type Sent,
  sendNotifications,
  type WaitingNotification,
  waitingNotifications,
} from './lpa/send-notifications.ts';
