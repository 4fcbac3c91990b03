/** One call of an operation. What is not given is as the document's examples have it. */
export type Try = {
  /** Values of the path parameters. */
  readonly path?: Readonly<Record<string, string>>;
  /** With its question mark. */
  readonly query?: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
};
