import type { Env } from '@esim-rsp/smdp/env';
import type { Template } from '@esim-rsp/smdp/state/template';
import { firstSubscription } from '@esim-rsp/smdp/stock/number-template';
import { Type } from '@sinclair/typebox';
import { closed, literals } from '../../shapes/shape.ts';
import { Time, timeOfSeconds } from '../../shapes/time.ts';
import { viewMetadata } from '../../store/ports/profile-view.ts';
import type { TemplateStore } from '../../store/ports/templates.ts';
import type { Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { ICCID } from '../profiles/profile.ts';
import { labelsResponse, shownLabels } from '../profiles/profile-labels.ts';
import { Algorithm } from './profile-parameters.ts';
import { subscriptionResponse } from './subscription.ts';

export const ProfileTypeName = Type.String({
  minLength: 1,
  maxLength: 128,
  description: 'The type of the Profiles',
  examples: ['basic'],
});

export const ProfileTemplateParams = Type.Object({ profile_type: ProfileTypeName }, closed);

export const templateExample = {
  profile_type: 'basic',
  size: 100_000,
  free_numbers: 99_998,
  keys: 'derived',
  iccid_start: ICCID.slice(0, 18),
  imsi_start: '001010000000001',
  algorithm: 'milenage',
  service_provider_name: 'Example Mobile',
  profile_name: 'Travel 10 GB',
  profile_class: 'operational',
  created_at: '2025-10-09T07:53:20Z',
};

export const ProfileTemplate = Type.Object(
  {
    profile_type: Type.String({ description: 'The type of the Profiles' }),
    size: Type.Number({ description: 'How many numbers the ranges have' }),
    free_numbers: Type.Number({
      description: 'How many numbers are free, at most: fewer when other Profiles have numbers of the ranges',
    }),
    keys: literals(
      ['generated', 'derived'] as const,
      'generated: shown once, in the answer to an order; derived: from the master key',
    ),
    iccid_start: Type.String({ description: 'The first ICCID without its check digit' }),
    imsi_start: Type.String({ description: 'The first IMSI' }),
    msisdn_start: Type.Optional(Type.String({ description: 'The first phone number' })),
    algorithm: Algorithm,
    ...shownLabels,
    created_at: Time('When the template was created'),
  },
  {
    $id: 'ProfileTemplate',
    description: 'What the Profiles of a type are created from, when one is ordered and none is AVAILABLE',
    examples: [templateExample],
  },
);

/** A template in an answer. */
export function templateResponse(template: Template, env: Env) {
  const { starts, size, passed, masterKey } = template;
  const { profile, parameters } = firstSubscription(template, env);
  return {
    profile_type: template.profileType,
    size,
    free_numbers: size - passed,
    keys: masterKey === undefined ? ('generated' as const) : ('derived' as const),
    iccid_start: starts.iccidStart,
    imsi_start: starts.imsiStart,
    ...(starts.msisdnStart !== undefined && { msisdn_start: starts.msisdnStart }),
    algorithm: subscriptionResponse(parameters).algorithm,
    ...labelsResponse(viewMetadata(profile.metadata)),
    created_at: timeOfSeconds(template.createdAt),
  };
}

/** The caller's template of a type. */
export async function ownedTemplate(
  { store }: Services<TemplateStore>,
  account: string,
  profileType: string,
): Promise<Template> {
  const template = await store.template(account, profileType);
  if (template === undefined) throw noSuchTemplate();
  return template;
}

export function noSuchTemplate(): HttpProblem {
  return new HttpProblem(
    404,
    'template_not_found',
    'there is no template for this profile type: GET /profile-templates lists yours',
  );
}
