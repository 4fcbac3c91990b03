/** Until when an upstream takes back an order by ES2+.CancelOrder. The specification has `until_download` (5.3.3). */
export const takesBackChoices = ['never', 'until_download', 'always'] as const;
export type TakesBack = (typeof takesBackChoices)[number];

/** What decisions need to know of an upstream. */
export type UpstreamRules = {
  readonly name: string;
  /** The certificates by which its reports are known; absent: it reports nothing. */
  readonly callback?: string;
  readonly dialect: {
    readonly takesBack: TakesBack;
    readonly statusCall: string;
    readonly repeatsAnswers: boolean;
  };
};
