/**
 * Nothing else in the service freezes objects, so what is frozen was made here, all the way down, and a part
 * of a record that did not change is used again as it is.
 */
function frozenObject(value: object, path: string): object {
  if (Object.isFrozen(value)) return value;
  const isList = Array.isArray(value);
  const copy = (isList ? [...value] : { ...value }) as Record<string, unknown>;
  for (const name of Object.keys(copy)) {
    const field = copy[name];
    if (typeof field === 'string' || typeof field === 'boolean') continue;
    const frozen = frozenCopy(field, isList ? `${path}[${name}]` : `${path}.${name}`);
    if (frozen !== field) copy[name] = frozen;
  }
  return Object.freeze(copy);
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
