/** No value has this member: it exists in types only. */
declare const fromCaller: unique symbol;

/** What a caller sent. A spread of it carries the mark into the type of the result. */
export type FromCaller<T> = T extends object ? T & { readonly [fromCaller]?: true } : T;

/**
 * A record in which the server itself decides who acts and on what, such as the account. A spread of what a caller sent is a
 * type error in it: such a record names each member that it takes over.
 */
export type NotFromCaller = { readonly [fromCaller]?: never };
