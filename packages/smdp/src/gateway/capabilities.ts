import { must, refusals } from '@esim-rsp/sgp22/status';
import type { TakesBack, UpstreamRules } from '../state/gateway/upstream-rules.ts';
import type { ReusePolicy } from '../state/order.ts';

/** What this SM-DP+ can do with a Profile of its own, and may be unable to do with one of an upstream. */
export const upstreamCapabilities = [
  'order',
  'confirm',
  'release',
  'cancel',
  'replace',
  'replace_by_another',
  're_release',
  'expiry',
  'reuse',
  'reuse_by_another_eid',
  'reusable_orders',
  'change_order',
  'progress_reports',
  'find_outcomes',
  'export',
  'purge',
  'secrets',
] as const;
export type UpstreamCapability = (typeof upstreamCapabilities)[number];

/** The terms of an order that ES2+ does not know. */
type KeptHere = { readonly expiresAt?: number; readonly reusePolicy?: ReusePolicy };

/** `text`: why not, and what to do; or the limits of what can be done. */
type Verdict = { readonly isSupported: boolean; readonly text?: string };

const yes: Verdict = { isSupported: true };
const onlyIf = (isSupported: boolean, text: string): Verdict => (isSupported ? yes : { isSupported, text });
const always = (): Verdict => yes;
const never = (text: string) => (): Verdict => ({ isSupported: false, text });
const limited = (text: string) => (): Verdict => ({ isSupported: true, text });

const NO_CANCELLATION =
  'the upstream takes no order back (takes_back is never): set takes_back if it does, or ask the vendor';
const NO_RETURN =
  'the upstream does not take back an order after its download (takes_back is until_download, as in SGP.22 5.3.3): order another profile, or set takes_back to always if the vendor allows it';

const takesBackAtAll = ({ takesBack }: { readonly takesBack: TakesBack }) => takesBack !== 'never';
const cancels = ({ dialect }: UpstreamRules) => onlyIf(takesBackAtAll(dialect), NO_CANCELLATION);
const returns = (rules: UpstreamRules) =>
  takesBackAtAll(rules.dialect) ? onlyIf(rules.dialect.takesBack === 'always', NO_RETURN) : cancels(rules);

/** The one place that says what an upstream can do, by its settings. */
const verdicts: Readonly<Record<UpstreamCapability, (rules: UpstreamRules) => Verdict>> = {
  order: always,
  confirm: always,
  release: always,
  cancel: cancels,
  replace: cancels,
  replace_by_another: cancels,
  re_release: (rules) =>
    rules.dialect.takesBack === 'until_download'
      ? {
          isSupported: true,
          text: 'only after a download that failed, and if the vendor still takes the order back: it is cancelled and ordered again',
        }
      : cancels(rules),
  expiry: cancels,
  reuse: returns,
  reuse_by_another_eid: never(
    'ES2+ cannot say which eUICC may not download (NEW_EID): choose NEW_EID_MID or SAME_MID',
  ),
  reusable_orders: never('ES2+ has no orders for several devices: order a profile for each'),
  change_order: never(
    'ES2+ cannot change confirmation code and attempts of an order: replace the order. Its expiry and its reuse policy can be changed',
  ),
  progress_reports: ({ callback }) =>
    onlyIf(
      callback !== undefined,
      'it has no callback certificate, so nothing is known of downloads: set callback_certificate',
    ),
  find_outcomes: ({ dialect: { statusCall, repeatsAnswers } }) =>
    onlyIf(
      statusCall !== 'none' || repeatsAnswers,
      'it has no status call and does not repeat answers: an unknown confirmation waits for an admin, who settles it',
    ),
  export: limited('what this server knows: numbers, states and codes, no keys and no package'),
  purge: limited('deletes what this server knows; the vendor keeps its own records: ask it to delete them'),
  secrets: never('the vendor has the package with its PINs, PUKs and keys: ask the vendor'),
};

/** What can be done with Profiles of an upstream, and why not. */
export function capabilitiesOf(
  rules: UpstreamRules,
): readonly (Verdict & { readonly name: UpstreamCapability })[] {
  return upstreamCapabilities.map((name) => ({ name, ...verdicts[name](rules) }));
}

const refuse = refusals({
  unsupported: ['8.2.1', '3.1', 'the profile is at an upstream that cannot do this'],
  upstreamGone: [
    '8.2.1',
    '3.1',
    'the profile is at an upstream that was deleted: create the upstream again with the same name',
  ],
});

/** Refuses what the upstream of a Profile cannot do. */
export function mustSupport(rules: UpstreamRules, name: UpstreamCapability): void {
  const { isSupported, text } = verdicts[name](rules);
  must(isSupported, () => refuse.unsupported(text));
}

/** The same as an answer: why not, or undefined. */
export function whyNot(rules: UpstreamRules | undefined, name: UpstreamCapability): string | undefined {
  if (rules === undefined) return refuse.upstreamGone().status.message;
  const { isSupported, text } = verdicts[name](rules);
  return isSupported ? undefined : text;
}

/** Whether a Profile returns by a policy. */
export function isReuse(policy: ReusePolicy | undefined): policy is ReusePolicy {
  return policy !== undefined && policy.type !== 'NEVER';
}

/** What an upstream must be able to do so that this SM-DP+ can keep expiry and reuse policy of an order there. */
export function capabilitiesFor({ expiresAt, reusePolicy }: KeptHere): readonly UpstreamCapability[] {
  const isForAnother = reusePolicy?.type === 'NEW_EID';
  return [
    ...(expiresAt !== undefined ? (['expiry'] as const) : []),
    ...(isReuse(reusePolicy) ? ([isForAnother ? 'reuse_by_another_eid' : 'reuse'] as const) : []),
  ];
}

export function mustExist(rules: UpstreamRules | undefined): UpstreamRules {
  must(rules !== undefined, refuse.upstreamGone);
  return rules;
}
