/** An object of an event or a pattern: neither a list nor a value. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Lists in lists are one list to a pattern, and whatever is no list is a list of one. */
export function elementsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.flatMap(elementsOf) : [value];
}

/** What an object has of its own under a name; `undefined`: nothing, or it is no object. */
export function fieldOf(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/**
 * True when the event has a value under these names, in whatever element of the lists on the way. Objects and empty
 * lists are no values.
 */
export function hasValue(event: unknown, names: readonly string[]): boolean {
  const [name, ...rest] = names;
  const elements = elementsOf(event);
  if (name === undefined) return elements.some((element) => element !== undefined && !isObject(element));
  return elements.some((element) => hasValue(fieldOf(element, name), rest));
}
