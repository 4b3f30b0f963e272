/** A parsed value without the `undefined` that Zod's types allow for members that may be left out. */
type Given<Value> = Value extends readonly (infer Item)[]
  ? readonly Given<Item>[]
  : Value extends object
    ? { readonly [Key in keyof Value]: Given<Exclude<Value[Key], undefined>> }
    : Value;

/**
 * What the caller gave. Zod leaves members out that were not given, so none is ever `undefined`; only its
 * types do not say so, and the use cases tell "not given" by the member's absence.
 */
export const given = <Value>(parsed: Value): Given<Value> => parsed as Given<Value>;
