/**
 * A copy that nobody can change, so that the store and its callers share no state. What a database could not
 * store is refused here as well: a store that were more tolerant would hide the bug until production.
 */
export function frozenCopy(value: unknown, path = 'record'): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`${path} is ${value}`);
  if (Array.isArray(value)) {
    return Object.freeze(value.map((item, index) => frozenCopy(item, `${path}[${index}]`)));
  }
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(([name, field]) => [name, frozenCopy(field, `${path}.${name}`)]);
    return Object.freeze(Object.fromEntries(fields));
  }
  if (value === undefined || value === null)
    throw new Error(`${path} is ${value}; optional fields are absent`);
  return value;
}
