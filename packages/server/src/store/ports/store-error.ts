/** The store cannot be used. The message is one line that says what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}
