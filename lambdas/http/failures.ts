import { LOG_MESSAGES } from '../observability/log-messages.ts';
import type { Logger } from '../observability/logger.ts';
import { AnswerMismatchError } from './answer.ts';
import type { HttpMiddleware, HttpRequest } from './exchange.ts';
import { requestFields } from './observation.ts';
import { type Problem, ProblemError, problemAnswer } from './problem.ts';

const INTERNAL_ERROR: Problem = {
  problem: 'internal_error',
  detail:
    'A fault of ours. The request may have had its effect; send it again with the same Idempotency-Key.',
};

const STORE_UNAVAILABLE: Problem = {
  problem: 'region_unavailable',
  detail:
    'A region that this request needs cannot be reached. It may have had its effect; send it again, with the same key.',
};

/** Says in the log what a caller must not see, and what the caller may see. */
function explain(error: unknown, request: HttpRequest, logger: Logger): Problem {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof AnswerMismatchError) {
    logger.error(LOG_MESSAGES.answerRefused, { ...requestFields(request), paths: error.paths }, error);
    return INTERNAL_ERROR;
  }
  // By name: the error comes from another layer, and bundles may hold the class twice.
  if (error instanceof Error && error.name === 'StoreUnavailableError') {
    logger.error(LOG_MESSAGES.storeUnavailable, requestFields(request), error);
    return STORE_UNAVAILABLE;
  }
  logger.error(LOG_MESSAGES.requestFailed, requestFields(request), error);
  return INTERNAL_ERROR;
}

/** Turns whatever ended the chain early into an answer. */
export function failures(logger: Logger): HttpMiddleware {
  return {
    onError: (request) => {
      const problem = explain(request.error, request, logger);
      request.event.exchange.problem = problem.problem;
      request.response = problemAnswer(problem, request.event.exchange.requestId);
    },
  };
}
