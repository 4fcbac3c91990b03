import type { Env } from '@esim-rsp/smdp/env';
import type { Template } from '@esim-rsp/smdp/state/template';
import { firstSubscription } from '@esim-rsp/smdp/stock/number-template';
import { timeOfSeconds } from '../../shapes/time.ts';
import { viewMetadata } from '../../store/ports/profile-view.ts';
import type { TemplateStore } from '../../store/ports/templates.ts';
import type { Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { metadataResponse } from '../profiles/profile-response.ts';
import { subscriptionResponse } from './subscription-response.ts';

/** A template as the REST API shows it: what its profiles show too, and how many numbers are left. */
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
    ...metadataResponse(viewMetadata(profile.metadata)),
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
