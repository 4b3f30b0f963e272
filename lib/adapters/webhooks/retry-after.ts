/** Answers that say "not now" (RFC 6585, RFC 9110): they may say when. */
const NOT_NOW: ReadonlySet<number> = new Set([429, 503]);

/** Milliseconds that an answer asks to wait, given as seconds or as a date; `undefined` when it does not. */
export function retryAfterMs(
  statusCode: number,
  header: string | undefined,
  nowMs: number,
): number | undefined {
  if (!NOT_NOW.has(statusCode) || header === undefined) return undefined;
  const waitMs = /^\d{1,9}$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - nowMs;
  return waitMs > 0 ? waitMs : undefined;
}
