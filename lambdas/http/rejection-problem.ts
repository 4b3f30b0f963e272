import type { ShortLineDocument } from '../../lib/contracts/problem-document.ts';
import type { Rejection, ShortLine } from '../../lib/domain/rejection.ts';
import type { Problem } from './problem.ts';

const MS_PER_SECOND = 1000;

const shortLine = ({
  sku,
  locationId,
  requested,
  available,
  reason,
  nextReleaseAtMs,
}: ShortLine): ShortLineDocument => ({
  sku,
  ...(locationId === undefined ? {} : { locationId }),
  requested,
  available,
  reason,
  ...(nextReleaseAtMs === undefined ? {} : { nextReleaseAt: new Date(nextReleaseAtMs).toISOString() }),
});

/** The problem that a use case's rejection becomes. The codes are the same; only what they carry differs. */
export function rejectionProblem(rejection: Rejection): Problem {
  const { code, detail } = rejection;
  switch (code) {
    case 'insufficient_stock':
      return rejection.lines === undefined
        ? { problem: code, detail }
        : { problem: code, detail, extra: { lines: rejection.lines.map(shortLine) } };
    case 'rate_limited':
      return {
        problem: code,
        detail,
        extra: { limit: rejection.limit },
        retryAfterSeconds: rejection.retryAfterMs / MS_PER_SECOND,
      };
    case 'validation_failed':
      return { problem: code, detail, errors: [{ path: rejection.path, message: detail }] };
    default:
      return { problem: code, detail };
  }
}
