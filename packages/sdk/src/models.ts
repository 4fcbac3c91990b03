// Generated from the shapes of the REST API: change those, and run `npm run generate`.

/** A Profile. */
export interface GetEUICCProfileResponse {
  /** 19 or 20 decimal digits. */
  iccid: string;
  /** International Mobile Subscriber Identity: 6 to 15 decimal digits. */
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
  /** Confirmation-code attempts that are left; absent when no code is required. */
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
  /** The SM-DP+ that serves the download: a host, in labs with a port. */
  smdp_address?: string;
  /** The MatchingID of the order; empty for a default SM-DP+. */
  matching_id?: string;
  /** Your name for this type of Profile. */
  profile_type?: string;
  /** The provider that the device shows. */
  service_provider_name?: string;
  /** The name that the device shows. */
  profile_name?: string;
  /** What the Profile is for. */
  profile_class?: ProfileClass;
  /** The format of the icon; absent when there is none. */
  icon_type?: 'jpeg' | 'png';
  /** Policy rules; absent when there are none. */
  profile_policy_rules?: ProfilePolicyRule[];
  /** The owner of the policy rules. */
  profile_owner?: ProfileOwner;
  /** The events that the device reports. */
  notification_events?: NotificationEvent[];
  /** The keys that protect the package. */
  protection?: ProfileProtection;
  /** When the order expires; absent: never. ISO 8601. */
  order_expires_at?: string;
  /** How often the download may still be started. */
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
   * Present when the key lacks the permission codes: activation_code is empty, and matching_id and
   * install_links are absent.
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
   * profile.cancelled, profile.retired, profile.reset, profile.updated, profile.purged.
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
] as const;
/** What can happen to a Profile. */
export type ProfileEventType = (typeof profileEventTypes)[number];

/** Who did something. */
export interface ProfileEventActor {
  /** user: with a key of the REST API; operator: over ES2+; device: an eUICC; system: the SM-DP+ by itself. */
  kind: 'user' | 'operator' | 'device' | 'system';
  /** The EID of a device. */
  eid?: string;
  /** The id of the API key of a user. */
  key_id?: string;
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
   * The columns, separated by commas: some of iccid, state, imsi, msisdn, profile_type, service_provider_name,
   * profile_name, profile_class, eid, last_operation_at, released_at, order_expires_at, cc_required,
   * cc_retries, download_attempts_left, reuse_remaining_count, reusable, device_state, last_notification_at,
   * state_message, state_reason, protection, smdp_address, activation_code, matching_id. Without it, all but
   * activation_code and matching_id, which are secrets and need the permission codes.
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
  'payload_too_large',
  'unsupported_media_type',
  'unauthorized',
  'forbidden',
  'rate_limited',
  'no_such_path',
  'not_ready',
  'method_not_allowed',
  'delivery_not_found',
  'download_attempt_not_found',
  'key_not_found',
  'operator_not_found',
  'profile_not_found',
  'profile_type_not_found',
  'template_not_found',
  'webhook_not_found',
  'delivery_pending',
  'idempotency_key_reused',
  'imsi_in_use',
  'in_progress',
  'invalid_transition',
  'matching_id_in_use',
  'no_activation_code',
  'operator_not_notified',
  'out_of_stock',
  'own_key',
  'profile_not_available',
  'refused',
  'template_exists',
  'too_many_keys',
  'too_many_templates',
  'too_many_webhooks',
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
  /** The provider that the device shows. */
  service_provider_name?: string;
  /** The name that the device shows. */
  profile_name?: string;
  /** What the Profile is for. */
  profile_class?: ProfileClass;
  /** The format of the icon; absent when there is none. */
  icon_type?: 'jpeg' | 'png';
  /** Policy rules; absent when there are none. */
  profile_policy_rules?: ProfilePolicyRule[];
  /** The owner of the policy rules. */
  profile_owner?: ProfileOwner;
  /** The events that the device reports. */
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
   * profile.cancelled, profile.retired, profile.reset, profile.updated, profile.purged.
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
   * The id of the API key; absent: a command run on the machine of the server, an operator, or a refused
   * caller.
   */
  key_id?: string;
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
export const apiKeyPermissions = ['read', 'codes', 'order', 'support', 'admin'] as const;
/**
 * read: profiles, types, templates and events; codes: activation codes, QR codes and install links; order:
 * create, order and change profiles; support: help a customer, and read PIN and PUK; admin: keys, webhooks,
 * templates and the audit log, and read all secrets of profiles.
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
   * profile.reuse_exhausted, confirmation_code.locked.
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
   * profile.cancelled, profile.retired, profile.reset, profile.updated, profile.purged, webhook.test.
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
   * profile.cancelled, profile.retired, profile.reset, profile.updated, profile.purged.
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
export type WebhookMessage = ProfileWebhookMessage | TestWebhookMessage;

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
