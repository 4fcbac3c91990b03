import { Type } from '@sinclair/typebox';
import { closed } from '../../shapes/shape.ts';
import type { AlertStore } from '../../store/ports/mail/alerts.ts';
import { operation, type Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { ProfileTypeName } from './template.ts';

const UpdateProfileTypeRequest = Type.Object(
  {
    low_stock_at: Type.Unsafe<number | null>({
      type: ['integer', 'null'],
      minimum: 0,
      maximum: 1_000_000_000,
      description:
        'An alert is raised when this number of Profiles of the type are AVAILABLE, or fewer; null: none. It is raised again only after there were more',
    }),
  },
  {
    ...closed,
    $id: 'UpdateProfileTypeRequest',
    description: 'The settings of a type',
    examples: [{ low_stock_at: 100 }],
  },
);

const UpdateProfileTypeResponse = Type.Object(
  {
    profile_type: Type.String({ description: 'The type' }),
    low_stock_at: Type.Optional(Type.Integer({ description: 'The limit; absent when there is none' })),
  },
  {
    $id: 'UpdateProfileTypeResponse',
    description: 'The settings of a type',
    examples: [{ profile_type: 'basic', low_stock_at: 100 }],
  },
);

/** Limits of one account. */
export const MOST_LIMITS = 1000;

export const updateProfileType = operation({
  operationId: 'updateProfileType',
  method: 'PATCH',
  url: '/api/v1/esim/profile-types/:profile_type',
  permissions: ['admin'],
  summary: 'Set the stock of a type at which an alert is raised: by mail and as the webhook event stock.low',
  params: Type.Object({ profile_type: ProfileTypeName }, closed),
  body: UpdateProfileTypeRequest,
  answers: {
    200: { description: 'The settings of the type', schema: UpdateProfileTypeResponse },
    409: { description: `The account has limits for ${MOST_LIMITS} types already`, code: 'too_many_limits' },
  },
  respond: async (
    { store }: Services<AlertStore>,
    { account, params: { profile_type }, body: { low_stock_at } },
  ) => {
    const others = (await store.stockLimits(account)).filter(
      ({ profileType }) => profileType !== profile_type,
    );
    if (low_stock_at !== null && others.length >= MOST_LIMITS)
      throw new HttpProblem(
        409,
        'too_many_limits',
        `there are limits for ${MOST_LIMITS} types already: set one that you do not need to null`,
      );
    await store.setStockLimit({ account, profileType: profile_type, lowAt: low_stock_at ?? undefined });
    return { profile_type, ...(low_stock_at !== null && { low_stock_at }) };
  },
});
