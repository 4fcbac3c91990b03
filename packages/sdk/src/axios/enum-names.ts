/** `SAME_EID` → `SAMEEID`: how OpenAPI Generator 5.0 names a value. */
type Squeezed<S extends string> = S extends `${infer A}_${infer B}` ? `${A}${Squeezed<B>}` : S;
/** `SAME_EID` → `SameEid`: how its later versions do. */
type Pascal<S extends string> = S extends `${infer A}_${infer B}`
  ? `${Pascal<A>}${Pascal<B>}`
  : Capitalize<Lowercase<S>>;

type Names<S extends string> = { readonly [V in S as Squeezed<V>]: V } & {
  readonly [V in S as Pascal<V>]: V;
};

/** The values by both names. Only the older names are listed, so that a loop over them has each value once. */
export function namesOf<const S extends string>(values: readonly S[]): Names<S> {
  const names = Object.fromEntries(values.map((value) => [value.replaceAll('_', ''), value]));
  for (const value of values) Object.defineProperty(names, pascal(value), { value });
  return Object.freeze(names) as Names<S>;
}

function pascal(value: string): string {
  const words = value.toLowerCase().split('_');
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
