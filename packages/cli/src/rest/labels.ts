import { toBase64 } from '@esim-rsp/codec';
import type { NotificationEvent, ProfileLabels, ProfileOwner, ProfilePolicyRule } from '@esim-rsp/sdk';
import { profileClasses } from '@esim-rsp/sgp22/asn1/bound-profile-package';
import { notificationEventNames, policyRules } from '@esim-rsp/sgp22/profile/metadata';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { type Command, Option } from 'commander';
import { valueBy } from '../values.ts';
import { contentOf } from './parameters.ts';

/** What the device shows of a profile, and the operator's name for its type. */
export type LabelOptions = {
  readonly serviceProviderName?: string;
  readonly profileName?: string;
  readonly profileClass?: NonNullable<ProfileLabels['profile_class']>;
  readonly profileType?: string;
  readonly icon?: string;
  readonly policyRules?: ProfilePolicyRule[];
  readonly owner?: ProfileOwner;
  readonly notify?: NotificationEvent[] | 'none';
};

const classes = Object.keys(profileClasses);
const ruleNames = Object.keys(policyRules) as ProfilePolicyRule[];
const events = Object.keys(notificationEventNames) as NotificationEvent[];

/** Adds an option for each label. */
export function labelOptions(command: Command): Command {
  return command
    .option('--service-provider-name <name>', 'provider name that users see')
    .option('--profile-name <name>', 'profile name that users see')
    .addOption(new Option('--profile-class <class>', 'class of the profile').choices(classes))
    .option('--profile-type <type>', 'your name for this type of profile')
    .option('--icon <file>', 'icon that users see: PNG or JPEG of at most 1024 bytes')
    .option(
      '--policy-rules <rules>',
      'ppr1: cannot be disabled; ppr2: cannot be deleted; or ppr1,ppr2; needs --owner',
      valueBy(listOf(ruleNames)),
    )
    .option(
      '--owner <network>',
      'owner of the rules: MCC and MNC, then GID1 and GID2 in hexadecimal digits, such as 26201,aabb,01',
      valueBy(ownerFrom),
    )
    .option(
      '--notify <events>',
      `events that the device reports: some of ${events.join(',')}, or none; default: all`,
      valueBy(eventsFrom),
    );
}

export async function labelsFrom(options: LabelOptions): Promise<ProfileLabels> {
  const { serviceProviderName, profileName, profileClass, profileType } = options;
  const { icon, policyRules: rules, owner, notify } = options;
  return {
    ...(serviceProviderName !== undefined && { service_provider_name: serviceProviderName }),
    ...(profileName !== undefined && { profile_name: profileName }),
    ...(profileClass !== undefined && { profile_class: profileClass }),
    ...(profileType !== undefined && { profile_type: profileType }),
    ...(icon !== undefined && { icon: toBase64(await contentOf(icon)) }),
    ...(rules !== undefined && { profile_policy_rules: rules }),
    ...(owner !== undefined && { profile_owner: owner }),
    ...(notify !== undefined && { notification_events: notify === 'none' ? [] : notify }),
  };
}

function ownerFrom(text: string): ProfileOwner {
  const [, mcc_mnc, gid1, gid2] = /^(\d{5,6})(?:,([0-9a-f]*))?(?:,([0-9a-f]*))?$/i.exec(text) ?? [];
  if (mcc_mnc === undefined) throw new ValueError('MCC and MNC are expected, such as 26201 or 26201,aabb,01');
  return { mcc_mnc, ...(gid1 && { gid1 }), ...(gid2 && { gid2 }) };
}

function eventsFrom(text: string): NotificationEvent[] | 'none' {
  return text === 'none' ? text : listOf(events)(text);
}

/** Reads some of the words, separated by commas. */
function listOf<T extends string>(words: readonly T[]): (text: string) => T[] {
  return (text) => {
    const named = text.split(',').map((word) => words.find((known) => known === word));
    if (named.includes(undefined)) throw new ValueError(`some of ${words.join(',')} are expected`);
    return [...new Set(named as T[])];
  };
}
