/**
 * The REST API's messages, field for field as they stand on the wire.
 * Members that the API's first document does not list are optional, so that its example objects still type-check.
 */

/** Where a Profile stands, from the stock (AVAILABLE) to the device and off it again. */
export type EUICCProfileState =
  | 'AVAILABLE'
  | 'ALLOCATED'
  | 'LINKED'
  | 'CONFIRMED'
  | 'RELEASED'
  | 'DOWNLOADED'
  | 'INSTALLED'
  | 'ENABLED'
  | 'DISABLED'
  | 'DELETED'
  | 'ERROR'
  | 'UNAVAILABLE';

/** Who may download a Profile again after it left its device: the rule for the EID, then for the MatchingID. */
export type ReuseType = 'NEVER' | 'SAME_EID_MID' | 'SAME_EID' | 'SAME_MID' | 'NEW_EID' | 'NEW_EID_MID';

/** Under which keys a package travels: keys of its own, drawn when it was stocked (PPK), or those of each session. */
export type ProfileProtection = 'ppk' | 'session_keys';

/** What Profiles are for (SGP.22 ProfileClass). */
export type ProfileClass = 'test' | 'provisioning' | 'operational';

/** Policy rules: `ppr1` forbids to disable the Profile, `ppr2` to delete it (SGP.22 2.9). */
export type ProfilePolicyRule = 'ppr1' | 'ppr2';

/** What a device reports to the SM-DP+. */
export type NotificationEvent = 'install' | 'enable' | 'disable' | 'delete';

export interface ProfileOwner {
  /** MCC and MNC, 5 or 6 digits. */
  mcc_mnc: string;
  /** Hexadecimal digits. */
  gid1?: string;
  gid2?: string;
}

export interface ProfileReusePolicy {
  reuse_type: ReuseType;
  /** How often the Profile may go back to RELEASED in all; the same number as `maxReuseCount`. */
  max_count: number;
  maxReuseCount: number;
  /** Seconds that the Profile stays DELETED before it becomes RELEASED again. */
  cooldownPeriod: number;
}

/** A reuse policy as one asks for it: either name of the count will do; if both are there, they must agree. */
export interface ProfileReusePolicyRequest {
  reuse_type: ReuseType;
  max_count?: number;
  maxReuseCount?: number;
  /** Seconds; 0 unless given. */
  cooldownPeriod?: number;
}

/** Why a Profile is in ERROR, as the specification's subject and reason codes (SGP.22 5.2.6). */
export interface StateReason {
  /** Dotted decimal, such as `8.1`. */
  subject_code: string;
  /** Dotted decimal, such as `6.1`. */
  reason_code: string;
  /** The same in words. */
  message: string;
}

/** Addresses that open the installation on the device itself. They carry the activation code: treat them as secrets. */
export interface InstallLinks {
  /** iOS 17.4 and later. */
  apple: string;
  android: string;
  /** Windows 11 24H2 and later. */
  windows: string;
}

/** What a QR code holds, and the addresses that do without one. Both are secrets. */
export interface ActivationCodeResponse {
  /** `LPA:1$…` */
  activation_code: string;
  install_links: InstallLinks;
}

export interface GetEUICCProfileResponse {
  /** 19 or 20 decimal digits. */
  iccid: string;
  imsi: string;
  state: EUICCProfileState;
  /** Unix seconds of the last change of state. */
  last_operation_date: number;
  /** The same as ISO 8601, in UTC. */
  last_operation_at?: string;
  /** `LPA:1$…`, or empty while there is none (not ordered yet, or a default SM-DP+ order). */
  activation_code: string;
  /** How often the Profile may still go back to RELEASED after it left a device. */
  reuse_remaining_count?: number;
  reuse_enabled?: boolean;
  profile_reuse_policy?: ProfileReusePolicy;
  /** Unix seconds. */
  release_date?: number;
  /** The same as ISO 8601, in UTC. */
  released_at?: string;
  /** Whether the user has to type a confirmation code. */
  cc_required?: boolean;
  /** Confirmation-code attempts left; absent when no code is required. */
  cc_retries?: number;
  /** The eUICC that the Profile is linked to, bound to or installed on. */
  eid?: string;
  /** Set in the state ERROR; of a reusable order, how the last download failed. */
  state_reason?: StateReason;
  /** The state in a sentence. */
  state_message?: string;
  /** The SM-DP+ that serves the download: a host, in labs with a port. */
  smdp_address?: string;
  /** The MatchingID of the order; empty for a default SM-DP+ order. */
  matching_id?: string;
  profile_type?: string;
  service_provider_name?: string;
  profile_name?: string;
  profile_class?: ProfileClass;
  protection?: ProfileProtection;
  /** There when the Profile has an icon. */
  icon_type?: 'jpeg' | 'png';
  profile_policy_rules?: ProfilePolicyRule[];
  profile_owner?: ProfileOwner;
  notification_events?: NotificationEvent[];
  /** ISO 8601. */
  order_expires_at?: string;
  download_attempts_left?: number;
  /** Whether the order stays RELEASED whatever happens to its downloads. */
  reusable?: boolean;
  /** Of a reusable order: what the last device reported. */
  device_state?: 'INSTALLED' | 'ENABLED' | 'DISABLED' | 'DELETED';
  /** There when `activation_code` is. */
  install_links?: InstallLinks;
  /** ISO 8601: the last notification from the device. */
  last_notification_at?: string;
}

export interface ListEUICCProfilesQuery {
  /** How many Profiles to answer at most. */
  count?: number;
  /** How many to skip: with one state or none, and no other filter. */
  offset?: number;
  /** `next_cursor` of the page before, with the same filters and `sort`; empty for the first page. */
  cursor?: string;
  /** Only Profiles in this state, or in one of these, with commas between them. */
  state?: string;
  /** Only those that are linked to, bound to or installed on this eUICC. */
  eid?: string;
  imsi?: string;
  profile_type?: string;
  /** ISO 8601: only those whose state changed then or later. */
  changed_since?: string;
  /** How the ICCID begins, if it begins with 8, as ICCIDs do; else how the IMSI begins. */
  text?: string;
  /** With `-` the last one first. */
  sort?: 'iccid' | '-iccid' | 'last_operation_date' | '-last_operation_date';
}

export interface ListEUICCProfilesResponse {
  /** How many Profiles the question has in all; only where there is neither a cursor nor a filter but one state. */
  total?: number;
  /** How many the answer may hold at most, as asked or the server's default. */
  count: number;
  /** Where there is a total. */
  offset?: number;
  /** There as long as there may be more, also where a page has few Profiles or none. */
  next_cursor?: string;
  euicc_profiles: GetEUICCProfileResponse[];
}

/** What a Profile Package is built from. */
export interface ProfileParameters {
  /** 19 or 20 decimal digits. */
  iccid: string;
  /** 6 to 15 decimal digits. */
  imsi: string;
  /** 32 or 64 hexadecimal digits. */
  ki: string;
  /** OPc (Milenage) or TOPc (TUAK), 32 or 64 hexadecimal digits. */
  opc: string;
  /** `milenage` unless given. */
  algorithm?: 'milenage' | 'tuak' | 'test';
  pin1?: string;
  pin2?: string;
  puk1?: string;
  puk2?: string;
  adm1?: string;
  service_provider_name?: string;
  /** How many digits of the IMSI after the first three are the network code. */
  mnc_length?: 2 | 3;
  msisdn?: string;
  /** The number of the short-message centre. */
  smsc?: string;
}

/** What users and devices get to know of a Profile before it is installed. */
export interface ProfileLabels {
  service_provider_name?: string;
  profile_name?: string;
  profile_class?: ProfileClass;
  /** The operator's name for this kind of Profile. */
  profile_type?: string;
  /** PNG or JPEG of at most 1024 bytes in base64. */
  icon?: string;
  /** They need a `profile_owner`: whose rules they are decides whether a device takes them. */
  profile_policy_rules?: ProfilePolicyRule[];
  profile_owner?: ProfileOwner;
  /** All four unless given. */
  notification_events?: NotificationEvent[];
}

export interface ImportEUICCProfileRequest extends ProfileLabels {
  /** An unprotected Profile Package (TCA, DER) in base64. */
  profile_package: string;
  /** `ppk` unless given. */
  protection?: ProfileProtection;
}

export interface BuildEUICCProfileRequest extends ProfileLabels {
  parameters: ProfileParameters;
  /** The package is built anew for each download. */
  protection?: 'session_keys';
}

/** A Profile to stock: a finished package, or the parameters to build one from. */
export type CreateEUICCProfileRequest = ImportEUICCProfileRequest | BuildEUICCProfileRequest;

/** What an order can be asked to be. */
export interface OrderTerms {
  /** 32 decimal digits; without it, the first eUICC that downloads keeps the Profile. */
  eid?: string;
  /** Drawn by the server unless given; empty for a default SM-DP+ order, which needs an `eid`. */
  matching_id?: string;
  confirmation_code?: string;
  profile_reuse_policy?: ProfileReusePolicyRequest;
  /** ISO 8601, at most ten years ahead; without it, the order never expires. */
  expires_at?: string;
  /** For labs and test profiles: any number of downloads, cancels and errors leave the order RELEASED. */
  reusable?: boolean;
}

export interface ConfirmEUICCProfileRequest extends OrderTerms {
  /** Whether the Profile may be downloaded at once; true unless given. */
  release?: boolean;
}

export interface OrderEUICCProfileRequest extends ConfirmEUICCProfileRequest {
  /** `false`: the Profile is only reserved, for an `eid` or for any; the rest is said by `confirmEUICCProfile`. */
  confirm?: boolean;
}

export interface CancelEUICCProfileRequest {
  /** AVAILABLE unless given. */
  final_state?: 'AVAILABLE' | 'UNAVAILABLE';
}

export interface UpdateEUICCProfileRequest extends ProfileLabels {
  /** ISO 8601; `null`: the order never expires. */
  expires_at?: string | null;
  download_attempts?: number;
  /** `null`: none is asked for any more. */
  confirmation_code?: string | null;
}

/** An order of any Profile of a type, with the terms of `OrderEUICCProfileRequest`. */
export interface OrderEUICCProfileOfTypeRequest extends OrderEUICCProfileRequest {
  profile_type: string;
}

/** How many Profiles of a type the account has, by state; states without any are left out. */
export interface ProfileType {
  profile_type: string;
  total: number;
  states: { [state in EUICCProfileState]?: number };
  /** Of a type with a template: how many more can be made, at most. */
  template_free_numbers?: number;
}

export interface ListProfileTypesResponse {
  total: number;
  profile_types: ProfileType[];
}

/** Every error answer: RFC 9457 (`type title status detail instance`) and the API's own `message` and `statusCode`. */
export interface ApiProblem {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  /** The same sentence as `detail`. */
  message: string;
  /** The same number as `status`. */
  statusCode: number;
  /** A stable word for programs, such as `invalid_iccid`. */
  code: string;
  request_id: string;
  /** What is wrong with which member of the request. */
  errors?: ProblemField[];
}

export interface ProblemField {
  /** A JSON pointer into the body (`/parameters/ki`), or the name of a path or query parameter. */
  field: string;
  message: string;
}

/** `GET /api/v1/status`: needs no key. */
export interface StatusResponse {
  name: string;
  version: string;
  status: 'ok';
  /** The address that stands in activation codes. */
  smdp_address: string;
  /** The SGP.22 version that the SM-DP+ announces, such as `2.5.0`. */
  sgp22_version: string;
}
