import {
  type ProfileClass as ProfileClassName,
  profileClasses,
} from '@esim-rsp/sgp22/asn1/bound-profile-package';
import {
  type NotificationEventName,
  notificationEventNames,
  type PolicyRule,
  policyRules,
} from '@esim-rsp/sgp22/profile/metadata';
import {
  type AlgorithmName,
  algorithmNames,
  describeField,
  type ParameterName,
  parameterFields,
} from '@esim-rsp/sgp22/profile/parameter-fields';
import { reuseTypes } from '@esim-rsp/smdp/state/order';
import { deviceStates, profileStates, protections, stockStates } from '@esim-rsp/smdp/state/profile';
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { literals } from '../../shapes/literals.ts';
import { Time } from '../../shapes/time.ts';
import {
  activationCodeExample,
  createExample,
  orderExample,
  profileExample,
  statusExample,
} from './schema-examples.ts';

/** The JSON shapes of the REST API, once: validation, serialisation, types and OpenAPI come from here. */

export const Iccid = Type.String({
  pattern: parameterFields.iccid.pattern,
  description: parameterFields.iccid.form,
  examples: ['8900101000000000017'],
});
const Eid = Type.String({ pattern: '^[0-9]{32}$', description: '32 decimal digits' });
/** The shape of a parameter. */
function parameter(name: ParameterName) {
  const field = parameterFields[name];
  return Type.String({ pattern: field.pattern, description: describeField(field) });
}
const State = literals(profileStates, 'Where the Profile stands');
const DeviceState = literals(deviceStates, 'Of a reusable order: what the last device reported');
const ReuseType = literals(reuseTypes);
const ProfileClass = literals(Object.keys(profileClasses) as ProfileClassName[]);
const UnixSeconds = (description: string) => Type.Number({ description: `Unix seconds: ${description}` });

export const ProfileReusePolicy = Type.Object(
  {
    reuse_type: ReuseType,
    max_count: Type.Number(),
    maxReuseCount: Type.Number(),
    cooldownPeriod: Type.Number({ description: 'Seconds' }),
  },
  { $id: 'ProfileReusePolicy' },
);

const closed = { additionalProperties: false } as const;

const notificationEvents = Object.keys(notificationEventNames) as NotificationEventName[];
const PolicyRules = Type.Array(literals(Object.keys(policyRules) as PolicyRule[]), { uniqueItems: true });
const NotificationEvents = Type.Array(literals(notificationEvents), { uniqueItems: true });
const gid = Type.String({ pattern: '^([0-9A-Fa-f]{2}){0,64}$', description: 'Hexadecimal digits' });

export const ProfileOwner = Type.Object(
  {
    mcc_mnc: Type.String({ pattern: '^[0-9]{5,6}$', description: 'MCC and MNC, 5 or 6 digits' }),
    gid1: Type.Optional(gid),
    gid2: Type.Optional(gid),
  },
  { ...closed, $id: 'ProfileOwner' },
);
export type ProfileOwner = Static<typeof ProfileOwner>;

const InstallLinks = Type.Object(
  { apple: Type.String(), android: Type.String(), windows: Type.String() },
  { $id: 'InstallLinks' },
);

export const GetEUICCProfileResponse = Type.Object(
  {
    iccid: Type.String(),
    imsi: Type.String(),
    state: State,
    last_operation_date: UnixSeconds('the last change of state'),
    activation_code: Type.String({ description: 'LPA:1$…, or empty while there is none' }),
    reuse_remaining_count: Type.Optional(Type.Number()),
    reuse_enabled: Type.Optional(Type.Boolean()),
    profile_reuse_policy: Type.Optional(ProfileReusePolicy),
    release_date: Type.Optional(UnixSeconds('the release')),
    cc_required: Type.Optional(Type.Boolean()),
    cc_retries: Type.Optional(Type.Number({ description: 'Confirmation-code attempts left' })),
    last_operation_at: Type.Optional(Time('The last change of state')),
    released_at: Type.Optional(Time('The release')),
    eid: Type.Optional(Type.String()),
    state_reason: Type.Optional(
      Type.Object({ subject_code: Type.String(), reason_code: Type.String(), message: Type.String() }),
    ),
    state_message: Type.Optional(Type.String()),
    smdp_address: Type.Optional(Type.String()),
    matching_id: Type.Optional(Type.String()),
    profile_type: Type.Optional(Type.String()),
    service_provider_name: Type.Optional(Type.String()),
    profile_name: Type.Optional(Type.String()),
    profile_class: Type.Optional(ProfileClass),
    protection: Type.Optional(literals(protections, 'Keys of its own, or of each session')),
    icon_type: Type.Optional(literals(['jpeg', 'png'] as const)),
    profile_policy_rules: Type.Optional(PolicyRules),
    profile_owner: Type.Optional(ProfileOwner),
    notification_events: Type.Optional(NotificationEvents),
    order_expires_at: Type.Optional(Time('The end of the order')),
    download_attempts_left: Type.Optional(Type.Number()),
    reusable: Type.Optional(Type.Boolean()),
    device_state: Type.Optional(DeviceState),
    install_links: Type.Optional(InstallLinks),
    last_notification_at: Type.Optional(Time('The last notification from the device')),
  },
  { $id: 'GetEUICCProfileResponse', examples: [profileExample] },
);
export type GetEUICCProfileResponse = Static<typeof GetEUICCProfileResponse>;

export const Algorithm = literals(Object.keys(algorithmNames) as AlgorithmName[]);

export const ProfileParameters = Type.Object(
  {
    iccid: Iccid,
    imsi: parameter('imsi'),
    ki: parameter('ki'),
    opc: parameter('opc'),
    algorithm: Type.Optional(Algorithm),
    pin1: Type.Optional(parameter('pin1')),
    pin2: Type.Optional(parameter('pin2')),
    puk1: Type.Optional(parameter('puk1')),
    puk2: Type.Optional(parameter('puk2')),
    adm1: Type.Optional(parameter('adm1')),
    service_provider_name: Type.Optional(
      Type.String({
        maxLength: 16,
        description:
          'EF.SPN: 16 octets, which are up to 16 characters of the GSM alphabet, 13 of one other script, or 7 of several',
      }),
    ),
    mnc_length: Type.Optional(
      Type.Unsafe<2 | 3>({
        type: 'integer',
        enum: [2, 3],
        description: describeField(parameterFields.mnc_length),
      }),
    ),
    msisdn: Type.Optional(parameter('msisdn')),
    smsc: Type.Optional(parameter('smsc')),
  },
  { ...closed, $id: 'ProfileParameters' },
);

export const profileLabels = {
  service_provider_name: Type.Optional(Type.String({ maxLength: 32 })),
  profile_name: Type.Optional(Type.String({ maxLength: 64 })),
  profile_class: Type.Optional(ProfileClass),
  profile_type: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
  icon: Type.Optional(
    Type.String({
      minLength: 4,
      maxLength: 1400,
      description: 'PNG or JPEG of at most 1024 bytes in base64',
    }),
  ),
  profile_policy_rules: Type.Optional(PolicyRules),
  profile_owner: Type.Optional(ProfileOwner),
  notification_events: Type.Optional(NotificationEvents),
};

export const ImportEUICCProfileRequest = Type.Object(
  {
    /** Without a least length: counting its characters takes longer than reading it. */
    profile_package: Type.String({ description: 'Unprotected profile package in base64' }),
    protection: Type.Optional(literals(protections, 'ppk unless given')),
    ...profileLabels,
  },
  { ...closed, $id: 'ImportEUICCProfileRequest' },
);
export const BuildEUICCProfileRequest = Type.Object(
  {
    parameters: ProfileParameters,
    protection: Type.Optional(literals(['session_keys'] as const, 'It is built anew for each download')),
    ...profileLabels,
  },
  { ...closed, $id: 'BuildEUICCProfileRequest' },
);

/** Which of the two it is, is told by its members: one with neither or both fits none. */
export const CreateEUICCProfileRequest = Type.Union([ImportEUICCProfileRequest, BuildEUICCProfileRequest], {
  $id: 'CreateEUICCProfileRequest',
  examples: [createExample],
});
export type CreateEUICCProfileRequest = Static<typeof CreateEUICCProfileRequest>;

const orderTerms = {
  eid: Type.Optional(Eid),
  matching_id: Type.Optional(
    Type.String({
      pattern: '^[0-9A-Z-]{0,80}$',
      description: "Digits, upper-case letters and '-'; empty: found by EID",
    }),
  ),
  confirmation_code: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
  profile_reuse_policy: Type.Optional(
    Type.Object(
      {
        reuse_type: ReuseType,
        max_count: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
        maxReuseCount: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
        cooldownPeriod: Type.Optional(Type.Integer({ minimum: 0, maximum: 315_360_000 })),
      },
      closed,
    ),
  ),
  expires_at: Type.Optional(
    Time('When the order ends: at most ten years ahead. Without it, it never expires'),
  ),
  reusable: Type.Optional(
    Type.Boolean({ description: 'For labs: any number of downloads, and the order stays RELEASED' }),
  ),
};
export type OrderTermsRequest = Static<ReturnType<typeof Type.Object<typeof orderTerms>>>;

const Release = Type.Optional(
  Type.Boolean({ default: true, description: 'Whether the Profile may be downloaded at once' }),
);

export const OrderEUICCProfileRequest = Type.Object(
  {
    ...orderTerms,
    release: Release,
    confirm: Type.Optional(
      Type.Boolean({ default: true, description: 'false: only reserved, for an eid or for any' }),
    ),
  },
  { ...closed, $id: 'OrderEUICCProfileRequest', examples: [orderExample] },
);

export const ConfirmEUICCProfileRequest = Type.Object(
  { ...orderTerms, release: Release },
  { ...closed, $id: 'ConfirmEUICCProfileRequest', examples: [orderExample] },
);

export const CancelEUICCProfileRequest = Type.Object(
  { final_state: Type.Optional(literals(stockStates, 'AVAILABLE unless given')) },
  { ...closed, $id: 'CancelEUICCProfileRequest', examples: [{ final_state: 'AVAILABLE' }] },
);

const { profile_type, ...shown } = profileLabels;

export const UpdateEUICCProfileRequest = Type.Object(
  {
    expires_at: Type.Optional(
      Type.Union([Time('When the order ends: at most ten years ahead'), Type.Null()], {
        description: 'When the order ends; null: it never expires',
      }),
    ),
    download_attempts: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
    confirmation_code: Type.Optional(
      Type.Union([Type.String({ minLength: 1, maxLength: 128 }), Type.Null()], {
        description: 'null: none is asked for any more',
      }),
    ),
    profile_type,
    ...shown,
  },
  {
    ...closed,
    minProperties: 1,
    $id: 'UpdateEUICCProfileRequest',
    examples: [{ profile_name: 'Travel 20 GB' }],
  },
);
export type UpdateEUICCProfileRequest = Static<typeof UpdateEUICCProfileRequest>;
export type OrderEUICCProfileRequest = Static<typeof OrderEUICCProfileRequest>;

export const QrCodeQuery = Type.Object({
  format: Type.Optional(literals(['png', 'svg', 'json'] as const, 'png unless asked otherwise')),
  size: Type.Optional(Type.Integer({ minimum: 64, maximum: 2048, description: 'Pixels on each side' })),
  margin: Type.Optional(Type.Integer({ minimum: 4, maximum: 20, description: 'Modules of quiet zone' })),
  ecc: Type.Optional(literals(['L', 'M', 'Q', 'H'] as const)),
  oid: Type.Optional(literals(['1'] as const, 'Add the OID of the SM-DP+ to the code')),
  download: Type.Optional(literals(['1'] as const, 'Answer as a file to save')),
});
export type QrCodeQuery = Static<typeof QrCodeQuery>;

export const ActivationCodeResponse = Type.Object(
  {
    activation_code: Type.String({ description: 'LPA:1$…' }),
    install_links: InstallLinks,
  },
  { $id: 'ActivationCodeResponse', examples: [activationCodeExample] },
);

export const StatusResponse = Type.Object(
  {
    name: Type.String(),
    version: Type.String(),
    status: Type.Literal('ok'),
    smdp_address: Type.String(),
    sgp22_version: Type.String(),
  },
  { $id: 'StatusResponse', examples: [statusExample] },
);

export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Number(),
    detail: Type.String(),
    instance: Type.String(),
    message: Type.String(),
    statusCode: Type.Number(),
    code: Type.String(),
    request_id: Type.String(),
    errors: Type.Optional(Type.Array(Type.Object({ field: Type.String(), message: Type.String() }))),
  },
  { $id: 'Problem', description: 'RFC 9457, with the members of the first API' },
);

export type Schema = TSchema;
