import { type Static, Type } from '@sinclair/typebox';
import { StateReason } from '../../shapes/profile-state.ts';
import { about, extending, literals, named } from '../../shapes/shape.ts';
import { Time } from '../../shapes/time.ts';
import { ProfileStateCounts, ProfileType } from '../stock/profile-types.ts';

/** How long the periods are in which downloads are counted. */
export const periods = ['hour', 'day'] as const;
export const OverviewPeriod = named(
  'OverviewPeriod',
  literals(periods, 'How long a period is: an hour or 24 hours'),
);

const example = {
  profiles: { total: 12, states: { AVAILABLE: 10, ENABLED: 2 } },
  types: [
    {
      profile_type: 'basic',
      total: 12,
      states: { AVAILABLE: 10, ENABLED: 2 },
      low_stock_at: 10,
      is_low: true,
    },
  ],
  downloads: {
    since: '2026-03-01T00:00:00.000Z',
    until: '2026-03-08T00:00:00.000Z',
    by: 'day',
    succeeded: 2,
    failed: 1,
    periods: [{ starts_at: '2026-03-07T00:00:00.000Z', succeeded: 2, failed: 1 }],
    reasons: [{ reason: { subject_code: '8.2.7', reason_code: '3.8', message: 'Refused' }, count: 1 }],
  },
  late_deliveries: [
    { kind: 'operator', target: 'shop', waiting: 3, waiting_since: '2026-03-07T10:00:00.000Z' },
  ],
  expiring: [{ kind: 'certificate', name: 'dp-tls rsp.example.com', expires_at: '2026-03-20T10:00:00.000Z' }],
};

const OverviewType = Type.Object(
  {
    ...ProfileType.properties,
    is_low: Type.Boolean({
      description: 'Whether no more are AVAILABLE than low_stock_at; without one, whether nothing is left',
    }),
  },
  {
    ...extending(ProfileType),
    $id: 'OverviewType',
    description: 'A type of Profiles, and whether its stock is low',
  },
);

const DownloadPeriod = named(
  'DownloadPeriod',
  Type.Object(
    {
      starts_at: Time('When the period begins'),
      succeeded: Type.Integer({ description: 'Profiles that were installed' }),
      failed: Type.Integer({ description: 'Downloads that failed or were refused' }),
    },
    { description: 'How downloads ended in a period' },
  ),
);

const OverviewDownloads = Type.Object(
  {
    since: Time('Where the first period begins'),
    until: Time('Where the last period ends'),
    by: about('How long a period is', OverviewPeriod),
    counted_since: Type.Optional(
      Time('Present when there were too many: earlier ends of downloads are not counted'),
    ),
    succeeded: Type.Integer({ description: 'Profiles that were installed' }),
    failed: Type.Integer({ description: 'Downloads that failed or were refused' }),
    periods: Type.Array(DownloadPeriod, {
      description: 'The periods in which a download ended, in their order',
    }),
    reasons: Type.Array(
      Type.Object({
        reason: about('Why', StateReason),
        count: Type.Integer({ description: 'How many failed for this reason' }),
      }),
      { description: 'Why downloads failed, the most frequent first' },
    ),
  },
  { $id: 'OverviewDownloads', description: 'How downloads ended' },
);

const LateDelivery = named(
  'LateDelivery',
  Type.Object(
    {
      kind: literals(['webhook', 'operator'] as const, 'What it is'),
      target: Type.String({ description: 'The id of the webhook, or the name of the operator' }),
      waiting: Type.Integer({ description: 'How many messages wait for it, up to 1000' }),
      waiting_since: Type.Optional(Time('Since when the oldest of them waits')),
      failing_since: Type.Optional(Time('When the first attempt since the last success failed')),
      disabled: Type.Optional(Type.Boolean({ description: 'Present and true when it is disabled' })),
    },
    { description: 'A receiver of messages that does not get them' },
  ),
);

const Expiring = named(
  'Expiring',
  Type.Object(
    {
      kind: literals(
        ['certificate', 'upstream', 'key'] as const,
        'A certificate of the server, the client certificate for an upstream, or an API key',
      ),
      name: Type.String({
        description: 'Its role and name, the name of the upstream, or the name or id of the key',
      }),
      expires_at: Time('When it expires'),
    },
    { description: 'Something that expires soon, or has expired' },
  ),
);

export const OverviewResponse = Type.Object(
  {
    profiles: Type.Object(
      {
        total: Type.Integer({ description: 'All Profiles of the account' }),
        states: about('How many of them are in which state', ProfileStateCounts),
      },
      { description: 'How many Profiles there are' },
    ),
    types: Type.Array(OverviewType, {
      description: 'At most 100 types: those whose stock is low first, then by name',
    }),
    more_types: Type.Optional(
      Type.Boolean({ description: 'Present and true when there are more types: the list of types has them' }),
    ),
    downloads: about('How downloads ended', OverviewDownloads),
    late_deliveries: Type.Array(LateDelivery, {
      description:
        'Webhooks and operators that are disabled, that fail, or for which messages wait longer than 5 minutes',
    }),
    expiring: Type.Array(Expiring, {
      description:
        'What expires within 30 days or has expired, the first to expire first. Upstreams and keys need the permission admin',
    }),
  },
  { $id: 'OverviewResponse', description: 'The account in numbers', examples: [example] },
);
export type OverviewResponse = Static<typeof OverviewResponse>;
