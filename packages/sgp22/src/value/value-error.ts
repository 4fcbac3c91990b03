/** A value that has not the form its type asks for. The message says what was expected. */
export class ValueError extends Error {
  override readonly name = 'ValueError';
}
