/** A value that has not the form its type asks for. The message says what was expected, after the name of the field if there is one. */
export class ValueError extends Error {
  override readonly name = 'ValueError';
  /** What was expected, without the name. */
  readonly expected: string;
  /** Which of several fields it is, as this code calls it: interfaces with names of their own translate it. */
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
