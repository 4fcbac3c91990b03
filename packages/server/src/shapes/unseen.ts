/** Characters that are not visible, for a class of a pattern: `\p{C}` is something else to validators that read patterns without Unicode. */
export const UNSEEN =
  '\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff';
