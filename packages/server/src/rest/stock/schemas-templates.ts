import { type Static, Type } from '@sinclair/typebox';
import { Time } from '../../shapes/time.ts';
import { createTemplateExample, orderedOfTypeExample, templateExample } from '../profiles/schema-examples.ts';
import { GetEUICCProfileResponse, profileLabels } from '../profiles/schemas.ts';
import { GeneratedSubscription, rangeStarts, subscriptionTerms } from './schemas-generate.ts';

/** The shapes of templates: what the profiles of a type are made from when none is in stock. */

const closed = { additionalProperties: false } as const;
const profile_type = Type.String({ minLength: 1, maxLength: 128, examples: ['basic'] });

export const ProfileTemplateParams = Type.Object({ profile_type });

export const CreateProfileTemplateRequest = Type.Object(
  {
    ...rangeStarts,
    size: Type.Integer({ minimum: 1, maximum: 10_000_000, description: 'How many numbers the ranges have' }),
    master_key: Type.Optional(
      Type.String({
        pattern: '^[0-9A-Fa-f]{32}$',
        description:
          '32 hexadecimal digits, never told again. Ki, OPc and the codes are derived from it and the IMSI; without it they are drawn, and told to whoever orders',
      }),
    ),
    ...subscriptionTerms,
    ...profileLabels,
    profile_type,
  },
  { ...closed, $id: 'CreateProfileTemplateRequest', examples: [createTemplateExample] },
);
export type CreateProfileTemplateRequest = Static<typeof CreateProfileTemplateRequest>;

const { service_provider_name, profile_name, profile_class, icon_type, ...shown } =
  GetEUICCProfileResponse.properties;
const { profile_policy_rules, profile_owner, notification_events } = shown;

export const ProfileTemplate = Type.Object(
  {
    profile_type: Type.String(),
    size: Type.Number(),
    free_numbers: Type.Number({
      description: 'At most so many: fewer where profiles with numbers of the ranges were stocked by others',
    }),
    keys: Type.Unsafe<'generated' | 'derived'>({ type: 'string', enum: ['generated', 'derived'] }),
    iccid_start: Type.String(),
    imsi_start: Type.String(),
    msisdn_start: Type.Optional(Type.String()),
    algorithm: GeneratedSubscription.properties.algorithm,
    service_provider_name,
    profile_name,
    profile_class,
    icon_type,
    profile_policy_rules,
    profile_owner,
    notification_events,
    created_at: Time('When the template was created'),
  },
  { $id: 'ProfileTemplate', examples: [templateExample] },
);

export const ListProfileTemplatesResponse = Type.Object(
  { total: Type.Number(), profile_templates: Type.Array(ProfileTemplate) },
  {
    $id: 'ListProfileTemplatesResponse',
    examples: [{ total: 1, profile_templates: [templateExample] }],
  },
);

export const GenerateFromProfileTemplateRequest = Type.Object(
  {
    count: Type.Integer({ minimum: 1, maximum: 250, description: 'How many: all of them are made, or none' }),
  },
  { ...closed, $id: 'GenerateFromProfileTemplateRequest', examples: [{ count: 1 }] },
);

export const GenerateFromProfileTemplateResponse = Type.Object(
  {
    iccids: Type.Array(Type.String()),
    subscriptions: Type.Optional(
      Type.Array(GeneratedSubscription, { description: 'Where the keys are drawn: they are told once' }),
    ),
  },
  { $id: 'GenerateFromProfileTemplateResponse', examples: [{ iccids: [`${templateExample.iccid_start}7`] }] },
);

export const OrderEUICCProfileOfTypeResponse = Type.Object(
  { ...GetEUICCProfileResponse.properties, subscription: Type.Optional(GeneratedSubscription) },
  { $id: 'OrderEUICCProfileOfTypeResponse', examples: [orderedOfTypeExample] },
);
