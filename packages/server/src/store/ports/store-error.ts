/** The store cannot be used. The message is one line that says what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

/** The store cannot be reached, or did not answer in time. What was asked for may be tried again: nothing of it is half done. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}
