import { IDEMPOTENCY_KEY_MAX } from '../../lib/contracts/limits.ts';
import { type HttpMiddleware, operationOf } from './exchange.ts';
import { headerValues } from './headers.ts';
import { ProblemError } from './problem.ts';

const KEY = new RegExp(`^[\\x21-\\x7E]{1,${IDEMPOTENCY_KEY_MAX}}$`);

/** Reads `Idempotency-Key` where the route needs it; elsewhere the header means nothing. */
export const idempotencyKey: HttpMiddleware = {
  before: ({ event }) => {
    if (!operationOf(event.exchange).route.idempotent) return;
    const [key, ...others] = headerValues(event, 'idempotency-key');
    if (key === undefined) {
      throw new ProblemError({
        problem: 'idempotency_key_required',
        detail: 'This request needs an Idempotency-Key header.',
      });
    }
    if (others.length > 0 || !KEY.test(key)) {
      throw new ProblemError({
        problem: 'idempotency_key_invalid',
        detail: `Send one Idempotency-Key of 1 to ${IDEMPOTENCY_KEY_MAX} visible ASCII characters.`,
      });
    }
    event.exchange.idempotencyKey = key;
  },
};
