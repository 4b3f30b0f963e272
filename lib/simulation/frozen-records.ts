/** Everything that was made here: it is frozen all the way down, so a part of it is used again as it is. */
const FROZEN = new WeakSet<object>();

function frozenObject(value: object, path: string): object {
  if (FROZEN.has(value)) return value;
  const isList = Array.isArray(value);
  const copy = (isList ? [...value] : { ...value }) as Record<string, unknown>;
  for (const name of Object.keys(copy)) {
    const field = copy[name];
    if (typeof field === 'string' || typeof field === 'boolean') continue;
    const frozen = frozenCopy(field, isList ? `${path}[${name}]` : `${path}.${name}`);
    if (frozen !== field) copy[name] = frozen;
  }
  FROZEN.add(Object.freeze(copy));
  return copy;
}

/**
 * A copy that nobody can change, so that the store and its callers share no state. What a database could not
 * store is refused here as well: a store that were more tolerant would hide the bug until production.
 */
export function frozenCopy(value: unknown, path = 'record'): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`${path} is ${value}`);
  if (typeof value === 'object' && value !== null) return frozenObject(value, path);
  if (value === undefined || value === null)
    throw new Error(`${path} is ${value}; optional fields are absent`);
  return value;
}
