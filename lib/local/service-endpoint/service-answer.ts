/** Answer of a service of AWS in its JSON protocol. */
export interface ServiceAnswer {
  readonly status: number;
  readonly body: object;
}

/** An error as the SDK makes an exception of it. */
export const serviceError = (status: number, name: string, message: string): ServiceAnswer => ({
  status,
  body: { __type: name, message },
});

/** The SDK's users send what its types allow; whoever does not is told so as AWS would. */
export const validationError = (message: string): ServiceAnswer =>
  serviceError(400, 'ValidationException', message);

/**
 * Which entries of a call fail on purpose: some of them, and all of a single one.
 *
 * @returns indexes of the entries.
 */
export function pickSome(count: number): ReadonlySet<number> {
  const failing = count < 2 ? count : 1 + Math.floor(Math.random() * (count - 1));
  const indexes = Array.from({ length: count }, (_, index) => ({ index, order: Math.random() }));
  indexes.sort((one, other) => one.order - other.order);
  return new Set(indexes.slice(0, failing).map(({ index }) => index));
}
