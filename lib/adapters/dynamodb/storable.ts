/**
 * A value as the SDK can write it. The SDK takes a map for a plain object by its `constructor`, so a map in
 * which a caller has named a key `constructor` must be handed over as a `Map`; it comes back as an object.
 */
export function storable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(storable);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, member]) => [key, storable(member)] as const);
  return Object.hasOwn(value, 'constructor') ? new Map(entries) : Object.fromEntries(entries);
}
