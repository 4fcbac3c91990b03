import type { ProfileTemplate } from '@esim-rsp/sdk';

const keys = {
  generated: 'generated, and shown once in the answer to the order',
  derived: 'derived from its master key',
};

/** A template as label and value per line. */
export function templateFields(template: ProfileTemplate): [label: string, value: string][] {
  const {
    msisdn_start: msisdn,
    profile_policy_rules: rules = [],
    notification_events: events = [],
  } = template;
  return [
    ['profile type', template.profile_type],
    ['free numbers', `${template.free_numbers} of ${template.size}`],
    ['first ICCID', `${template.iccid_start} and a check digit`],
    ['first IMSI', template.imsi_start],
    ...(msisdn === undefined ? [] : [['first phone number', msisdn] satisfies [string, string]]),
    ['keys', keys[template.keys]],
    ['algorithm', template.algorithm],
    ['service provider', template.service_provider_name ?? ''],
    ['profile name', template.profile_name ?? ''],
    ['profile class', template.profile_class ?? ''],
    ...(rules.length === 0 ? [] : [['policy rules', rules.join(', ')] satisfies [string, string]]),
    ['devices report', events.join(', ') || 'nothing'],
  ];
}
