/** A value in the wrong form. The message says what was expected, with the name of the field in front if there is one. */
export class ValueError extends Error {
  override readonly name = 'ValueError';
  /** What was expected, without the name. */
  readonly expected: string;
  /** The name of the field in this code. An interface with other names translates it. */
  readonly field?: string;

  constructor(
    expected: string,
    { field, cause }: { readonly field?: string; readonly cause?: unknown } = {},
  ) {
    super(field === undefined ? expected : `${field} ${expected}`, { cause });
    this.expected = expected;
    if (field !== undefined) this.field = field;
  }
}
