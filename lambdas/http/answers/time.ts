/** A time as the API writes it: ISO 8601, UTC, with milliseconds. */
export const isoTime = (atMs: number): string => new Date(atMs).toISOString();
