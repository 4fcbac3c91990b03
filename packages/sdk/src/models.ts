// Generated from the shapes of the REST API: change those, and run `npm run generate`.

/** A Profile. */
export interface GetEUICCProfileResponse {
  /** 19 or 20 decimal digits. */
  iccid: string;
  /**
   * International Mobile Subscriber Identity: 6 to 15 decimal digits; empty while it is not known, of a Profile
   * of an upstream.
   */
  imsi: string;
  /** The state of the Profile. */
  state: EUICCProfileState;
  /** Unix seconds of the last change of state. */
  last_operation_date: number;
  /**
   * LPA:1$…, a secret; empty while there is none (not released yet, or an order for a default SM-DP+), and for
   * a key without the permission codes.
   */
  activation_code: string;
  /** How often the Profile may still go back to RELEASED after it left a device. */
  reuse_remaining_count?: number;
  /** Whether the Profile may be downloaded again. */
  reuse_enabled?: boolean;
  /** What happens after the Profile left its device. */
  profile_reuse_policy?: ProfileReusePolicy;
  /** Unix seconds of the release. */
  release_date?: number;
  /** Whether the user must type a confirmation code. */
  cc_required?: boolean;
  /**
   * Confirmation-code attempts that are left; absent when no code is required, and of a Profile of an upstream,
   * which counts them.
   */
  cc_retries?: number;
  /** last_operation_date as a time. ISO 8601. */
  last_operation_at?: string;
  /** release_date as a time. ISO 8601. */
  released_at?: string;
  /** The eUICC that the Profile is linked to, bound to or installed on. */
  eid?: string;
  /** Why the Profile is in ERROR; of a reusable order, why the last download failed. */
  state_reason?: StateReason;
  /** The state in words. */
  state_message?: string;
  /**
   * The SM-DP+ that serves the download: a host, in labs with a port; of a Profile of an upstream, absent until
   * it is confirmed.
   */
  smdp_address?: string;
  /** The MatchingID of the order; empty for a default SM-DP+. */
  matching_id?: string;
  /** The upstream that has the Profile; absent: this SM-DP+ has it. */
  upstream?: string;
  /** What was requested from the upstream and has not ended. */
  pending_operation?: PendingOperation;
  /** Your name for this type of Profile. */
  profile_type?: string;
  /** The provider that the device shows; absent of a Profile of an upstream whose list has none. */
  service_provider_name?: string;
  /** The name that the device shows; absent of a Profile of an upstream whose list has none. */
  profile_name?: string;
  /** What the Profile is for. */
  profile_class?: ProfileClass;
  /** The format of the icon; absent when there is none. */
  icon_type?: 'jpeg' | 'png';
  /** Policy rules; absent when there are none. */
  profile_policy_rules?: ProfilePolicyRule[];
  /** The owner of the policy rules. */
  profile_owner?: ProfileOwner;
  /** The events that the device reports; absent of a Profile of an upstream, to which the device reports. */
  notification_events?: NotificationEvent[];
  /** The keys that protect the package; absent of a Profile of an upstream, which has the package. */
  protection?: ProfileProtection;
  /** When the order expires; absent: never. ISO 8601. */
  order_expires_at?: string;
  /**
   * How often the download may still be started; absent while there is no order, and of a Profile of an
   * upstream, which counts that.
   */
  download_attempts_left?: number;
  /** Whether the order stays RELEASED, whatever its downloads do: for labs. */
  reusable?: boolean;
  /** Of a reusable order: the state that the last device reported. */
  device_state?: 'INSTALLED' | 'ENABLED' | 'DISABLED' | 'DELETED';
  /** Present when there is an activation code. */
  install_links?: InstallLinks;
  /** The last notification from the device. ISO 8601. */
  last_notification_at?: string;
  /** The phone number, as it is on the SIM; absent when the Profile has none. */
  msisdn?: string;
  /**
   * Present when the key lacks the permission codes, and for a session: activation_code is empty, and
   * matching_id and install_links are absent.
   */
  codes_hidden?: boolean;
}

/** The values of `EUICCProfileState`. */
export const euiccProfileStates = [
  'AVAILABLE',
  'ALLOCATED',
  'LINKED',
  'CONFIRMED',
  'RELEASED',
  'DOWNLOADED',
  'INSTALLED',
  'ENABLED',
  'DISABLED',
  'DELETED',
  'ERROR',
  'UNAVAILABLE',
] as const;
/**
 * The state of a Profile (SGP.22 3.1.6): AVAILABLE in stock; ALLOCATED, LINKED (to an EID) and CONFIRMED
 * while it is ordered; RELEASED for download; DOWNLOADED until the device reports the installation; then
 * INSTALLED, ENABLED, DISABLED or DELETED; ERROR after a failed download; UNAVAILABLE when it is retired.
 */
export type EUICCProfileState = (typeof euiccProfileStates)[number];

/** What happens after a Profile left its device. */
export interface ProfileReusePolicy {
  /** Who may download the Profile again. */
  reuse_type: ReuseType;
  /** How often the Profile may go back to RELEASED in all. */
  max_count: number;
  /** The same number as max_count. */
  maxReuseCount: number;
  /** Seconds that the Profile stays DELETED before it is RELEASED again. */
  cooldownPeriod: number;
}

/** The values of `ReuseType`. */
export const reuseTypes = [
  'NEVER',
  'SAME_EID_MID',
  'SAME_EID',
  'SAME_MID',
  'NEW_EID',
  'NEW_EID_MID',
] as const;
/**
 * Who may download a Profile again after it left its device: the rule for the EID, then for the MatchingID.
 */
export type ReuseType = (typeof reuseTypes)[number];

/** Why something failed, as codes of SGP.22 5.2.6. */
export interface StateReason {
  /** Subject code, such as 8.1. */
  subject_code: string;
  /** Reason code, such as 6.1. */
  reason_code: string;
  /** The two codes in words. */
  message: string;
}

/** What was requested from the upstream of a Profile and has not ended. */
export interface PendingOperation {
  /** The id of the operation: GET /operations/{id}. */
  id: string;
  /** What was requested. */
  operation: OperationKind;
  /** How far it is. */
  state: OpenOperationState;
  /** When it was requested. ISO 8601. */
  since: string;
  /** How often the present call was tried. */
  attempts: number;
  /** Why the last attempt did not end well. */
  last_error?: string;
}

/** The values of `OperationKind`. */
export const operationKinds = [
  'order',
  'confirm',
  'release',
  'cancel',
  're_release',
  'replace',
  'reserve',
  'expire',
] as const;
/** What was requested. */
export type OperationKind = (typeof operationKinds)[number];

/** The values of `OpenOperationState`. */
export const openOperationStates = ['waiting', 'sent', 'unknown'] as const;
/**
 * waiting: the next call to the upstream has not been sent; sent: it is in progress; unknown: no answer came,
 * so it may have been done.
 */
export type OpenOperationState = (typeof openOperationStates)[number];

/** The values of `ProfileClass`. */
export const profileClasses = ['test', 'provisioning', 'operational'] as const;
/** What a Profile is for (SGP.22 ProfileClass). */
export type ProfileClass = (typeof profileClasses)[number];

/** The values of `ProfilePolicyRule`. */
export const profilePolicyRules = ['ppr1', 'ppr2'] as const;
/** A policy rule (SGP.22 2.9): ppr1 forbids to disable the Profile, ppr2 to delete it. */
export type ProfilePolicyRule = (typeof profilePolicyRules)[number];

/** The network that owns a Profile. */
export interface ProfileOwner {
  /** MCC and MNC: 5 or 6 decimal digits. */
  mcc_mnc: string;
  /** Group identifier level 1: hexadecimal digits. */
  gid1?: string;
  /** Group identifier level 2: hexadecimal digits. */
  gid2?: string;
}

/** The values of `NotificationEvent`. */
export const notificationEvents = ['install', 'enable', 'disable', 'delete'] as const;
/** An event that a device reports to the SM-DP+. */
export type NotificationEvent = (typeof notificationEvents)[number];

/** The values of `ProfileProtection`. */
export const profileProtections = ['ppk', 'session_keys'] as const;
/**
 * The keys that protect a package (SGP.22 2.5.4): ppk, its own, with which it is stored; session_keys, those
 * of each download.
 */
export type ProfileProtection = (typeof profileProtections)[number];

/**
 * Links that open the installation on the device itself. They contain the activation code: treat them as
 * secrets.
 */
export interface InstallLinks {
  /** For iOS 17.4 and later. */
  apple: string;
  /** For Android. */
  android: string;
  /** For Windows 11 24H2 and later. */
  windows: string;
}

/** What a QR code contains, and links that do without one. Both are secrets. */
export interface ActivationCodeResponse {
  /** LPA:1$…: a secret. */
  activation_code: string;
  /** Links that open the installation on the device itself. */
  install_links: InstallLinks;
}

/** How long the link is good for, and who gets it. */
export interface CreateInstallLinkRequest {
  /**
   * When the link expires: at most 366 days ahead; without it, with the order, and after 30 days at the latest.
   * ISO 8601.
   */
  expires_at?: string;
  /** Answer with a QR code of the URL too, for your own mails. */
  qr_code?: 'png' | 'svg';
  /** Send the link by mail to this address, that of the customer. */
  send_to?: string;
  /** The language of the mail; without it that of the brand, or English. */
  language?: string;
}

/** A new link, and its URL. */
export interface InstallLinkWithUrl extends InstallLink {
  /** The URL for the customer, a secret: it is shown once. */
  url: string;
  /** A data: URL with a QR code of the URL, not of the activation code; absent without the option. */
  qr_code?: string;
}

/**
 * The link under which a customer installs a Profile, without its URL, which only the answer that creates it
 * has.
 */
export interface InstallLink {
  /** The Profile that the page is about. */
  iccid: string;
  /** What the page shows the customer. */
  state: InstallLinkState;
  /** When the link was created. ISO 8601. */
  created_at: string;
  /** From when on the page shows nothing of the order. ISO 8601. */
  expires_at: string;
  /**
   * How often a person has opened the page, counted within some seconds; scanners and link previews are left
   * out.
   */
  views: number;
  /** When a person last opened it; absent: it was not opened yet. ISO 8601. */
  last_viewed_at?: string;
  /**
   * When the order took the place of the one that the link was created for; absent: it is the same order. ISO
   * 8601.
   */
  replaced_at?: string;
  /** When the customer last asked for help; absent: never. ISO 8601. */
  help_requested_at?: string;
  /** The mail with the link; absent: it was not sent by this server, or is not kept. */
  mail?: SentInstallLink;
}

/** The values of `InstallLinkState`. */
export const installLinkStates = [
  'preparing',
  'waiting',
  'downloading',
  'interrupted',
  'installed',
  'deleted',
  'expired',
  'support',
  'cancelled',
] as const;
/** What the page shows the customer; it has an activation code if this is waiting or interrupted. */
export type InstallLinkState = (typeof installLinkStates)[number];

/** The mail by which a link was sent. */
export interface SentInstallLink {
  /** The address, with its middle left out. */
  to: string;
  /** Whether the mail server has accepted it. */
  state: MailDeliveryState;
  /** When the mail was requested. ISO 8601. */
  created_at: string;
  /** Why the last attempt failed. */
  last_error?: string;
}

/** The values of `MailDeliveryState`. */
export const mailDeliveryStates = ['pending', 'delivered', 'failed', 'skipped'] as const;
/**
 * pending: not accepted yet; delivered: the mail server has accepted it; failed: refused for good, or not
 * accepted within three days; skipped: what it is about is gone.
 */
export type MailDeliveryState = (typeof mailDeliveryStates)[number];

/** How the install pages of the account look. */
export interface Brand {
  /** The name above the page: that of the account, unless you have set another. */
  name: string;
  /** The colour as # and six digits; absent: that of the server. */
  colour?: string;
  /** A page with help. */
  support_url?: string;
  /** The email address of support. */
  support_email?: string;
  /** The phone number of support. */
  support_phone?: string;
  /** A language of the install page. */
  language?: InstallLanguage;
  /** The logo; absent: there is none. */
  logo?: BrandLogo;
}

/** The values of `InstallLanguage`. */
export const installLanguages = ['en', 'de', 'fr', 'es', 'pt', 'it', 'pl', 'tr', 'zh', 'ar'] as const;
/** A language of the install page. */
export type InstallLanguage = (typeof installLanguages)[number];

/** The logo of an account. */
export interface BrandLogo {
  /** Where the pages load it. */
  url: string;
  /** Its media type. */
  type: 'image/png' | 'image/jpeg' | 'image/webp';
  /** In pixels. */
  width: number;
  /** In pixels. */
  height: number;
}

/** Changes of the brand. Members that are absent stay as they are; null removes one. */
export interface UpdateBrandRequest {
  /** The name above the page. */
  name?: string | null;
  /**
   * The colour of the button and of links; where a text would not be readable, a darker or lighter one is used.
   */
  colour?: string | null;
  /** A page with help: https://…. */
  support_url?: string | null;
  /** The email address of support. */
  support_email?: string | null;
  /** The phone number of support. */
  support_phone?: string | null;
  /** The language for customers whose browser prefers none of en, de, fr, es, pt, it, pl, tr, zh, ar. */
  language?: string | null;
  /** A PNG, a JPEG or a WebP of at most 65536 octets, in base64. */
  logo?: string | null;
}

/** Which page is shown. */
export interface PreviewInstallPageRequest {
  /** The language; without it, English. */
  language?: InstallLanguage;
  /** What has happened to the order; without it, waiting. */
  state?:
    | 'preparing'
    | 'waiting'
    | 'downloading'
    | 'interrupted'
    | 'installed'
    | 'deleted'
    | 'expired'
    | 'support'
    | 'cancelled';
  /** The device that opens the page; without it, other: a computer. */
  device?: InstallDevice;
  /** Changes of the brand that are not saved. */
  brand?: UpdateBrandRequest;
}

/** The values of `InstallDevice`. */
export const installDevices = ['apple', 'android', 'windows', 'other'] as const;
/** The device that opens the page; without it, other: a computer. */
export type InstallDevice = (typeof installDevices)[number];

/** An install page as customers would see it. */
export interface InstallPagePreview {
  /** The page, for a frame of your own: its styles come from /i/-/ of this server. */
  html: string;
}

/** Which events a page has. */
export interface HistoryQuery {
  /**
   * next_cursor of the previous page, with the same filters and sort, or the id of an event (not with since or
   * until); without it, the first page.
   */
  cursor?: string;
  /** How many items the answer has at most. 1 to 1000; default 100. */
  count?: number;
  /**
   * Only events of these types, separated by commas: some of profile.created, profile.ordered,
   * profile.confirmed, profile.released, download.checked, download.refused, confirmation_code.wrong,
   * confirmation_code.locked, profile.downloaded, profile.postponed, profile.installed, profile.enabled,
   * profile.disabled, profile.deleted, profile.error, profile.expired, profile.reuse_exhausted,
   * profile.cancelled, profile.retired, profile.reset, profile.updated, profile.purged,
   * install_link.help_requested, operation.done, operation.refused, operation.unknown, upstream.reported.
   */
  types?: string;
  /** The order of the events; without it, oldest. */
  sort?: LogSort;
  /** Only events of this time or later. ISO 8601. */
  since?: string;
  /** Only events before this time. ISO 8601. */
  until?: string;
}

/** The values of `LogSort`. */
export const logSorts = ['newest', 'oldest'] as const;
/** The order of a list: the newest first, or the oldest first. */
export type LogSort = (typeof logSorts)[number];

/** A page of events, the oldest first unless the request says otherwise. */
export interface ListEventsResponse {
  /** The events. */
  events: ProfileEvent[];
  /** The cursor of the next page, also when it has no events yet. */
  next_cursor: string;
  /** Whether there may be more events already. */
  more: boolean;
  /**
   * Present and true when the page has fewer items than it could have, because the server examines a limited
   * number for one page: continue with next_cursor.
   */
  search_limited?: boolean;
}

/** Something that happened to a Profile. */
export interface ProfileEvent {
  /** Number of the event: later events have higher numbers. */
  id: number;
  /** What happened. */
  type: ProfileEventType;
  /** The Profile. */
  iccid: string;
  /** When it happened. ISO 8601. */
  occurred_at: string;
  /** Who did it. */
  actor: ProfileEventActor;
  /** The state before; absent when the Profile is new. */
  from?: EUICCProfileState;
  /** The state after. */
  to: EUICCProfileState;
  /** The download session. */
  transaction_id?: string;
  /** Why it failed. */
  reason?: StateReason;
  /** What the customer has written, or why an operation did not end well. */
  message?: string;
  /** What was requested from the upstream of the Profile, and led to this. */
  operation?: string;
  /** The Profile whose place this one took. */
  replaces?: string;
  /** The Profile that took the place of this one. */
  replaced_by?: string;
}

/** The values of `ProfileEventType`. */
export const profileEventTypes = [
  'profile.created',
  'profile.ordered',
  'profile.confirmed',
  'profile.released',
  'download.checked',
  'download.refused',
  'confirmation_code.wrong',
  'confirmation_code.locked',
  'profile.downloaded',
  'profile.postponed',
  'profile.installed',
  'profile.enabled',
  'profile.disabled',
  'profile.deleted',
  'profile.error',
  'profile.expired',
  'profile.reuse_exhausted',
  'profile.cancelled',
  'profile.retired',
  'profile.reset',
  'profile.updated',
  'profile.purged',
  'install_link.help_requested',
  'operation.done',
  'operation.refused',
  'operation.unknown',
  'upstream.reported',
] as const;
/** What can happen to a Profile. */
export type ProfileEventType = (typeof profileEventTypes)[number];

/** Who did something. */
export interface ProfileEventActor {
  /**
   * user: with a key of the REST API; operator: over ES2+; device: an eUICC; customer: who has the install
   * link; system: the SM-DP+ by itself.
   */
  kind: 'user' | 'operator' | 'device' | 'customer' | 'system';
  /** The EID of a device. */
  eid?: string;
  /** The id of the API key of a user. */
  key_id?: string;
  /** Instead of the key: the id of the person who had signed in. */
  person_id?: string;
  /** The name of an operator. */
  operator?: string;
}

/** Which Profiles a page has. */
export interface ListEUICCProfilesQuery {
  /** How many items the answer has at most. 1 to 1000; default 100. */
  count?: number;
  /**
   * How many Profiles to skip, 10000 at most (use cursor to go further); only with one state or none, and no
   * other filter. 0 to 100000000.
   */
  offset?: number;
  /** Only Profiles in this state, or in one of several, separated by commas. */
  state?: string;
  /**
   * next_cursor of the previous page, with the same filters and sort; empty for the first page. The answer has
   * no total.
   */
  cursor?: string;
  /** Only Profiles that are linked to, bound to or installed on this eUICC. */
  eid?: string;
  /** Only Profiles with this IMSI. */
  imsi?: string;
  /** Only Profiles of this type. */
  profile_type?: string;
  /** Only Profiles whose state changed then or later. ISO 8601. */
  changed_since?: string;
  /** Only Profiles whose ICCID (if the text starts with 8) or else IMSI starts with this. */
  text?: string;
  /**
   * The order; - for the reverse. Without it: iccid, last_operation_date with changed_since or changed_until,
   * or the IMSI with the text of one.
   */
  sort?: ProfileSort;
  /**
   * Only Profiles with this phone number. + or 00 in front, and spaces, do not matter; without them the number
   * is searched for as it is.
   */
  msisdn?: string;
  /** Only Profiles whose state changed before this time. ISO 8601. */
  changed_until?: string;
}

/** The values of `ProfileSort`. */
export const profileSorts = ['iccid', '-iccid', 'last_operation_date', '-last_operation_date'] as const;
/** The order of a list of Profiles; - for the reverse. */
export type ProfileSort = (typeof profileSorts)[number];

/** A page of Profiles. */
export interface ListEUICCProfilesResponse {
  /** How many Profiles there are; only without cursor and with one state or no filter. */
  total?: number;
  /** How many Profiles the page has at most. */
  count: number;
  /** Where there is a total. */
  offset?: number;
  /** The cursor of the next page; present as long as there may be more. Without it, this page is the last. */
  next_cursor?: string;
  /** The Profiles. */
  euicc_profiles: GetEUICCProfileResponse[];
  /**
   * Present and true when the page has fewer items than it could have, because the server examines a limited
   * number for one page: continue with next_cursor.
   */
  search_limited?: boolean;
}

/** What to look for. */
export interface SearchQuery {
  /**
   * An ICCID, an IMSI, or the beginning of one; a phone number, an EID, a MatchingID or an activation code.
   * Spaces between digits do not matter.
   */
  q: string;
}

/** What a text found. */
export interface SearchResponse {
  /** The Profiles, each once, without activation codes; at most 10 for each kind of number. */
  results: SearchResult[];
  /** Whether there may be more: listEUICCProfiles shows all of them. */
  more: boolean;
}

/** A Profile that was found. */
export interface SearchResult {
  /** Which of its numbers the text is, or begins. */
  found_by: 'iccid' | 'eid' | 'imsi' | 'msisdn' | 'matching_id';
  /** The Profile, without its activation code. */
  profile: GetEUICCProfileResponse;
}

/** Which Profiles an export has, and how they are written. */
export interface ExportEUICCProfilesQuery {
  /** Only Profiles in this state, or in one of several, separated by commas. */
  state?: string;
  /** Only Profiles that are linked to, bound to or installed on this eUICC. */
  eid?: string;
  /** Only Profiles with this IMSI. */
  imsi?: string;
  /** Only Profiles of this type. */
  profile_type?: string;
  /** Only Profiles whose state changed then or later. ISO 8601. */
  changed_since?: string;
  /** Only Profiles whose ICCID (if the text starts with 8) or else IMSI starts with this. */
  text?: string;
  /**
   * Only Profiles with this phone number. + or 00 in front, and spaces, do not matter; without them the number
   * is searched for as it is.
   */
  msisdn?: string;
  /** Only Profiles whose state changed before this time. ISO 8601. */
  changed_until?: string;
  /** The order; - for the reverse. Without it: iccid. */
  sort?: ProfileSort;
  /**
   * ndjson: a JSON object per line. csv: for spreadsheets, with a byte order mark; what they would take for a
   * number, a date or a formula is written so that it stays text. plain_csv: RFC 4180, for programs.
   */
  format?: ExportFormat;
  /**
   * The columns, separated by commas: some of iccid, state, imsi, msisdn, profile_type, upstream,
   * service_provider_name, profile_name, profile_class, eid, last_operation_at, released_at, order_expires_at,
   * cc_required, cc_retries, download_attempts_left, reuse_remaining_count, reusable, device_state,
   * last_notification_at, state_message, state_reason, protection, smdp_address, activation_code, matching_id.
   * Without it, all but activation_code and matching_id, which are secrets and need the permission codes.
   */
  columns?: string;
}

/** The values of `ExportFormat`. */
export const exportFormats = ['ndjson', 'csv', 'plain_csv'] as const;
/**
 * ndjson: a JSON object per line. csv: for spreadsheets, with a byte order mark; what they would take for a
 * number, a date or a formula is written so that it stays text. plain_csv: RFC 4180, for programs.
 */
export type ExportFormat = (typeof exportFormats)[number];

/** A Profile to create: from a finished package, or from parameters. */
export interface CreateEUICCProfileRequest extends ProfileLabels {
  /** An unprotected Profile Package (TCA, DER) in base64. Either this or parameters is required. */
  profile_package?: string;
  /** What the server builds the Profile from. Either this or profile_package is required. */
  parameters?: ProfileParameters;
  /**
   * The keys that protect the package; without it, ppk for a profile_package. A Profile from parameters has
   * session_keys: it is built for each download.
   */
  protection?: ProfileProtection;
}

/** What users and devices see of a Profile before it is installed. */
export interface ProfileLabels {
  /** The provider that the device shows. */
  service_provider_name?: string;
  /** The name that the device shows. */
  profile_name?: string;
  /** What the Profile is for. */
  profile_class?: ProfileClass;
  /** Your name for this type of Profile. */
  profile_type?: string;
  /** The icon that the device shows: PNG or JPEG of at most 1024 bytes, in base64. */
  icon?: string;
  /** Policy rules; they need a profile_owner. */
  profile_policy_rules?: ProfilePolicyRule[];
  /** The owner of the policy rules. */
  profile_owner?: ProfileOwner;
  /** The events that the device reports; without it, all. */
  notification_events?: NotificationEvent[];
}

/** What the server builds a Profile Package from. Keys and codes are secrets. */
export interface ProfileParameters {
  /** 19 or 20 digits. */
  iccid: string;
  /** 6 to 15 digits. */
  imsi: string;
  /** The subscription key K: 32 or 64 hexadecimal digits. */
  ki: string;
  /** OPc, or TOPc for TUAK: 32 or 64 hexadecimal digits. */
  opc: string;
  /** The authentication algorithm; without it, milenage. */
  algorithm?: Algorithm;
  /** 4 to 8 digits; generated if absent. */
  pin1?: string;
  /** 4 to 8 digits; generated if absent. */
  pin2?: string;
  /** 8 digits; generated if absent. */
  puk1?: string;
  /** 8 digits; generated if absent. */
  puk2?: string;
  /** 16 hexadecimal digits or 8 characters; generated if absent. */
  adm1?: string;
  /** OTA key KIC of keyset 1: 32, 48 or 64 hexadecimal digits (AES); generated if absent. */
  kic1?: string;
  /** OTA key KID of keyset 1: 32, 48 or 64 hexadecimal digits (AES); generated if absent. */
  kid1?: string;
  /** OTA key KIK of keyset 1: 32, 48 or 64 hexadecimal digits (AES); generated if absent. */
  kik1?: string;
  /** KIC of keyset 2, which has all three keys or none: 32, 48 or 64 hexadecimal digits (AES). */
  kic2?: string;
  /** KID of keyset 2: 32, 48 or 64 hexadecimal digits (AES). */
  kid2?: string;
  /** KIK of keyset 2: 32, 48 or 64 hexadecimal digits (AES). */
  kik2?: string;
  /** KIC of keyset 3: 32, 48 or 64 hexadecimal digits (AES). */
  kic3?: string;
  /** KID of keyset 3: 32, 48 or 64 hexadecimal digits (AES). */
  kid3?: string;
  /** KIK of keyset 3: 32, 48 or 64 hexadecimal digits (AES). */
  kik3?: string;
  /** The service provider name in EF.SPN. */
  service_provider_name?: string;
  /**
   * digits of the network code in the IMSI, 2 or 3; default: those of the country, required where a country has
   * both.
   */
  mnc_length?: 2 | 3;
  /** The phone number: 1 to 20 digits, + before an international number. */
  msisdn?: string;
  /** The number of the short-message centre: 1 to 20 digits, + before an international number. */
  smsc?: string;
}

/** The values of `Algorithm`. */
export const algorithms = ['milenage', 'tuak', 'test'] as const;
/** The authentication algorithm of a subscription; test is that of 3GPP TS 34.108. */
export type Algorithm = (typeof algorithms)[number];

/** Changes of an order and of what devices see of a Profile. Members that are absent stay as they are. */
export interface UpdateEUICCProfileRequest extends ProfileLabels {
  /** When the order expires: at most ten years ahead; null: never. ISO 8601. */
  expires_at?: string | null;
  /** How often the download may still be started. 1 to 1000. */
  download_attempts?: number;
  /** A code that the user must type on the device; null: none. */
  confirmation_code?: string | null;
  /**
   * What happens after the Profile left its device. It can change as long as there is an order, also on a
   * device. Returns so far count.
   */
  profile_reuse_policy?: ProfileReusePolicyRequest;
}

/** What happens after the Profile left its device. */
export interface ProfileReusePolicyRequest {
  /** Who may download the Profile again. */
  reuse_type: ReuseType;
  /**
   * How often the Profile may go back to RELEASED in all; without it, once, or never with NEVER. 0 to 1000000.
   */
  max_count?: number;
  /** Another name of max_count: where both are present, they are equal. 0 to 1000000. */
  maxReuseCount?: number;
  /** Seconds that the Profile stays DELETED before it is RELEASED again; without it, 0. 0 to 315360000. */
  cooldownPeriod?: number;
}

/** What rows have that do not say it themselves. */
export interface ImportEUICCProfilesQuery {
  /** The provider that the device shows. */
  service_provider_name?: string;
  /** The name that the device shows. */
  profile_name?: string;
  /** What the Profile is for. */
  profile_class?: ProfileClass;
  /** Your name for this type of Profile. */
  profile_type?: string;
  /** Of CSV: names of columns to ignore, separated by commas. */
  ignore_columns?: string;
  /**
   * The Profiles are at this upstream: rows have iccid, and if it is known imsi and msisdn, but no package,
   * keys or codes.
   */
  upstream?: string;
  /** How failed rows of CSV are returned. */
  failed_rows?: ImportFailedRows;
  /**
   * Check every row as an import does, report what would be created, and write nothing. The summary has
   * dry_run.
   */
  dry_run?: boolean;
  /**
   * Take rows whose IMSI another Profile of the account has, in the file or in stock. Without it they fail with
   * imsi_in_use, unless the other Profile is DELETED or UNAVAILABLE.
   */
  allow_duplicate_imsi?: boolean;
}

/** The values of `ImportFailedRows`. */
export const importFailedRows = ['reports', 'csv'] as const;
/**
 * Failed rows of CSV as they came, secrets included: in each ImportRowError (reports), or as a CSV file that
 * is the whole answer (csv), with the reason in front, to correct and send again.
 */
export type ImportFailedRows = (typeof importFailedRows)[number];

/** A line of the answer to an import. */
export type ImportReport = ImportProgress | ImportRowError | ImportRowWarning | ImportSummary;

/** A report now and then. */
export interface ImportProgress extends ImportCounts {
  /** A report of progress. */
  type: 'progress';
}

/** How far an import is. All numbers count from its beginning. */
export interface ImportCounts {
  /** Rows so far. */
  rows: number;
  /** Rows that created a Profile. */
  created: number;
  /** Rows whose Profile existed already, with the same content. */
  exists: number;
  /** Rows that were refused: each has an ImportRowError. */
  failed: number;
  /** Bytes so far. */
  bytes: number;
}

/** A row that did not create a Profile. */
export interface ImportRowError {
  /** A row that failed. */
  type: 'error';
  /** The line of NDJSON or CSV; the first is 1. */
  line?: number;
  /** The name of the file in a zip. */
  entry?: string;
  /** The ICCID, when the row has one. */
  iccid?: string;
  /** A stable word for programs, such as invalid_iccid. */
  code: ProblemCode;
  /** Why the row was refused. */
  message: string;
  /** The members of the request that are not valid. */
  errors?: ProblemField[];
  /** Of CSV, with failed_rows=reports: the column names of the file. */
  columns?: string[];
  /** The row as it came, with its secrets; only with columns. */
  fields?: string[];
}

/** The values of `ProblemCode`. */
export const problemCodes = [
  'bad_request',
  'invalid_iccid',
  'invalid_import',
  'invalid_json',
  'invalid_profile_package',
  'invalid_row',
  'invalid_size',
  'invalid_value',
  'validation_failed',
  'eid_required',
  'passkey_refused',
  'payload_too_large',
  'unsupported_media_type',
  'unauthorized',
  'foreign_origin',
  'forbidden',
  'rate_limited',
  'sign_in_again',
  'wrong_password',
  'no_such_path',
  'not_ready',
  'method_not_allowed',
  'audit_entry_not_found',
  'core_network_not_found',
  'delivery_not_found',
  'download_attempt_not_found',
  'install_link_not_found',
  'key_not_found',
  'lab_not_found',
  'mail_template_not_found',
  'operation_not_found',
  'operator_not_found',
  'passkey_not_found',
  'person_not_found',
  'profile_not_found',
  'recipient_not_found',
  'session_not_found',
  'profile_type_not_found',
  'template_not_found',
  'upstream_not_found',
  'webhook_not_found',
  'entries_deleted',
  'account_exists',
  'answer_lost',
  'audit_entry_needed',
  'core_network_exists',
  'delivery_pending',
  'idempotency_key_reused',
  'imsi_in_use',
  'in_progress',
  'invalid_transition',
  'lab_busy',
  'lab_refused',
  'mail_not_configured',
  'matching_id_in_use',
  'no_activation_code',
  'no_session',
  'not_ordered',
  'operator_exists',
  'operator_not_notified',
  'out_of_stock',
  'own_key',
  'passkey_exists',
  'passkeys_not_configured',
  'profile_at_upstream',
  'own_person',
  'person_exists',
  'profile_not_available',
  'refused',
  'template_exists',
  'too_many_core_networks',
  'too_many_keys',
  'too_many_limits',
  'too_many_mail_templates',
  'too_many_passkeys',
  'too_many_people',
  'too_many_recipients',
  'too_many_templates',
  'too_many_upstreams',
  'too_many_upstream_types',
  'too_many_webhooks',
  'upstream_answer_unusable',
  'upstream_exists',
  'upstream_in_use',
  'upstream_refused',
  'upstream_unsupported',
  'webhook_disabled',
  'busy',
  'internal_error',
  'record_unreadable',
  'too_many_imports',
  'too_many_streams',
] as const;
/** A stable word for programs, such as invalid_iccid. */
export type ProblemCode = (typeof problemCodes)[number];

/** A member of a request that is not valid. */
export interface ProblemField {
  /** A JSON pointer into the body, such as /parameters/ki, or the name of a parameter or member. */
  field: string;
  /** What is wrong with it. */
  message: string;
}

/** A doubt about a row; the first ten are reported. */
export interface ImportRowWarning {
  /** A row that is doubtful, and was taken all the same. */
  type: 'warning';
  /** The line of CSV; the first is 1. */
  line?: number;
  /** The ICCID of the row. */
  iccid?: string;
  /** What to look at. */
  message: string;
}

/** The last report of an import. */
export interface ImportSummary extends ImportCounts {
  /** The last report. */
  type: 'summary';
  /** Whether everything was read; if not, message says why. */
  complete: boolean;
  /** Present and true when nothing was written: created counts what would be created. */
  dry_run?: boolean;
  /** A stable word for programs; absent when it is complete. */
  code?: ProblemCode;
  /** Why it ended early; absent when it is complete. */
  message?: string;
}

/** Subscriptions to generate. */
export interface GenerateEUICCProfilesRequest extends RangeStarts, SubscriptionTerms, ProfileLabels {
  /** How many subscriptions; the server creates all of them or none. 1 to 250. */
  count: number;
}

/** The first numbers of ranges. */
export interface RangeStarts {
  /** The first ICCID without its check digit, which the server adds: 18 or 19 decimal digits. */
  iccid_start: string;
  /** The first IMSI: 6 to 15 decimal digits. */
  imsi_start: string;
  /** The first phone number; without it, the subscriptions have none. */
  msisdn_start?: string;
}

/** What all subscriptions of a range have in common. */
export interface SubscriptionTerms {
  /** The authentication algorithm; without it, milenage. */
  algorithm?: Algorithm;
  /**
   * digits of the network code in the IMSI, 2 or 3; default: those of the country, required where a country has
   * both.
   */
  mnc_length?: 2 | 3;
  /** The number of the short-message centre: 1 to 20 digits, + before an international number. */
  smsc?: string;
}

/** The new subscriptions with their secrets, which are shown once. */
export interface GenerateEUICCProfilesResponse {
  /** The subscriptions. */
  subscriptions: GeneratedSubscription[];
}

/** A subscription for the HLR, with the codes of its Profile. All but the numbers are secrets. */
export interface GeneratedSubscription {
  /** 19 or 20 decimal digits. */
  iccid: string;
  /** 6 to 15 decimal digits. */
  imsi: string;
  /** The phone number. */
  msisdn?: string;
  /** The authentication algorithm of a subscription; test is that of 3GPP TS 34.108. */
  algorithm: Algorithm;
  /** The subscription key K: hexadecimal digits. */
  ki: string;
  /** OPc, or TOPc for TUAK: hexadecimal digits. */
  opc: string;
  /** Decimal digits. */
  pin1: string;
  /** Decimal digits. */
  pin2: string;
  /** 8 decimal digits. */
  puk1: string;
  /** 8 decimal digits. */
  puk2: string;
  /** 16 hexadecimal digits. */
  adm1: string;
  /** The OTA key KIC: 32 hexadecimal digits. */
  kic1: string;
  /** The OTA key KID: 32 hexadecimal digits. */
  kid1: string;
  /** The OTA key KIK: 32 hexadecimal digits. */
  kik1: string;
}

/** Which types a page has. */
export interface ProfileTypesQuery {
  /** next_cursor of the previous page; without it, the first page. */
  cursor?: string;
  /** How many types the answer has at most; without it, as many as one answer can have. 1 to 1000. */
  count?: number;
}

/** A page of the types of the Profiles of the account. */
export interface ListProfileTypesResponse {
  /** How many types the answer has. */
  total: number;
  /** Present and true when there may be more types. */
  more?: boolean;
  /** The types, by name. */
  profile_types: ProfileType[];
  /** The cursor of the next page; absent when there are no more types. */
  next_cursor?: string;
}

/** A type of Profiles. */
export interface ProfileType {
  /** The type. */
  profile_type: string;
  /** How many Profiles of this type there are. */
  total: number;
  /** How many of them are in which state. */
  states: ProfileStateCounts;
  /** The stock at which an alert is raised; absent when there is none. */
  low_stock_at?: number;
  /** How many numbers of its template are free, at most; absent when it has none. */
  template_free_numbers?: number;
}

/** How many Profiles are in which state; states without any are absent. */
export interface ProfileStateCounts {
  /** How many are AVAILABLE. */
  AVAILABLE?: number;
  /** How many are ALLOCATED. */
  ALLOCATED?: number;
  /** How many are LINKED. */
  LINKED?: number;
  /** How many are CONFIRMED. */
  CONFIRMED?: number;
  /** How many are RELEASED. */
  RELEASED?: number;
  /** How many are DOWNLOADED. */
  DOWNLOADED?: number;
  /** How many are INSTALLED. */
  INSTALLED?: number;
  /** How many are ENABLED. */
  ENABLED?: number;
  /** How many are DISABLED. */
  DISABLED?: number;
  /** How many are DELETED. */
  DELETED?: number;
  /** How many are ERROR. */
  ERROR?: number;
  /** How many are UNAVAILABLE. */
  UNAVAILABLE?: number;
}

/** The settings of a type. */
export interface UpdateProfileTypeRequest {
  /**
   * An alert is raised when this number of Profiles of the type are AVAILABLE, or fewer; null: none. It is
   * raised again only after there were more.
   */
  low_stock_at: number | null;
}

/** The settings of a type. */
export interface UpdateProfileTypeResponse {
  /** The type. */
  profile_type: string;
  /** The limit; absent when there is none. */
  low_stock_at?: number;
}

/** The templates of the account. */
export interface ListProfileTemplatesResponse {
  /** How many templates there are. */
  total: number;
  /** The templates, by profile type. */
  profile_templates: ProfileTemplate[];
}

/** What the Profiles of a type are created from, when one is ordered and none is AVAILABLE. */
export interface ProfileTemplate {
  /** The type of the Profiles. */
  profile_type: string;
  /** How many numbers the ranges have. */
  size: number;
  /** How many numbers are free, at most: fewer when other Profiles have numbers of the ranges. */
  free_numbers: number;
  /** generated: shown once, in the answer to an order; derived: from the master key. */
  keys: 'generated' | 'derived';
  /** The first ICCID without its check digit. */
  iccid_start: string;
  /** The first IMSI. */
  imsi_start: string;
  /** The first phone number. */
  msisdn_start?: string;
  /** The authentication algorithm of a subscription; test is that of 3GPP TS 34.108. */
  algorithm: Algorithm;
  /** The provider that the device shows; absent of a Profile of an upstream whose list has none. */
  service_provider_name?: string;
  /** The name that the device shows; absent of a Profile of an upstream whose list has none. */
  profile_name?: string;
  /** What the Profile is for. */
  profile_class?: ProfileClass;
  /** The format of the icon; absent when there is none. */
  icon_type?: 'jpeg' | 'png';
  /** Policy rules; absent when there are none. */
  profile_policy_rules?: ProfilePolicyRule[];
  /** The owner of the policy rules. */
  profile_owner?: ProfileOwner;
  /** The events that the device reports; absent of a Profile of an upstream, to which the device reports. */
  notification_events?: NotificationEvent[];
  /** When the template was created. ISO 8601. */
  created_at: string;
}

/** A template to create. */
export interface CreateProfileTemplateRequest extends RangeStarts, SubscriptionTerms, ProfileLabels {
  /** How many numbers the ranges have. 1 to 10000000. */
  size: number;
  /**
   * 32 hexadecimal digits, which are never shown. The server derives Ki, OPc and the codes from it and the
   * IMSI; without it, it generates them and shows them once, in the answer to an order.
   */
  master_key?: string;
  /** The type of the Profiles. */
  profile_type: string;
}

/** Subscriptions to generate. */
export interface GenerateFromProfileTemplateRequest {
  /** How many subscriptions; the server creates all of them or none. 1 to 250. */
  count: number;
}

/** The new Profiles. */
export interface GenerateFromProfileTemplateResponse {
  /** The ICCIDs of the new Profiles. */
  iccids: string[];
  /** Present when the template generates keys: they are shown once. */
  subscriptions?: GeneratedSubscription[];
}

/** An order of any Profile of a type. */
export interface OrderEUICCProfileOfTypeRequest extends OrderEUICCProfileRequest {
  /** The type of the Profile. */
  profile_type: string;
}

/** An order of a Profile. */
export interface OrderEUICCProfileRequest extends OrderTerms {
  /** Whether to release the Profile for download at once. Default true. */
  release?: boolean;
  /**
   * Whether to confirm the order; false: the Profile is only reserved, for an eid or for any eUICC. Default
   * true.
   */
  confirm?: boolean;
}

/** The terms of an order. */
export interface OrderTerms {
  /**
   * The only eUICC that may download the Profile: 32 decimal digits; without it, the first eUICC that downloads
   * it.
   */
  eid?: string;
  /**
   * The MatchingID: digits, upper-case letters and '-'; without it, the server generates one. Empty: the device
   * finds the order by its EID, at its default SM-DP+.
   */
  matching_id?: string;
  /** A code that the user must type on the device; without it, none. */
  confirmation_code?: string;
  /** What happens after the Profile left its device; without it, NEVER. */
  profile_reuse_policy?: ProfileReusePolicyRequest;
  /** When the order expires: at most ten years ahead; without it, never. ISO 8601. */
  expires_at?: string;
  /** For labs: any number of devices may download the Profile, and the order stays RELEASED. */
  reusable?: boolean;
}

/** The ordered Profile. */
export interface OrderEUICCProfileOfTypeResponse extends GetEUICCProfileResponse {
  /**
   * Present when the Profile was created for this order from a template that generates keys: they are shown
   * once.
   */
  subscription?: GeneratedSubscription;
}

/** The terms of the order of a reserved Profile. */
export interface ConfirmEUICCProfileRequest extends OrderTerms {
  /** Whether to release the Profile for download at once. Default true. */
  release?: boolean;
}

/** What becomes of the Profile. */
export interface CancelEUICCProfileRequest {
  /** The state of the Profile without its order; without it, AVAILABLE. */
  final_state?: 'AVAILABLE' | 'UNAVAILABLE';
}

/** What changes in the order. */
export interface ReReleaseEUICCProfileRequest {
  /**
   * When the order expires from now on: at most ten years ahead; null: never; without it, as before. An order
   * that has expired needs it. ISO 8601.
   */
  expires_at?: string | null;
}

/** What takes the place of an order, and the terms of the new one. */
export interface ReplaceEUICCProfileRequest extends OrderTerms {
  /**
   * same: a new activation code for the same Profile; another: another Profile of its type, and this one is
   * UNAVAILABLE. Without it, same.
   */
  by?: 'same' | 'another';
}

/** How a Profile is deleted. */
export interface DeleteEUICCProfileQuery {
  /**
   * keep: its events stay without EIDs, transactions, messages and results of devices; remove: they are
   * deleted. Without it, keep.
   */
  history?: 'keep' | 'remove';
  /** Whether to delete a Profile that is on a device, or may be; without it, such a call is refused. */
  force?: boolean;
}

/** The secrets to read. */
export interface ReadEUICCProfileSecretsRequest {
  /** What to read: pin and puk; and with the permission admin, adm1 and ota_keys. */
  kinds: ProfileSecretKind[];
}

/** The values of `ProfileSecretKind`. */
export const profileSecretKinds = ['pin', 'puk', 'adm1', 'ota_keys'] as const;
/** Kinds of secrets of a Profile. */
export type ProfileSecretKind = (typeof profileSecretKinds)[number];

/** Secrets of a Profile, as they are in its package. What the package does not have is absent. */
export interface EUICCProfileSecretsResponse {
  /** The Profile. */
  iccid: string;
  /** PIN1: decimal digits. */
  pin1?: string;
  /** PIN2: decimal digits. */
  pin2?: string;
  /** PUK1: decimal digits. */
  puk1?: string;
  /** PUK2: decimal digits. */
  puk2?: string;
  /** ADM1: 16 hexadecimal digits. */
  adm1?: string;
  /** The keysets of the security domain of the operator. */
  ota_keys?: OtaKeys[];
}

/** The OTA keys of a keyset. */
export interface OtaKeys {
  /** The key version number: 1 to 15. */
  keyset: number;
  /** KIC, which enciphers: hexadecimal digits. */
  kic?: string;
  /** KID, which authenticates: hexadecimal digits. */
  kid?: string;
  /** KIK, which protects keys that are sent: hexadecimal digits. */
  kik?: string;
}

/** The activation code of one Profile. */
export interface ReadActivationCodeResponse {
  /** The Profile. */
  iccid: string;
  /** LPA:1$…: a secret. */
  activation_code: string;
  /** Links that open the installation on the device itself. */
  install_links: InstallLinks;
  /** Whether the phone asks for a confirmation code. */
  confirmation_code_required: boolean;
}

/** Which events a page has. */
export interface EventsQuery {
  /**
   * next_cursor of the previous page, with the same filters and sort, or the id of an event (not with since or
   * until); without it, the first page.
   */
  cursor?: string;
  /** How many items the answer has at most. 1 to 1000; default 100. */
  count?: number;
  /** Only events of this Profile. */
  iccid?: string;
  /**
   * Only events of these types, separated by commas: some of profile.created, profile.ordered,
   * profile.confirmed, profile.released, download.checked, download.refused, confirmation_code.wrong,
   * confirmation_code.locked, profile.downloaded, profile.postponed, profile.installed, profile.enabled,
   * profile.disabled, profile.deleted, profile.error, profile.expired, profile.reuse_exhausted,
   * profile.cancelled, profile.retired, profile.reset, profile.updated, profile.purged,
   * install_link.help_requested, operation.done, operation.refused, operation.unknown, upstream.reported.
   */
  types?: string;
  /** The order of the events; without it, oldest. */
  sort?: LogSort;
  /** Only events of this time or later. ISO 8601. */
  since?: string;
  /** Only events before this time. ISO 8601. */
  until?: string;
}

/** Which attempts a page has. */
export interface DownloadAttemptsQuery {
  /** next_cursor of the previous page; without it, from the newest attempt on. */
  cursor?: string;
  /** How many items the answer has at most. 1 to 1000; default 100. */
  count?: number;
  /** Only attempts to download this Profile. */
  iccid?: string;
  /** Only attempts of this eUICC. */
  eid?: string;
  /** Only attempts with a call that failed with these codes, such as 8.2.7/3.8. */
  reason?: string;
  /** Only attempts of this time or later. ISO 8601. */
  since?: string;
}

/** A page of attempts, the newest first. */
export interface ListDownloadAttemptsResponse {
  /** The attempts. */
  attempts: DownloadAttempt[];
  /** The cursor of the next page, which has older attempts; absent on the last. */
  next_cursor?: string;
  /** Whether there may be more attempts. */
  more: boolean;
  /**
   * Present and true when the page has fewer items than it could have, because the server examines a limited
   * number for one page: continue with next_cursor.
   */
  search_limited?: boolean;
}

/** A download, or the attempt of one, by an eUICC that has proved itself. */
export interface DownloadAttempt {
  /** The transactionId of the session. */
  transaction_id: string;
  /** When the eUICC began. ISO 8601. */
  opened_at: string;
  /**
   * How far it came: refused (no profile was offered), authenticated (a profile was offered), bound (the
   * package was sent), cancelled (after that), ended.
   */
  stage: string;
  /** The EID of the eUICC. */
  eid: string;
  /** The Profile that was asked for. */
  iccid: string;
  /** The calls, the first one first. */
  calls: {
    /** The function of ES9+. */
    function: string;
    /** When the call came. ISO 8601. */
    occurred_at: string;
    /** Why the call was refused. */
    refused?: StateReason;
    /** Why the message changed nothing. */
    ignored?: StateReason;
    /** What the device reported: why the download failed. */
    reported?: StateReason;
  }[];
}

/** A download, or the attempt of one, with every check of every call. */
export interface DownloadAttemptDetails {
  /** The transactionId of the session. */
  transaction_id: string;
  /** When the eUICC began. ISO 8601. */
  opened_at: string;
  /**
   * How far it came: unauthenticated (the eUICC did not prove itself), refused (no profile was offered),
   * authenticated (a profile was offered), bound (the package was sent), cancelled (after that), ended.
   */
  stage: string;
  /** From then on the server takes no more calls of it. ISO 8601. */
  expires_at?: string;
  /** The EID of the eUICC. */
  eid?: string;
  /** The Profile that was asked for. */
  iccid?: string;
  /** Of an unauthenticated one: the network of the caller. */
  network?: string;
  /** Of an unauthenticated one: key identifiers of the CIs that the eUICC says it has. */
  ci_pk_ids?: string[];
  /** The calls, the first one first. */
  calls: {
    /** The function of ES9+. */
    function: string;
    /** When the call came. ISO 8601. */
    occurred_at: string;
    /** Why the call was refused. */
    refused?: StateReason;
    /** Why the message changed nothing. */
    ignored?: StateReason;
    /** What the device reported: why the download failed. */
    reported?: StateReason;
    /** The checks of the call in their order; empty for a call that has none. */
    checks: {
      /** What has to be so. */
      check: string;
      /**
       * passed; refused: this check refused the call; not_made: there was nothing to check; not_reached: the call
       * ended before.
       */
      outcome: DownloadCheckOutcome;
    }[];
  }[];
}

/** The values of `DownloadCheckOutcome`. */
export const downloadCheckOutcomes = ['passed', 'refused', 'not_made', 'not_reached'] as const;
/**
 * passed; refused: this check refused the call; not_made: there was nothing to check; not_reached: the call
 * ended before.
 */
export type DownloadCheckOutcome = (typeof downloadCheckOutcomes)[number];

/** Which refused calls the answer has. */
export interface RefusedCallsQuery {
  /** How many items the answer has at most. 1 to 1000; default 100. */
  count?: number;
  /** Only calls that claim to be about this Profile of the account. */
  iccid?: string;
  /**
   * Only calls that claim to come from this eUICC, if they claim to be about a Profile of the account or the
   * eUICC has one.
   */
  eid?: string;
  /** Only calls that were refused with these codes, such as 8.2.6/3.8. */
  reason?: string;
  /** Only calls of this time or later. ISO 8601. */
  since?: string;
  /** Only calls before this time. ISO 8601. */
  until?: string;
}

/** The newest refused calls. */
export interface ListRefusedCallsResponse {
  /** The calls, the newest first. */
  calls: RefusedCall[];
  /**
   * Present and true when the answer may lack older calls, because the server examines a limited number for one
   * answer: continue with `searched_since` as `until`.
   */
  search_limited?: boolean;
  /** Up to when the server examined calls, if it did not examine all of them. ISO 8601. */
  searched_since?: string;
}

/**
 * A call of a phone that was refused before its eUICC had proved itself, or because there is no profile that
 * it asked for, so that no account is known.
 */
export interface RefusedCall {
  /** When the call came. ISO 8601. */
  occurred_at: string;
  /**
   * The network of the caller: /24 of IPv4, /48 of IPv6. `esim session list --local` on the machine of the
   * server shows the address. Absent if `proven`.
   */
  network?: string;
  /** The function of ES9+, or the path if the function is not known. */
  function: string;
  /** Why the call was refused. */
  refused: StateReason;
  /** The transactionId of the request. */
  transaction_id?: string;
  /** Key identifiers of the CIs that the eUICC says it has, in hexadecimal. They are not verified. */
  ci_pk_ids: string[];
  /**
   * Whether the eUICC had proved itself: it asked for a profile that does not exist. If not, the claims are
   * only what the request says.
   */
  proven: boolean;
  /** The eUICC that the request names; only in answers for an `iccid` or an `eid`. */
  claimed_eid?: string;
  /** The Profile that the request names; only in answers for an `iccid` or an `eid`. */
  claimed_iccid?: string;
  /** How many other calls were refused before this one and not stored, because they were too many. */
  skipped: number;
}

/** Which entries a page has. */
export interface AuditQuery {
  /**
   * next_cursor of the previous page, with the same filters and sort, or the id of an entry (not with since or
   * until); without it, the first page.
   */
  cursor?: string;
  /** How many items the answer has at most. 1 to 1000; default 100. */
  count?: number;
  /** Only what was done with this API key. */
  key_id?: string;
  /** Instead of key_id: only what this person did. */
  person_id?: string;
  /** Only calls of this operator. */
  operator?: string;
  /** Only this operation, function or command. */
  operation?: string;
  /** Only what concerned this, such as an ICCID. */
  target?: string;
  /** Only entries of this time or later. ISO 8601. */
  since?: string;
  /** Only entries before this time. ISO 8601. */
  until?: string;
  /** The order of the entries; without it, newest. */
  sort?: LogSort;
}

/** A page of the audit log, the newest entry first unless the request says otherwise. */
export interface ListAuditResponse {
  /** The entries. */
  entries: AuditEntry[];
  /** The cursor of the next page; absent when there are no more entries. */
  next_cursor?: string;
  /** Whether there may be more entries. */
  more: boolean;
  /**
   * Present and true when the page has fewer items than it could have, because the server examines a limited
   * number for one page: continue with next_cursor.
   */
  search_limited?: boolean;
}

/** Something that somebody did, or tried to do and was refused. */
export interface AuditEntry {
  /** Number of the entry: later entries have higher numbers. */
  id: number;
  /** When it happened. ISO 8601. */
  occurred_at: string;
  /**
   * The id of the API key; absent: a person, a command run on the machine of the server, an operator, or a
   * refused caller.
   */
  key_id?: string;
  /** The id of the person who had signed in. */
  person_id?: string;
  /** The name of this person; absent: they were deleted. */
  person?: string;
  /** The IP address of the caller. */
  address?: string;
  /** The operator that called ES2+. */
  operator?: string;
  /** The operationId, the function of ES2+ (such as ES2+.DownloadOrder), or the command. */
  operation: string;
  /** What it concerned, such as an ICCID or the id of a key. */
  target?: string;
  /** Everything that it concerned, if more than target: what it created comes last. At most 250. */
  targets?: string[];
  /** How many targets there were, if not all are listed. */
  target_count?: number;
  /** The HTTP status of the answer. */
  status?: number;
  /** Why it was refused: the code of the error, or the subject and reason code of ES2+. */
  code?: string;
  /** x-request-id of the answer. */
  request_id?: string;
  /**
   * When its content was erased (eraseAuditEntry): only the time, the operation and the status are left. ISO
   * 8601.
   */
  erased_at?: string;
  /** Why the entry that `target` names was erased (eraseLogEntries). */
  reason?: string;
}

/** Why content is erased. */
export interface EraseAuditEntryRequest {
  /** Why it is erased. It stays in the audit log: name no person. */
  reason: string;
}

/** The API keys of the account. */
export interface ListApiKeysResponse {
  /** The keys, the oldest first. */
  api_keys: ApiKey[];
}

/** An API key, without the key itself. */
export interface ApiKey {
  /** 16 hexadecimal digits. */
  id: string;
  /** Your name for the key. */
  name?: string;
  /** What the key may do. */
  permissions: ApiKeyPermission[];
  /** The name of this set of permissions, if it has one. */
  scope?: ApiKeyScope;
  /** When the key was created. ISO 8601. */
  created_at: string;
  /** When the key expires; absent: never. ISO 8601. */
  expires_at?: string;
  /** The last use, to the minute; absent: never. ISO 8601. */
  last_used_at?: string;
}

/** The values of `ApiKeyPermission`. */
export const apiKeyPermissions = [
  'read',
  'codes',
  'order',
  'support',
  'admin',
  'reveal',
  'care',
  'server',
] as const;
/**
 * read: profiles, types, templates and events; codes: activation codes, QR codes and install links; order:
 * create, order and change profiles; support: help a customer, and read PIN and PUK; admin: keys, webhooks,
 * templates and the audit log, and read all secrets of profiles; reveal, a part of codes: read the activation
 * code of one profile in a call that is audited; care, a part of order: cancel, replace, reset and re-release
 * an order for a customer; server: accounts and operators, which concern everybody on the server.
 */
export type ApiKeyPermission = (typeof apiKeyPermissions)[number];

/** The values of `ApiKeyScope`. */
export const apiKeyScopes = ['read', 'order', 'admin'] as const;
/**
 * A name for a set of permissions: read is read, codes; order is read, codes, order; admin is read, codes,
 * order, support, admin.
 */
export type ApiKeyScope = (typeof apiKeyScopes)[number];

/** An API key to create. */
export interface CreateApiKeyRequest {
  /** Your name for the key. */
  name?: string;
  /** What the key may do. */
  permissions?: ApiKeyPermission[];
  /** Instead of permissions: the name of a set of them. */
  scope?: ApiKeyScope;
  /** When the key expires; without it, never. ISO 8601. */
  expires_at?: string;
}

/** A new API key. */
export interface NewApiKey extends ApiKey {
  /** The key itself: it is shown once. */
  api_key: string;
}

/** How a key is replaced. */
export interface RotateApiKeyRequest {
  /** Seconds that the old key still works. 0 to 31536000; default 86400. */
  overlap_seconds?: number;
}

/** The webhooks of the account. */
export interface ListWebhooksResponse {
  /** How many webhooks there are. */
  total: number;
  /** The webhooks, the oldest first. */
  webhooks: Webhook[];
}

/** A webhook, without its secret. */
export interface Webhook {
  /** The id: we_ and 24 hexadecimal digits. */
  id: string;
  /** The address that receives the messages. */
  url: string;
  /** The types of events that it receives; * is everything. */
  events: string[];
  /** Your note about the webhook; may be empty. */
  description: string;
  /** When the webhook was created. ISO 8601. */
  created_at: string;
  /** Whether it receives nothing until it is enabled. */
  disabled: boolean;
  /** When it was disabled; absent when it is enabled. ISO 8601. */
  disabled_at?: string;
  /** Why it was disabled; absent when it is enabled. */
  disabled_reason?: string;
  /** The first failure since the last success; absent when it works. ISO 8601. */
  first_failed_at?: string;
  /** Until when messages are signed with the previous secret too. ISO 8601. */
  previous_secret_expires_at?: string;
}

/** A webhook to create. */
export interface CreateWebhookRequest {
  /**
   * The address that receives the messages: https://…; http://… and private networks where the server allows
   * them.
   */
  url: string;
  /**
   * The types of events that it receives; without it: profile.released, profile.downloaded, profile.installed,
   * profile.enabled, profile.disabled, profile.deleted, profile.error, profile.expired,
   * profile.reuse_exhausted, confirmation_code.locked, install_link.help_requested, operation.done,
   * operation.refused, operation.unknown.
   */
  events?: WebhookEventType[];
  /** Your note about the webhook. */
  description?: string;
  /** whsec_ and base64 of 24 to 64 random bytes; without it, the server generates one. */
  secret?: string;
}

/** The values of `WebhookEventType`. */
export const webhookEventTypes = [
  'profile.created',
  'profile.ordered',
  'profile.confirmed',
  'profile.released',
  'download.checked',
  'download.refused',
  'confirmation_code.wrong',
  'confirmation_code.locked',
  'profile.downloaded',
  'profile.postponed',
  'profile.installed',
  'profile.enabled',
  'profile.disabled',
  'profile.deleted',
  'profile.error',
  'profile.expired',
  'profile.reuse_exhausted',
  'profile.cancelled',
  'profile.retired',
  'profile.reset',
  'profile.updated',
  'profile.purged',
  'install_link.help_requested',
  'operation.done',
  'operation.refused',
  'operation.unknown',
  'upstream.reported',
  'stock.low',
  'log.anchored',
  '*',
] as const;
/** What a webhook can subscribe to; * is everything. */
export type WebhookEventType = (typeof webhookEventTypes)[number];

/** A webhook and its new secret. */
export interface WebhookWithSecret extends Webhook {
  /** The secret that signs messages: it is shown once. */
  secret: string;
}

/** Changes of a webhook. Members that are absent stay as they are. */
export interface UpdateWebhookRequest {
  /**
   * The address that receives the messages: https://…; http://… and private networks where the server allows
   * them.
   */
  url?: string;
  /** The types of events that it receives. */
  events?: WebhookEventType[];
  /** Your note about the webhook. */
  description?: string;
  /** true: disable it; false: enable it. */
  disabled?: boolean;
}

/** The new secret. */
export interface RotateWebhookSecretRequest {
  /** whsec_ and base64 of 24 to 64 random bytes; without it, the server generates one. */
  secret?: string;
}

/** A message to a webhook. */
export interface WebhookDelivery {
  /** Number of the delivery: later deliveries have higher numbers. */
  id: number;
  /** The type of the event, or webhook.test. */
  type: string;
  /** The event; absent for a test. */
  event_id?: number;
  /** The Profile; absent for a test. */
  iccid?: string;
  /** Whether it has arrived. */
  state: WebhookDeliveryState;
  /** How many attempts failed. */
  attempts: number;
  /** When the event happened. ISO 8601. */
  created_at: string;
  /** The next attempt; present while it is pending. ISO 8601. */
  next_attempt_at?: string;
  /** The last attempt. ISO 8601. */
  last_attempt_at?: string;
  /** The HTTP status of the last answer. */
  last_status?: number;
  /** Why the last attempt failed. */
  last_error?: string;
}

/** The values of `WebhookDeliveryState`. */
export const webhookDeliveryStates = ['pending', 'delivered', 'failed', 'skipped'] as const;
/**
 * pending: not delivered yet; delivered; failed: ended after three days; skipped: ended because the webhook
 * was disabled.
 */
export type WebhookDeliveryState = (typeof webhookDeliveryStates)[number];

/** Which deliveries a page has; their times are those of created_at. */
export interface DeliveriesQuery {
  /** Only deliveries in this state. */
  state?: WebhookDeliveryState;
  /**
   * next_cursor of the previous page, with the same filters and sort, or the id of a delivery (not with since
   * or until); without it, the first page.
   */
  cursor?: string;
  /** How many items the answer has at most. 1 to 1000; default 100. */
  count?: number;
  /**
   * Only deliveries of these types, separated by commas: some of profile.created, profile.ordered,
   * profile.confirmed, profile.released, download.checked, download.refused, confirmation_code.wrong,
   * confirmation_code.locked, profile.downloaded, profile.postponed, profile.installed, profile.enabled,
   * profile.disabled, profile.deleted, profile.error, profile.expired, profile.reuse_exhausted,
   * profile.cancelled, profile.retired, profile.reset, profile.updated, profile.purged,
   * install_link.help_requested, operation.done, operation.refused, operation.unknown, upstream.reported,
   * stock.low, log.anchored, webhook.test.
   */
  types?: string;
  /** The order of the deliveries; without it, newest. */
  sort?: LogSort;
  /** Only deliveries of this time or later. ISO 8601. */
  since?: string;
  /** Only deliveries before this time. ISO 8601. */
  until?: string;
}

/** A page of deliveries, the newest first unless the request says otherwise. */
export interface ListWebhookDeliveriesResponse {
  /** The deliveries. */
  deliveries: WebhookDelivery[];
  /** The cursor of the next page; absent when there are no more deliveries. */
  next_cursor?: string;
  /** Whether there may be more deliveries. */
  more: boolean;
  /**
   * Present and true when the page has fewer items than it could have, because the server examines a limited
   * number for one page: continue with next_cursor.
   */
  search_limited?: boolean;
}

/** Which operations are listed. */
export interface ListOperationsQuery {
  /** Only those of this state. */
  state?: 'waiting' | 'sent' | 'unknown' | 'done' | 'refused' | 'failed';
  /** Only those of this Profile. */
  iccid?: string;
  /** next_cursor of the page before; empty: the first page. */
  cursor?: string;
  /** At most this many; without it, 100. 1 to 1000. */
  count?: number;
  /** Only those that request this. */
  operation?: OperationKind;
  /** Only those at this upstream. */
  upstream?: string;
}

/** A page of what was requested from upstreams. */
export interface ListOperationsResponse {
  /** The newest first. */
  operations: UpstreamOperation[];
  /** At most this many were requested. */
  count: number;
  /** The next page; absent: there is none. */
  next_cursor?: string;
}

/** Something that was requested from an upstream. */
export interface UpstreamOperation {
  /** The id of the operation. */
  id: string;
  /** The upstream. */
  upstream: string;
  /** The Profile; absent until the upstream has named one. */
  iccid?: string;
  /** The type that was ordered, if no Profile was named. */
  profile_type?: string;
  /** What was requested. */
  operation: OperationKind;
  /** How far it is. */
  state: OperationState;
  /** The present call of ES2+, or the last one that was made. */
  call: 'downloadOrder' | 'confirmOrder' | 'releaseProfile' | 'cancelOrder';
  /** How often that call was tried. */
  attempts: number;
  /** When it was requested. ISO 8601. */
  requested_at: string;
  /** When the call was tried last. ISO 8601. */
  last_attempt_at?: string;
  /** When it is tried again; absent of an unknown one: it waits until an admin settles it. ISO 8601. */
  next_attempt_at?: string;
  /** When it ended. ISO 8601. */
  ended_at?: string;
  /** When somebody said what an unknown outcome was. ISO 8601. */
  settled_at?: string;
  /** The id of the API key of that one, as in the audit log. */
  settled_by?: string;
  /** Why it was refused, or why the last attempt did not end well; of one that is done, a warning. */
  error?: OperationError;
}

/** The values of `OperationState`. */
export const operationStates = ['waiting', 'sent', 'unknown', 'done', 'refused', 'failed'] as const;
/**
 * waiting: the next call to the upstream has not been sent; sent: it is in progress; unknown: no answer came,
 * so it may have been done; done; refused: by the upstream, and nothing was done; failed: the upstream has
 * chosen a profile that cannot be the one of the order, and may keep it reserved.
 */
export type OperationState = (typeof operationStates)[number];

/** Why a call was not done, or is not known to be. */
export interface OperationError {
  /** What the upstream has said, or why there was no answer. */
  message: string;
  /** The subject code of the upstream. */
  subject_code?: string;
  /** The reason code of the upstream. */
  reason_code?: string;
}

/** What the upstream says about a call whose outcome is not known. */
export interface SettleOperationRequest {
  /** Whether the upstream has done the present call. */
  outcome: 'done' | 'not_done';
  /** Of an order of a type: the ICCID of the Profile that the upstream shows for the order. */
  iccid?: string;
  /**
   * Of confirmOrder: the MatchingID that the upstream shows for the order, byte for byte; without it, the one
   * that was requested.
   */
  matching_id?: string;
  /** Of confirmOrder: the SM-DP+ address of the order; without it, that of the upstream. */
  smdp_address?: string;
}

/** The upstreams of the account. */
export interface ListUpstreamsResponse {
  /** How many upstreams there are. */
  total: number;
  /** The upstreams, by name. */
  upstreams: Upstream[];
}

/** Another SM-DP+, at which profiles are ordered. */
export interface Upstream {
  /** The name. */
  name: string;
  /** https://host:port, with the prefix before /gsma/rsp2/es2plus. */
  url: string;
  /** The TLS client certificate; its key is never shown. */
  client_certificate: UpstreamCertificate;
  /** The subjects of the CAs that the server is trusted under; empty: the public CAs. */
  ca: string[];
  /**
   * The subjects of the certificates by which its calls of HandleDownloadProgressInfo are known; empty: it may
   * not call.
   */
  callback: string[];
  /** functionRequesterIdentifier. */
  requester_identifier: string;
  /** The SM-DP+ address in activation codes. */
  smdp_address: string;
  /** The value of X-Admin-Protocol that is sent. */
  admin_protocol: string;
  /** The call that says in which state profiles are; none: the vendor has no such call. */
  status_call: UpstreamStatusCall;
  /**
   * Whether a call that is repeated with its functionCallIdentifier gets the answer of the first one and does
   * nothing again.
   */
  repeats_answers: boolean;
  /**
   * Until when the upstream takes back an order by CancelOrder: until_download is what SGP.22 says; always lets
   * profiles return after they were on a device; never rules out what needs a cancellation.
   */
  takes_back: UpstreamTakesBack;
  /** How many calls are made at the same time. 1 to 64. */
  concurrency: number;
  /** How long an answer is waited for. 1 to 120. */
  timeout_seconds: number;
  /** How an ICCID of 19 digits is sent: as it is, or with F or f as its 20th character. */
  iccid_padding: IccidPadding;
  /**
   * What the points of HandleDownloadProgressInfo mean. Points that are not here are recorded and change
   * nothing.
   */
  notification_points: NotificationPoint[];
  /** What can be done with profiles of this upstream, and why not, by its settings. */
  capabilities: UpstreamCapability[];
  /** When it was created. ISO 8601. */
  created_at: string;
}

/** A TLS certificate of one side of the connection to an upstream. */
export interface UpstreamCertificate {
  /** Whose certificate it is. */
  subject: string;
  /** Who has issued it. */
  issuer: string;
  /** From when it is valid. ISO 8601. */
  not_before: string;
  /** Until when it is valid. ISO 8601. */
  not_after: string;
  /** Whole days until it expires; negative: it has expired. */
  days_left: number;
  /** SHA-256 of the certificate, in hexadecimal digits. */
  sha256: string;
}

/** The values of `UpstreamStatusCall`. */
export const upstreamStatusCalls = ['none', 'getProfileStatus'] as const;
/** The call that says in which state profiles are; none: the vendor has no such call. */
export type UpstreamStatusCall = (typeof upstreamStatusCalls)[number];

/** The values of `UpstreamTakesBack`. */
export const upstreamTakesBacks = ['never', 'until_download', 'always'] as const;
/**
 * Until when the upstream takes back an order by CancelOrder: until_download is what SGP.22 says; always lets
 * profiles return after they were on a device; never rules out what needs a cancellation.
 */
export type UpstreamTakesBack = (typeof upstreamTakesBacks)[number];

/** The values of `IccidPadding`. */
export const iccidPaddings = ['none', 'upper_f', 'lower_f'] as const;
/** How an ICCID of 19 digits is sent: as it is, or with F or f as its 20th character. */
export type IccidPadding = (typeof iccidPaddings)[number];

/** A point of HandleDownloadProgressInfo, and its meaning. */
export interface NotificationPoint {
  /** notificationPointId. 1 to 999. */
  point: number;
  /** What the upstream reports by it. */
  meaning: PointMeaning;
}

/** The values of `PointMeaning`. */
export const pointMeanings = [
  'eligibility',
  'confirmation_code',
  'downloaded',
  'installed',
  'enabled',
  'disabled',
  'deleted',
] as const;
/** What the upstream reports by it. */
export type PointMeaning = (typeof pointMeanings)[number];

/** Something that the server can do with its own profiles, and whether it can with those of an upstream. */
export interface UpstreamCapability {
  /** What is to be done. */
  name: UpstreamCapabilityName;
  /** Whether it can be done with profiles of this upstream. */
  supported: boolean;
  /** Why not, and what to do; or the limits of what can be done. */
  reason?: string;
}

/** The values of `UpstreamCapabilityName`. */
export const upstreamCapabilityNames = [
  'order',
  'confirm',
  'release',
  'cancel',
  'replace',
  'replace_by_another',
  're_release',
  'expiry',
  'reuse',
  'reuse_by_another_eid',
  'reusable_orders',
  'change_order',
  'progress_reports',
  'find_outcomes',
  'export',
  'purge',
  'secrets',
] as const;
/** What is to be done. */
export type UpstreamCapabilityName = (typeof upstreamCapabilityNames)[number];

/** An upstream to create. */
export interface CreateUpstreamRequest {
  /** The name of the upstream. */
  name: string;
  /**
   * https://host:port, with the prefix that the vendor has before /gsma/rsp2/es2plus; private networks where
   * the server allows them.
   */
  url: string;
  /** The TLS client certificate, in PEM; the certificates of its issuers may follow. */
  client_certificate: string;
  /** The key of that certificate, in PEM and without a password. It is sealed, and never shown. */
  client_key: string;
  /** functionRequesterIdentifier: the vendor assigns it. */
  requester_identifier: string;
  /** The SM-DP+ address in activation codes, unless the answer to an order names another. */
  smdp_address: string;
  /** The CAs that the certificate of the server may be issued under, in PEM; without it: the public CAs. */
  ca?: string;
  /**
   * How calls of HandleDownloadProgressInfo are known to be from the vendor: its TLS client certificate, or the
   * CA that issues it, in PEM; without it: it may not call.
   */
  callback_certificate?: string;
  /** The value of X-Admin-Protocol that is sent. */
  admin_protocol?: string;
  /** The call that says in which state profiles are; none: the vendor has no such call. */
  status_call?: UpstreamStatusCall;
  /**
   * Whether a call that is repeated with its functionCallIdentifier gets the answer of the first one and does
   * nothing again.
   */
  repeats_answers?: boolean;
  /**
   * Until when the upstream takes back an order by CancelOrder: until_download is what SGP.22 says; always lets
   * profiles return after they were on a device; never rules out what needs a cancellation.
   */
  takes_back?: UpstreamTakesBack;
  /** How many calls are made at the same time. 1 to 64. */
  concurrency?: number;
  /** How long an answer is waited for. 1 to 120. */
  timeout_seconds?: number;
  /** How an ICCID of 19 digits is sent: as it is, or with F or f as its 20th character. */
  iccid_padding?: IccidPadding;
  /**
   * What the points of HandleDownloadProgressInfo mean. Points that are not here are recorded and change
   * nothing.
   */
  notification_points?: NotificationPoint[];
}

/**
 * Changes of an upstream. Members that are absent stay as they are; "ca": null is the public CAs,
 * "callback_certificate": null lets the vendor report nothing.
 */
export interface UpdateUpstreamRequest {
  /**
   * https://host:port, with the prefix that the vendor has before /gsma/rsp2/es2plus; private networks where
   * the server allows them.
   */
  url?: string;
  /** The TLS client certificate, in PEM; the certificates of its issuers may follow. */
  client_certificate?: string;
  /** The key of that certificate, in PEM and without a password. It is sealed, and never shown. */
  client_key?: string;
  /** The CAs that the certificate of the server may be issued under, in PEM; without it: the public CAs. */
  ca?: string | null;
  /**
   * How calls of HandleDownloadProgressInfo are known to be from the vendor: its TLS client certificate, or the
   * CA that issues it, in PEM; without it: it may not call.
   */
  callback_certificate?: string | null;
  /** functionRequesterIdentifier: the vendor assigns it. */
  requester_identifier?: string;
  /** The SM-DP+ address in activation codes, unless the answer to an order names another. */
  smdp_address?: string;
  /** The value of X-Admin-Protocol that is sent. */
  admin_protocol?: string;
  /** The call that says in which state profiles are; none: the vendor has no such call. */
  status_call?: UpstreamStatusCall;
  /**
   * Whether a call that is repeated with its functionCallIdentifier gets the answer of the first one and does
   * nothing again.
   */
  repeats_answers?: boolean;
  /**
   * Until when the upstream takes back an order by CancelOrder: until_download is what SGP.22 says; always lets
   * profiles return after they were on a device; never rules out what needs a cancellation.
   */
  takes_back?: UpstreamTakesBack;
  /** How many calls are made at the same time. 1 to 64. */
  concurrency?: number;
  /** How long an answer is waited for. 1 to 120. */
  timeout_seconds?: number;
  /** How an ICCID of 19 digits is sent: as it is, or with F or f as its 20th character. */
  iccid_padding?: IccidPadding;
  /**
   * What the points of HandleDownloadProgressInfo mean. Points that are not here are recorded and change
   * nothing.
   */
  notification_points?: NotificationPoint[];
}

/** What a test of the connection to an upstream has found. */
export interface UpstreamTestResult {
  /** Whether every check has passed. */
  ok: boolean;
  /** The checks that were made, in their order. After one of the server that fails, no call is made. */
  checks: {
    /** What was checked. */
    check: UpstreamCheck;
    /** Whether it has passed. */
    ok: boolean;
    /** What is right, or what is wrong and what to do. */
    message: string;
  }[];
  /** The certificate of this side. */
  client_certificate: UpstreamCertificate;
  /** The certificate of the server, if it was reached. */
  server_certificate?: UpstreamCertificate;
  /** The version of TLS, if the server was reached. */
  tls_version?: string;
}

/** The values of `UpstreamCheck`. */
export const upstreamChecks = [
  'client_certificate',
  'connection',
  'server_certificate',
  'server_name',
  'server_chain',
  'es2plus',
] as const;
/** What was checked. */
export type UpstreamCheck = (typeof upstreamChecks)[number];

/** The profile types that come from an upstream. */
export interface ListUpstreamTypesResponse {
  /** The types, by name. */
  types: UpstreamType[];
}

/** A profile type that comes from an upstream. */
export interface UpstreamType {
  /** The type. */
  profile_type: string;
  /** The upstream that profiles of this type come from. */
  upstream: string;
  /** What the vendor calls the type. */
  vendor_type: string;
  /**
   * When fewer than this are ready, a batch more is ordered at the upstream ahead, so that an order here has
   * its code at once; 0: none is. 0 to 1000.
   */
  keep_ready: number;
  /** How many more are reserved then. 1 to 1000. */
  batch: number;
  /**
   * Days after which one that is ready is cancelled at the upstream, and another one reserved; 0: never. 0 to
   * 3650.
   */
  ready_days: number;
  /** Profiles in stock that the upstream keeps ready. */
  ready: number;
  /** Orders ahead that have not ended, those whose outcome is unknown among them. */
  reserving: number;
  /** Why the last order ahead was not done; absent: it was. */
  last_error?: OperationError;
  /** After an error: when the next one is ordered. ISO 8601. */
  next_attempt_at?: string;
}

/**
 * A profile type that is to come from the upstream. What is absent has its default, also if the type had
 * another value.
 */
export interface SetUpstreamTypeRequest {
  /** The type of the Profiles. */
  profile_type: string;
  /** What the vendor calls the type; by default the same. */
  vendor_type?: string;
  /**
   * When fewer than this are ready, a batch more is ordered at the upstream ahead, so that an order here has
   * its code at once; 0: none is. 0 to 1000; default 0.
   */
  keep_ready?: number;
  /** How many more are reserved then; without it, as many as keep_ready. 1 to 1000. */
  batch?: number;
  /**
   * Days after which one that is ready is cancelled at the upstream, and another one reserved; 0: never. 0 to
   * 3650; default 0.
   */
  ready_days?: number;
}

/** The core networks of the account. */
export interface ListCoreNetworksResponse {
  /** How many core networks there are. */
  total: number;
  /** The core networks, by name. */
  core_networks: CoreNetwork[];
}

/** A core network, which gets the subscriptions of profiles. Its credentials are never shown. */
export interface CoreNetwork {
  /** The name. */
  name: string;
  /** Which program it is: this decides how it takes subscriptions. */
  kind: CoreNetworkKind;
  /** Where it is; absent of a file. */
  url?: string;
  /** The file that the server writes, in the folder ESIM_CORE_FILES. */
  file?: string;
  /** The id of the network. */
  network?: string;
  /** MCC and MNC; absent: those of each IMSI. */
  plmn?: string;
  /** The columns of csv, in their order; imsi is one of them. They cannot be changed. */
  columns?: CoreColumn[];
  /** The credentials that are set; their values are never shown. */
  credentials: CoreCredential[];
  /** The subjects of the CAs that it is trusted under; empty: the public CAs. */
  ca: string[];
  /** From when on a subscription is in the core network: when its profile is created, ordered or released. */
  when: CoreNetworkTime;
  /**
   * Whether a subscription is removed when its profile is retired, deleted, or back in stock before the time of
   * `when`.
   */
  remove: boolean;
  /** The types of profiles that it is for; empty: all profiles. */
  profile_types: string[];
  /** Authentication management field, if the core network asks for it. */
  amf: string;
  /**
   * Sequence number that a new subscription starts with, if the core network asks for it. 0 to 281474976710655.
   */
  sqn: number;
  /** APN, in 5G the DNN. */
  apn: string;
  /** Slice: SST. 1 to 255. */
  sst: number;
  /** Aggregate maximum bit rate to the phone, in Mbit/s. 1 to 4000000. */
  ambr_downlink_mbps: number;
  /** Aggregate maximum bit rate from the phone, in Mbit/s. 1 to 4000000. */
  ambr_uplink_mbps: number;
  /** Slice: SD. */
  sd?: string;
  /** Since when every attempt has failed; absent: the last one succeeded. ISO 8601. */
  failing_since?: string;
  /** Why the last attempt failed. */
  last_error?: string;
  /** When it was created. ISO 8601. */
  created_at: string;
}

/** The values of `CoreNetworkKind`. */
export const coreNetworkKinds = [
  'osmohlr',
  'pyhss',
  'free5gc',
  'open5gs',
  'open5gs_file',
  'magma',
  'srsran_csv',
  'csv',
  'push',
] as const;
/** Which program it is: this decides how it takes subscriptions. */
export type CoreNetworkKind = (typeof coreNetworkKinds)[number];

/** The values of `CoreColumn`. */
export const coreColumns = [
  'iccid',
  'imsi',
  'msisdn',
  'algorithm',
  'ki',
  'opc',
  'amf',
  'sqn',
  'apn',
  'sst',
  'sd',
] as const;
/** A column of a CSV file. */
export type CoreColumn = (typeof coreColumns)[number];

/** The values of `CoreCredential`. */
export const coreCredentials = [
  'user',
  'password',
  'token',
  'client_certificate',
  'client_key',
  'secret',
] as const;
/** A credential. */
export type CoreCredential = (typeof coreCredentials)[number];

/** The values of `CoreNetworkTime`. */
export const coreNetworkTimes = ['stocked', 'ordered', 'released'] as const;
/** From when on a subscription is in the core network: when its profile is created, ordered or released. */
export type CoreNetworkTime = (typeof coreNetworkTimes)[number];

/** A core network to create. */
export interface CreateCoreNetworkRequest {
  /** The name of the core network. */
  name: string;
  /** Which program it is: this decides how it takes subscriptions. */
  kind: CoreNetworkKind;
  /**
   * Where it is: ctrl://host:4259 for osmohlr, https://host or http://host for others, none for a file. Private
   * networks, and URLs without TLS, where the server allows them.
   */
  url?: string;
  /**
   * The CAs that the certificate of the core network may be issued under, in PEM; without it: the public CAs.
   */
  ca?: string;
  /** The user to log in as: free5gc. */
  user?: string;
  /** The password of the user. It is sealed, and never shown. */
  password?: string;
  /** The key of the interface: Provisioning-Key of pyhss. It is sealed, and never shown. */
  token?: string;
  /** The TLS client certificate, in PEM: magma. The certificates of its issuers may follow. */
  client_certificate?: string;
  /** The key of that certificate, in PEM and without a password. It is sealed, and never shown. */
  client_key?: string;
  /** What push is signed with; without it, it is generated and shown once. */
  secret?: string;
  /** The id of the network: magma. */
  network?: string;
  /** MCC and MNC: free5gc. Without it, those of each IMSI. */
  plmn?: string;
  /** From when on a subscription is in the core network: when its profile is created, ordered or released. */
  when?: CoreNetworkTime;
  /**
   * Whether a subscription is removed when its profile is retired, deleted, or back in stock before the time of
   * `when`.
   */
  remove?: boolean;
  /** The types of profiles that it is for; empty: all profiles. */
  profile_types?: string[];
  /** Authentication management field, if the core network asks for it. */
  amf?: string;
  /**
   * Sequence number that a new subscription starts with, if the core network asks for it. 0 to 281474976710655.
   */
  sqn?: number;
  /** APN, in 5G the DNN. */
  apn?: string;
  /** Slice: SST. 1 to 255. */
  sst?: number;
  /** Slice: SD; without it, none. */
  sd?: string;
  /** Aggregate maximum bit rate to the phone, in Mbit/s. 1 to 4000000. */
  ambr_downlink_mbps?: number;
  /** Aggregate maximum bit rate from the phone, in Mbit/s. 1 to 4000000. */
  ambr_uplink_mbps?: number;
  /** The columns of csv, in their order; imsi is one of them. They cannot be changed. */
  columns?: CoreColumn[];
}

/** A core network that was just created. */
export interface CoreNetworkWithSecret extends CoreNetwork {
  /** Of push: verifies the signatures of its messages. It is shown here only. */
  secret?: string;
}

/**
 * Changes of a core network. Members that are absent stay as they are; null is for none: of ca, the public
 * CAs.
 */
export interface UpdateCoreNetworkRequest {
  /**
   * Where it is: ctrl://host:4259 for osmohlr, https://host or http://host for others, none for a file. Private
   * networks, and URLs without TLS, where the server allows them.
   */
  url?: string;
  /**
   * The CAs that the certificate of the core network may be issued under, in PEM; without it: the public CAs.
   */
  ca?: string | null;
  /** The user to log in as: free5gc. */
  user?: string;
  /** The password of the user. It is sealed, and never shown. */
  password?: string;
  /** The key of the interface: Provisioning-Key of pyhss. It is sealed, and never shown. */
  token?: string | null;
  /** The TLS client certificate, in PEM: magma. The certificates of its issuers may follow. */
  client_certificate?: string;
  /** The key of that certificate, in PEM and without a password. It is sealed, and never shown. */
  client_key?: string;
  /** What push is signed with; without it, it is generated and shown once. */
  secret?: string;
  /** The id of the network: magma. */
  network?: string;
  /** MCC and MNC: free5gc. Without it, those of each IMSI. */
  plmn?: string | null;
  /** From when on a subscription is in the core network: when its profile is created, ordered or released. */
  when?: CoreNetworkTime;
  /**
   * Whether a subscription is removed when its profile is retired, deleted, or back in stock before the time of
   * `when`.
   */
  remove?: boolean;
  /** The types of profiles that it is for; empty: all profiles. */
  profile_types?: string[];
  /** Authentication management field, if the core network asks for it. */
  amf?: string;
  /**
   * Sequence number that a new subscription starts with, if the core network asks for it. 0 to 281474976710655.
   */
  sqn?: number;
  /** APN, in 5G the DNN. */
  apn?: string;
  /** Slice: SST. 1 to 255. */
  sst?: number;
  /** Slice: SD; without it, none. */
  sd?: string | null;
  /** Aggregate maximum bit rate to the phone, in Mbit/s. 1 to 4000000. */
  ambr_downlink_mbps?: number;
  /** Aggregate maximum bit rate from the phone, in Mbit/s. 1 to 4000000. */
  ambr_uplink_mbps?: number;
}

/** Which deliveries a page has; their times are those of created_at. */
export interface CoreDeliveriesQuery {
  /** Only deliveries in this state. */
  state?: CoreDeliveryState;
  /**
   * next_cursor of the previous page, with the same filters and sort, or the id of a delivery (not with since
   * or until); without it, the first page.
   */
  cursor?: string;
  /** How many items the answer has at most. 1 to 1000; default 100. */
  count?: number;
  /** Only deliveries of these types, separated by commas: some of add, remove. */
  types?: string;
  /** The order of the deliveries; without it, newest. */
  sort?: LogSort;
  /** Only deliveries of this time or later. ISO 8601. */
  since?: string;
  /** Only deliveries before this time. ISO 8601. */
  until?: string;
}

/** The values of `CoreDeliveryState`. */
export const coreDeliveryStates = ['pending', 'delivered', 'failed', 'skipped'] as const;
/**
 * pending: not done yet; delivered: the core network has done it; failed: ended after three days; skipped:
 * nothing was to be done, last_error says why.
 */
export type CoreDeliveryState = (typeof coreDeliveryStates)[number];

/** A page of deliveries, the newest first unless the request says otherwise. */
export interface ListCoreDeliveriesResponse {
  /** The deliveries. */
  deliveries: CoreDelivery[];
  /** The cursor of the next page; absent when there are no more deliveries. */
  next_cursor?: string;
  /** Whether there may be more deliveries. */
  more: boolean;
  /**
   * Present and true when the page has fewer items than it could have, because the server examines a limited
   * number for one page: continue with next_cursor.
   */
  search_limited?: boolean;
}

/** A change that a core network is to make. It has no keys: they are read when it is sent. */
export interface CoreDelivery {
  /** Number of the delivery: later deliveries have higher numbers. */
  id: number;
  /** What is done with the subscription of the profile. */
  type: CoreAction;
  /** The event; absent if a user has requested it. */
  event_id?: number;
  /** The Profile; absent for a test. */
  iccid?: string;
  /** Whether it was done. */
  state: CoreDeliveryState;
  /** How many attempts failed. */
  attempts: number;
  /** When the event happened. ISO 8601. */
  created_at: string;
  /** The next attempt; present while it is pending. ISO 8601. */
  next_attempt_at?: string;
  /** The last attempt. ISO 8601. */
  last_attempt_at?: string;
  /** The HTTP status of the last answer, if there was one. */
  last_status?: number;
  /** Why the last attempt failed. */
  last_error?: string;
}

/** The values of `CoreAction`. */
export const coreActions = ['add', 'remove'] as const;
/** What is done with the subscription of the profile. */
export type CoreAction = (typeof coreActions)[number];

/** The profile whose subscription is to be sent. */
export interface SendToCoreNetworkRequest {
  /** 19 or 20 digits. */
  iccid: string;
}

/** The operators of the account. */
export interface ListOperatorsResponse {
  /** The operators, by name. */
  operators: Operator[];
}

/** An operator whose system may order over ES2+ for this account. */
export interface Operator {
  /** Its name. */
  name: string;
  /** What it may send as functionRequesterIdentifier. */
  requester_identifiers: string[];
  /** SHA-256 of the one TLS client certificate that it shows. */
  certificate_sha256?: string;
  /** Instead: the CA whose client certificates are accepted. */
  ca_subject?: string;
  /** SHA-256 of the certificate of this CA. */
  ca_sha256?: string;
  /** When it was created. ISO 8601. */
  created_at: string;
  /** Where an operator receives download notifications. */
  progress?: OperatorProgress;
}

/** Where an operator receives download notifications. */
export interface OperatorProgress {
  /** Where downloads are reported to. */
  url: string;
  /** Which points of a download are reported. */
  style: 'standard' | '5-8' | '101';
  /** Whether the server shows a client certificate there. */
  client_certificate: boolean;
}

/** An operator to create, with either certificate or ca. */
export interface CreateOperatorRequest {
  /** The name of an operator of the account. */
  name: string;
  /** The TLS client certificate that the operator shows, in PEM: exactly this one is accepted. */
  certificate?: string;
  /** Instead: a CA, in PEM, whose client certificates are all accepted. */
  ca?: string;
  /** What it may send as functionRequesterIdentifier; a new operator may send its name. */
  requester_identifiers?: string[];
  /** Where downloads are reported to; without a path, the path of ES2+ is added; null: no reports any more. */
  progress_url?: string | null;
  /** Which points of a download are reported. */
  progress_style?: 'standard' | '5-8' | '101';
  /** The TLS client certificate that this server shows there, in PEM. */
  progress_certificate?: string;
  /** Its private key, in PEM, without a password: no answer has it. */
  progress_key?: string;
  /** The CA to trust there, in PEM; without it, the public CAs. */
  progress_ca?: string;
}

/**
 * Changes of an operator. Members that are absent stay as they are; a progress_url of null ends
 * notifications.
 */
export interface UpdateOperatorRequest {
  /** The TLS client certificate that the operator shows, in PEM: exactly this one is accepted. */
  certificate?: string;
  /** Instead: a CA, in PEM, whose client certificates are all accepted. */
  ca?: string;
  /** What it may send as functionRequesterIdentifier; a new operator may send its name. */
  requester_identifiers?: string[];
  /** Where downloads are reported to; without a path, the path of ES2+ is added; null: no reports any more. */
  progress_url?: string | null;
  /** Which points of a download are reported. */
  progress_style?: 'standard' | '5-8' | '101';
  /** The TLS client certificate that this server shows there, in PEM. */
  progress_certificate?: string;
  /** Its private key, in PEM, without a password: no answer has it. */
  progress_key?: string;
  /** The CA to trust there, in PEM; without it, the public CAs. */
  progress_ca?: string;
}

/** Which deliveries a page has; their times are those of created_at. */
export interface OperatorDeliveriesQuery {
  /** Only deliveries in this state. */
  state?: OperatorDeliveryState;
  /**
   * next_cursor of the previous page, with the same filters and sort, or the id of a delivery (not with since
   * or until); without it, the first page.
   */
  cursor?: string;
  /** How many items the answer has at most. 1 to 1000; default 100. */
  count?: number;
  /**
   * Only deliveries of these types, separated by commas: some of profile.created, profile.ordered,
   * profile.confirmed, profile.released, download.checked, download.refused, confirmation_code.wrong,
   * confirmation_code.locked, profile.downloaded, profile.postponed, profile.installed, profile.enabled,
   * profile.disabled, profile.deleted, profile.error, profile.expired, profile.reuse_exhausted,
   * profile.cancelled, profile.retired, profile.reset, profile.updated, profile.purged,
   * install_link.help_requested, operation.done, operation.refused, operation.unknown, upstream.reported.
   */
  types?: string;
  /** The order of the deliveries; without it, newest. */
  sort?: LogSort;
  /** Only deliveries of this time or later. ISO 8601. */
  since?: string;
  /** Only deliveries before this time. ISO 8601. */
  until?: string;
}

/** The values of `OperatorDeliveryState`. */
export const operatorDeliveryStates = ['pending', 'delivered', 'failed', 'skipped'] as const;
/**
 * pending: not delivered yet; delivered; failed: ended after three days; skipped: ended because the operator
 * gets no notifications now.
 */
export type OperatorDeliveryState = (typeof operatorDeliveryStates)[number];

/** A page of deliveries, the newest first unless the request says otherwise. */
export interface ListOperatorDeliveriesResponse {
  /** The deliveries. */
  deliveries: OperatorDelivery[];
  /** The cursor of the next page; absent when there are no more deliveries. */
  next_cursor?: string;
  /** Whether there may be more deliveries. */
  more: boolean;
  /**
   * Present and true when the page has fewer items than it could have, because the server examines a limited
   * number for one page: continue with next_cursor.
   */
  search_limited?: boolean;
}

/** A call of ES2+.HandleDownloadProgressInfo (SGP.22 5.3.5) to an operator. */
export interface OperatorDelivery {
  /** Number of the delivery: later deliveries have higher numbers. */
  id: number;
  /** The type of the event. */
  type: string;
  /** The event. */
  event_id?: number;
  /** The Profile. */
  iccid?: string;
  /** Whether it has arrived. */
  state: OperatorDeliveryState;
  /** How many attempts failed. */
  attempts: number;
  /** When the event happened. ISO 8601. */
  created_at: string;
  /** The next attempt; present while it is pending. ISO 8601. */
  next_attempt_at?: string;
  /** The last attempt. ISO 8601. */
  last_attempt_at?: string;
  /** The HTTP status of the last answer. */
  last_status?: number;
  /** Why the last attempt failed. */
  last_error?: string;
}

/**
 * How somebody signs in: with account_id and api_key, with a ticket, with the ticket of an invitation and the
 * password that they choose, with email and password (and account_id, if the address is in several accounts),
 * or with a passkey.
 */
export interface CreateSessionRequest {
  /** The account. */
  account_id?: string;
  /** A key of the account. */
  api_key?: string;
  /** Instead of a key: what is after # in a link to the console, or in an invitation. It works once. */
  ticket?: string;
  /** Instead of a key: the e-mail address of a person, with password. */
  email?: string;
  /** A password: at least 10 characters. */
  password?: string;
  /**
   * Instead of a key: what navigator.credentials.get gave the browser (WebAuthn) for a challenge of
   * createSignInChallenge.
   */
  passkey?: PasskeyAssertion;
}

/**
 * Instead of a key: what navigator.credentials.get gave the browser (WebAuthn) for a challenge of
 * createSignInChallenge.
 */
export interface PasskeyAssertion {
  /** id of the credential. In base64url. */
  credential_id: string;
  /** clientDataJSON. In base64url. */
  client_data: string;
  /** authenticatorData. In base64url. */
  authenticator_data: string;
  /** signature. In base64url. */
  signature: string;
}

/** Who calls, and what they may do. */
export interface Session {
  /** The account. */
  account_id: string;
  /** Who has signed in; absent: the session was started with a key. */
  person?: SessionPerson;
  /**
   * A name for what somebody may do: viewer is read; support is read, support, reveal, care; operator is read,
   * codes, order, support; admin is read, codes, order, support, admin; custom is any other set.
   */
  role: SessionRole;
  /** What the caller may do, with what is a part of it: care of order, and reveal of codes. */
  permissions: ApiKeyPermission[];
  /** When the session ends, however much it is used; absent: the caller has shown a key. ISO 8601. */
  expires_at?: string;
  /** Whether the server shows demo profiles. */
  demo: boolean;
  /** Whether the server sends mail. */
  mail: boolean;
  /** Whether the server has a virtual phone. */
  lab: boolean;
  /** Whether the server has a mail server. */
  sends_mail: boolean;
}

/** Who has signed in; absent: the session was started with a key. */
export interface SessionPerson {
  /** The id of the person. */
  id: string;
  /** What others call the person. */
  name: string;
  /** The e-mail address. */
  email: string;
}

/** The values of `SessionRole`. */
export const sessionRoles = ['viewer', 'support', 'operator', 'admin', 'custom'] as const;
/**
 * A name for what somebody may do: viewer is read; support is read, support, reveal, care; operator is read,
 * codes, order, support; admin is read, codes, order, support, admin; custom is any other set.
 */
export type SessionRole = (typeof sessionRoles)[number];

/**
 * What a browser needs to ask for a passkey (rpId and challenge of WebAuthn). User verification is required.
 */
export interface PasskeyChallenge {
  /** What the passkey signs, once. In base64url. */
  challenge: string;
  /** The domain of the console, to which passkeys are bound. */
  rp_id: string;
  /** When the challenge ends. ISO 8601. */
  expires_at: string;
}

/** The ways to sign in, next to keys and passwords. */
export interface SignInOptions {
  /** Whether people can sign in with passkeys. */
  passkeys: boolean;
  /** The OpenID provider; absent: the server has none. */
  openid?: OpenIdOption;
}

/** The OpenID provider; absent: the server has none. */
export interface OpenIdOption {
  /** What people call the provider. */
  name: string;
  /** The page that leads a browser to the provider. */
  path: string;
  /** The page that leads it there to sign out. */
  sign_out_path: string;
}

/** The texts of the mail of the account. */
export interface ListMailTemplatesResponse {
  /** How many templates there are. */
  total: number;
  /** The templates, by kind and language. */
  mail_templates: MailTemplate[];
}

/** The text of a kind of mail in one language. */
export interface MailTemplate extends MailPreview {
  /** A kind of mail. */
  kind: MailKind;
  /** What the mail is for. */
  about: string;
  /** The language. */
  language: string;
  /** true: you wrote it; false: it is the text of the server. */
  is_own: boolean;
  /** When you wrote it. ISO 8601. */
  changed_at?: string;
  /** What the template can name. */
  placeholders: MailPlaceholder[];
}

/** A mail with example values in the places of its placeholders. */
export interface MailPreview {
  /** The subject. */
  subject: string;
  /** The plain text. */
  text: string;
  /** The text in HTML; absent when there is none. */
  html?: string;
}

/** The values of `MailKind`. */
export const mailKinds = [
  'test',
  'invitation',
  'webhook_disabled',
  'low_stock',
  'core_network_failing',
  'help_requested',
  'install_link',
  'certificate_expiry',
] as const;
/** A kind of mail. */
export type MailKind = (typeof mailKinds)[number];

/** What the templates of a kind can name. */
export interface MailPlaceholder {
  /** Its name: {{name}} is replaced. */
  name: string;
  /** What it is replaced with. */
  about: string;
  /** The value that a preview has. */
  example: string;
}

/** A mail in your own words. */
export interface PutMailTemplateRequest {
  /** The subject, with placeholders such as {{account}}. */
  subject: string;
  /** The plain text, with placeholders. */
  text: string;
  /** The text in HTML, with placeholders; without it, the mail has the plain text only. */
  html?: string;
}

/** What to preview; members that are absent are those of the template in use. */
export interface PreviewMailTemplateRequest {
  /** The subject, with placeholders such as {{account}}. */
  subject?: string;
  /** The plain text, with placeholders. */
  text?: string;
  /** The text in HTML, with placeholders; without it, the mail has the plain text only. */
  html?: string;
}

/** Which deliveries a page has; their times are those of created_at. */
export interface MailDeliveriesQuery {
  /** Only deliveries in this state. */
  state?: MailDeliveryState;
  /**
   * next_cursor of the previous page, with the same filters and sort, or the id of a delivery (not with since
   * or until); without it, the first page.
   */
  cursor?: string;
  /** How many items the answer has at most. 1 to 1000; default 100. */
  count?: number;
  /**
   * Only deliveries of these types, separated by commas: some of test, invitation, webhook_disabled, low_stock,
   * core_network_failing, help_requested, install_link, certificate_expiry.
   */
  types?: string;
  /** The order of the deliveries; without it, newest. */
  sort?: LogSort;
  /** Only deliveries of this time or later. ISO 8601. */
  since?: string;
  /** Only deliveries before this time. ISO 8601. */
  until?: string;
}

/** A page of deliveries, the newest first unless the request says otherwise. */
export interface ListMailDeliveriesResponse {
  /** The deliveries. */
  deliveries: MailDelivery[];
  /** The cursor of the next page; absent when there are no more deliveries. */
  next_cursor?: string;
  /** Whether there may be more deliveries. */
  more: boolean;
  /**
   * Present and true when the page has fewer items than it could have, because the server examines a limited
   * number for one page: continue with next_cursor.
   */
  search_limited?: boolean;
}

/** A mail. It has no link and no code: the text is built when it is sent. */
export interface MailDelivery {
  /** Number of the delivery: later deliveries have higher numbers. */
  id: number;
  /** The kind of mail. */
  type: string;
  /** The Profile that it is about. */
  iccid?: string;
  /** Whether the mail server has accepted it. */
  state: MailDeliveryState;
  /** How many attempts failed. */
  attempts: number;
  /** When the mail was requested. ISO 8601. */
  created_at: string;
  /** The next attempt; present while it is pending. ISO 8601. */
  next_attempt_at?: string;
  /** The last attempt. ISO 8601. */
  last_attempt_at?: string;
  /** The SMTP code of the last answer. */
  last_status?: number;
  /** Why the last attempt failed. */
  last_error?: string;
  /** The mail address. */
  to: string;
  /** The language of the mail. */
  language: string;
}

/** Who gets a test mail. */
export interface SendTestMailRequest {
  /** A mail address. */
  to: string;
  /** The language; without it, English. */
  language?: string;
}

/** The sessions of the caller. */
export interface ListSessionsResponse {
  /** The sessions, the newest first. */
  sessions: OwnSession[];
}

/** A session of the caller. */
export interface OwnSession {
  /** 16 hexadecimal digits. */
  id: string;
  /** When you signed in. ISO 8601. */
  created_at: string;
  /** The last use, to the minute. ISO 8601. */
  last_used_at: string;
  /** When it ends, however much it is used. ISO 8601. */
  expires_at: string;
  /** The IP address that signed in. */
  address?: string;
  /** What the browser calls itself. */
  user_agent?: string;
  /** Whether this request uses it. */
  current: boolean;
}

/** The password that you have, and the one that you want. */
export interface ChangePasswordRequest {
  /** The password that you have. */
  password: string;
  /** A password: at least 10 characters. */
  new_password: string;
}

/** The passkeys of a person. */
export interface ListPasskeysResponse {
  /** The passkeys, the oldest first. */
  passkeys: Passkey[];
}

/** A passkey, with which a person signs in. */
export interface Passkey {
  /** passkey- and 16 hexadecimal digits. */
  id: string;
  /** The name that the person chose. */
  name: string;
  /** When it was created. ISO 8601. */
  created_at: string;
  /** When somebody signed in with it last; absent: never. ISO 8601. */
  last_used_at?: string;
}

/** What a browser needs to create a passkey. */
export interface NewPasskeyChallenge extends PasskeyChallenge {
  /** For whom the passkey is. */
  user: PasskeyUser;
  /** The credentials that the person has: their devices need no other one. In base64url. */
  exclude: string[];
}

/** For whom the passkey is. */
export interface PasskeyUser {
  /** A handle of the person for the device. In base64url. */
  id: string;
  /** The e-mail address. */
  name: string;
  /** What others call the person. */
  display_name: string;
}

/** What navigator.credentials.create gave the browser (WebAuthn), and a name. */
export interface CreatePasskeyRequest {
  /** A name for it, such as that of the device. */
  name: string;
  /** id of the credential. In base64url. */
  credential_id: string;
  /** clientDataJSON. In base64url. */
  client_data: string;
  /** attestationObject. In base64url. */
  attestation_object: string;
  /** How the browser reaches the device. */
  transports?: string[];
}

/** The people of the account. */
export interface ListPeopleResponse {
  /** The people, by e-mail address. */
  people: Person[];
}

/** Somebody who signs in to the console. */
export interface Person {
  /** person- and 16 hexadecimal digits. */
  id: string;
  /** What others call the person. */
  name: string;
  /** The e-mail address, in lower case. */
  email: string;
  /**
   * What a person may do: viewer is read; support is read, support, reveal, care; operator is read, codes,
   * order, support; admin is read, codes, order, support, admin.
   */
  role: PersonRole;
  /** invited: has no password yet; active: can sign in; disabled: cannot. */
  state: 'invited' | 'active' | 'disabled';
  /** When the person was invited first. ISO 8601. */
  created_at: string;
  /** The last time that the person signed in; absent: never. ISO 8601. */
  signed_in_at?: string;
}

/** The values of `PersonRole`. */
export const personRoles = ['viewer', 'support', 'operator', 'admin'] as const;
/**
 * What a person may do: viewer is read; support is read, support, reveal, care; operator is read, codes,
 * order, support; admin is read, codes, order, support, admin.
 */
export type PersonRole = (typeof personRoles)[number];

/** A person to invite. */
export interface CreatePersonRequest {
  /** What others call the person. */
  name: string;
  /** The e-mail address, with which the person signs in. Upper and lower case are the same. */
  email: string;
  /**
   * What a person may do: viewer is read; support is read, support, reveal, care; operator is read, codes,
   * order, support; admin is read, codes, order, support, admin.
   */
  role: PersonRole;
}

/** A person, and an invitation to sign in. */
export interface InvitedPerson extends Person {
  /** An invitation that works once. It is shown once: send it to the person. */
  invitation: Invitation;
}

/** An invitation that works once. It is shown once: send it to the person. */
export interface Invitation {
  /** With it, and a password, the person signs in for the first time. */
  ticket: string;
  /** The page of the console that takes the ticket, with it. */
  path: string;
  /** When the invitation ends. ISO 8601. */
  expires_at: string;
}

/** What to change of a person. */
export interface UpdatePersonRequest {
  /** What others call the person. */
  name?: string;
  /**
   * What a person may do: viewer is read; support is read, support, reveal, care; operator is read, codes,
   * order, support; admin is read, codes, order, support, admin.
   */
  role?: PersonRole;
  /** Whether the person can no longer sign in. */
  disabled?: boolean;
}

/** How to mail an invitation. */
export interface MailInvitationRequest {
  /** The language; without it, English. */
  language?: string;
}

/** Who gets alerts of the account by mail. */
export interface ListMailRecipientsResponse {
  /** How many recipients there are. */
  total: number;
  /** The recipients, by address. */
  mail_recipients: MailRecipient[];
}

/** Somebody who gets alerts of the account by mail. */
export interface MailRecipient {
  /** The mail address. */
  address: string;
  /** The alerts that the recipient gets. */
  kinds: AlertKind[];
  /** The language of the mails. */
  language: string;
  /** When the recipient was created. ISO 8601. */
  created_at: string;
}

/** The values of `AlertKind`. */
export const alertKinds = [
  'webhook_disabled',
  'low_stock',
  'core_network_failing',
  'help_requested',
] as const;
/** A kind of alert. */
export type AlertKind = (typeof alertKinds)[number];

/** Which alerts a recipient gets. */
export interface PutMailRecipientRequest {
  /** The alerts that the recipient gets; without it, all. */
  kinds?: AlertKind[];
  /** The language of the mails; without it, English. */
  language?: string;
}

/** The server. */
export interface StatusResponse {
  /** The name of the program. */
  name: string;
  /** Its version. */
  version: string;
  /** The server works. */
  status: 'ok';
  /** The SM-DP+ address in activation codes. */
  smdp_address: string;
  /** The SGP.22 version that the SM-DP+ announces, such as 2.5.0. */
  sgp22_version: string;
  /** Log lines since the start that were lost, because stderr was not read. */
  log_lines_dropped: number;
  /** The certificates that the server uses: its own, and those of the CIs that it trusts. */
  certificates: CertificateStatus[];
  /** Rows of the database that could not be read since the start and were skipped; the log names them. */
  unreadable_rows: number;
}

/** A certificate that the server uses. */
export interface CertificateStatus {
  /** What it is for. */
  role: 'ci' | 'dp-auth' | 'dp-pb' | 'dp-tls';
  /** Its common name. */
  subject: string;
  /** P-256 or brainpoolP256r1. */
  curve: string;
  /** When it expires. ISO 8601. */
  expires_at: string;
  /** Whole days until it expires; negative after that. */
  days_left: number;
}

/** Which downloads are counted. */
export interface OverviewQuery {
  /** Count downloads from this time on; without it, from 7 days before until. ISO 8601. */
  since?: string;
  /** Count downloads before this time; without it, up to now. ISO 8601. */
  until?: string;
  /** How long a period is; without it, a day. */
  by?: OverviewPeriod;
}

/** The values of `OverviewPeriod`. */
export const overviewPeriods = ['hour', 'day'] as const;
/** How long a period is: an hour or 24 hours. */
export type OverviewPeriod = (typeof overviewPeriods)[number];

/** The account in numbers. */
export interface OverviewResponse {
  /** How many Profiles there are. */
  profiles: {
    /** All Profiles of the account. */
    total: number;
    /** How many of them are in which state. */
    states: ProfileStateCounts;
  };
  /** At most 100 types: those whose stock is low first, then by name. */
  types: OverviewType[];
  /** Present and true when there are more types: the list of types has them. */
  more_types?: boolean;
  /** How downloads ended. */
  downloads: OverviewDownloads;
  /** Webhooks and operators that are disabled, that fail, or for which messages wait longer than 5 minutes. */
  late_deliveries: LateDelivery[];
  /**
   * What expires within 30 days or has expired, the first to expire first. Upstreams and keys need the
   * permission admin.
   */
  expiring: Expiring[];
}

/** A type of Profiles, and whether its stock is low. */
export interface OverviewType extends ProfileType {
  /** Whether no more are AVAILABLE than low_stock_at; without one, whether nothing is left. */
  is_low: boolean;
}

/** How downloads ended. */
export interface OverviewDownloads {
  /** Where the first period begins. ISO 8601. */
  since: string;
  /** Where the last period ends. ISO 8601. */
  until: string;
  /** How long a period is. */
  by: OverviewPeriod;
  /** Present when there were too many: earlier ends of downloads are not counted. ISO 8601. */
  counted_since?: string;
  /** Profiles that were installed. */
  succeeded: number;
  /** Downloads that failed or were refused. */
  failed: number;
  /** The periods in which a download ended, in their order. */
  periods: DownloadPeriod[];
  /** Why downloads failed, the most frequent first. */
  reasons: {
    /** Why. */
    reason: StateReason;
    /** How many failed for this reason. */
    count: number;
  }[];
}

/** How downloads ended in a period. */
export interface DownloadPeriod {
  /** When the period begins. ISO 8601. */
  starts_at: string;
  /** Profiles that were installed. */
  succeeded: number;
  /** Downloads that failed or were refused. */
  failed: number;
}

/** A receiver of messages that does not get them. */
export interface LateDelivery {
  /** What it is. */
  kind: 'webhook' | 'operator';
  /** The id of the webhook, or the name of the operator. */
  target: string;
  /** How many messages wait for it, up to 1000. */
  waiting: number;
  /** Since when the oldest of them waits. ISO 8601. */
  waiting_since?: string;
  /** When the first attempt since the last success failed. ISO 8601. */
  failing_since?: string;
  /** Present and true when it is disabled. */
  disabled?: boolean;
}

/** Something that expires soon, or has expired. */
export interface Expiring {
  /** A certificate of the server, the client certificate for an upstream, or an API key. */
  kind: 'certificate' | 'upstream' | 'key';
  /** Its role and name, the name of the upstream, or the name or id of the key. */
  name: string;
  /** When it expires. ISO 8601. */
  expires_at: string;
}

/** The health of the process. */
export interface HealthResponse {
  /** The process answers. */
  status: 'ok';
}

/** The server can serve. */
export interface ReadinessResponse {
  /** The server can serve. */
  status: 'ready';
}

/** The accounts of the server, the newest 10,000. */
export interface ListAccountsResponse {
  /** The accounts, the oldest first. */
  accounts: Account[];
}

/** An account of the server: who owns profiles. */
export interface Account {
  /** Its id, which calls send as x-user-id. */
  account_id: string;
  /** A name for people. */
  name: string;
  /** When it was created. ISO 8601. */
  created_at: string;
}

/** An account to create; without account_id, the server generates one. */
export interface CreateAccountRequest {
  /** A name for people. */
  name: string;
  /** Its id, which calls send as x-user-id. */
  account_id?: string;
}

/** An account and its first key. */
export interface NewAccount {
  /** Its id, which calls send as x-user-id. */
  account_id: string;
  /** A name for people. */
  name: string;
  /** When it was created. ISO 8601. */
  created_at: string;
  /** Its first key, which may do everything in it: it is shown once. */
  api_key: string;
}

/** The phone of the lab. */
export interface LabPhone {
  /** The EID of its eUICC. */
  eid: string;
  /** Octets that profiles do not use. */
  free_memory: number;
  /** The profiles on it. */
  profiles: LabProfile[];
  /** Notifications that no server has yet. */
  notifications: number;
  /** The download in progress. */
  download?: LabDownload;
  /** The id of its last event. */
  last_event: number;
}

/** A profile on the phone of the lab. */
export interface LabProfile {
  /** 19 or 20 digits. */
  iccid: string;
  /** Whether the phone uses it. */
  state: 'enabled' | 'disabled';
  /** The name that the phone shows. */
  profile_name: string;
  /** Who offers it. */
  service_provider_name: string;
  /** test, provisioning or operational. */
  profile_class: string;
  /** Its icon as a data URL. */
  icon?: string;
}

/** A download on the phone of the lab. Its events show how it continues. */
export interface LabDownload {
  /** Its number in the process that runs the phone. */
  id: string;
  /** When it started. ISO 8601. */
  started_at: string;
  /** What the phone asks its user. */
  question?: LabQuestion;
}

/** What the phone asks its user. */
export interface LabQuestion {
  /** What the user must say. */
  kind: 'consent' | 'confirmation_code';
  /** The name of the profile; empty for a confirmation code. */
  profile_name: string;
  /** Who offers it; empty likewise. */
  service_provider_name: string;
  /** Its icon as a data URL. */
  icon?: string;
  /** What its policy rules will forbid, in words. */
  rules: string[];
  /** Whether the confirmation code before was wrong. */
  again: boolean;
}

/** A download to start. */
export interface LabDownloadRequest {
  /** The activation code, or an installation link; without it the phone asks its default SM-DP+. */
  activation_code?: string;
  /** What the phone does wrong: see listLabFaults. */
  fault?: string;
}

/** What the user says. */
export interface LabAnswer {
  /** Whether the download may continue. */
  agrees: boolean;
  /** The code that the user has from the operator. */
  confirmation_code?: string;
}

/** Which events. */
export interface LabEventsQuery {
  /** Only events after the one with this id. */
  after?: number;
}

/** What happened on the phone of the lab. Only the last events are kept. */
export interface LabEvents {
  /** The events, the oldest first. */
  events: LabEvent[];
}

/** Something that happened on the phone of the lab. */
export interface LabEvent {
  /** Rises by one with each event of the process. */
  id: number;
  /** What happened; the member of the same name says more. */
  type: 'download.started' | 'step' | 'call' | 'question' | 'download.ended' | 'phone.changed';
  /** When. ISO 8601. */
  at: string;
  /** Its number in the process that runs the phone. */
  download_id?: string;
  /** The step that is done. */
  step?: LabStep;
  /** The call that has ended. */
  call?: LabCallSummary;
  /** What the phone asks its user. */
  question?: LabQuestion;
  /** How the download ended. */
  end?: LabEnd;
}

/** A step of the LPA that is done. */
export interface LabStep {
  /** The step of the LPA. */
  name: string;
  /** What happened, in words. */
  text: string;
  /** The session at the SM-DP+. */
  transaction_id?: string;
}

/** A call of the LPA. */
export interface LabCallSummary {
  /** Its number in the process that runs the phone. */
  id: string;
  /** Which of the two the LPA called. */
  to: 'euicc' | 'smdp';
  /** The function of ES10 or ES9+. */
  function: string;
  /** What the call is for, in words. */
  about: string;
  /** How it ended. */
  outcome: 'done' | 'refused' | 'failed';
  /** The subject code of a refusal. */
  subject_code?: string;
  /** The reason code of a refusal. */
  reason_code?: string;
  /** What a refusal or an error means. */
  message?: string;
  /** Octets of the request. */
  sent: number;
  /** Octets of the answer. */
  received: number;
  /** How many commands it took: a package is loaded in many. */
  parts: number;
}

/** The end of a download. */
export interface LabEnd {
  /** How the download ended. */
  outcome: 'installed' | 'declined' | 'refused' | 'failed';
  /** In words. */
  message: string;
  /** What to do about it. */
  advice?: string;
  /** 19 or 20 digits. */
  iccid?: string;
  /** The step at which it ended. */
  step?: string;
  /** The subject code of a refusal. */
  subject_code?: string;
  /** The reason code of a refusal. */
  reason_code?: string;
  /** The session at the SM-DP+, whose download attempt has every check. */
  transaction_id?: string;
}

/** A call of the LPA with what it carried. */
export interface LabCall {
  /** The call. */
  call: LabCallSummary;
  /** What the LPA sent. */
  request: LabMessage;
  /** What came back; absent: nothing did. */
  answer?: LabMessage;
}

/** One message of a call. */
export interface LabMessage {
  /** What it carries, in words, a line for each part; secrets are hidden. */
  explained: string;
  /** Its octets: hexadecimal for the eUICC, JSON for an SM-DP+. */
  octets: string;
  /** Whether the octets are longer than what is kept. */
  is_cut: boolean;
}

/** What the phone of the lab can do wrong. */
export interface LabFaults {
  /** The faults. */
  faults: LabFault[];
}

/** Something that the phone of the lab can do wrong on request. */
export interface LabFault {
  /** Its name. */
  name: string;
  /** What the phone does wrong, in words. */
  about: string;
  /** Which part of the phone does it. */
  by: 'euicc' | 'lpa';
  /** The function of ES9+ at which the server can see it. */
  step: string;
  /** Subject and reason code of the refusal; any, if the specification names none. */
  refused?: string;
}

/** The body of every error answer: RFC 9457, with the members message and statusCode of the first API. */
export interface Problem {
  /** about:blank. */
  type: string;
  /** The HTTP status in words. */
  title: string;
  /** The HTTP status. */
  status: number;
  /** What happened, why, and what to do. */
  detail: string;
  /** The path of the request. */
  instance: string;
  /** The same sentence as detail. */
  message: string;
  /** The same number as status. */
  statusCode: number;
  /** A stable word for programs, such as invalid_iccid. */
  code: ProblemCode;
  /** x-request-id of the answer: quote it when you report a fault. */
  request_id: string;
  /** The members of the request that are not valid. */
  errors?: ProblemField[];
}

/** A message to a webhook. */
export type WebhookMessage =
  | ProfileWebhookMessage
  | StockWebhookMessage
  | AnchorWebhookMessage
  | TestWebhookMessage;

/** What a webhook receives when something happened to a Profile. It has no activation code and no key. */
export interface ProfileWebhookMessage {
  /** What happened. */
  type: ProfileEventType;
  /** When it happened. ISO 8601. */
  timestamp: string;
  /** The event, and the state that it led to. */
  data: ProfileEventData;
}

/** The event, and the state that it led to. */
export interface ProfileEventData extends ProfileEvent {
  /** The state of the Profile after the event. */
  state: EUICCProfileState;
}

/** The stock of a type of Profiles has fallen to its limit (PATCH /profile-types). */
export interface StockWebhookMessage {
  /** Always this type. */
  type: 'stock.low';
  /** When the server noticed it. ISO 8601. */
  timestamp: string;
  /** The stock and its limit. */
  data: {
    /** The type of the Profiles. */
    profile_type: string;
    /** How many of them were AVAILABLE. */
    available: number;
    /** The limit of the type. */
    low_stock_at: number;
  };
}

/**
 * The heads of the logs of the account were signed. Who keeps the line can find out later that somebody has
 * changed the logs (`esim audit verify --anchors`).
 */
export interface AnchorWebhookMessage {
  /** Always this type. */
  type: 'log.anchored';
  /** When it was signed. ISO 8601. */
  timestamp: string;
  /** What was signed. */
  data: {
    /**
     * The anchor, one line of JSON: append it to a file of yours as it is. `anchor` has the heads of the audit
     * log and of the events of the account; `signature` is ECDSA on P-256 over the octets of `anchor`, in base64.
     */
    line: string;
  };
}

/** What a test of a webhook sends. */
export interface TestWebhookMessage {
  /** Always this type. */
  type: 'webhook.test';
  /** When the test was requested. ISO 8601. */
  timestamp: string;
  /** The webhook that is tested. */
  data: {
    /** The id of the webhook. */
    webhook_id: string;
  };
}
