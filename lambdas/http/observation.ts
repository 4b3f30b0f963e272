import { LOG_MESSAGES } from '../observability/log-messages.ts';
import type { LogFields, Logger } from '../observability/logger.ts';
import type { HttpMetrics } from '../observability/metrics.ts';
import type { HttpMiddleware, HttpRequest } from './exchange.ts';

export interface ObservationOptions {
  readonly logger: Logger;
  readonly metrics: HttpMetrics;
  readonly nowMs: () => number;
}

/** The second of the four parts of a trace context. */
const traceIdOf = (traceparent: string): string => traceparent.split('-')[1] ?? '';

/** What every entry about a request says. */
export function requestFields({ event, context }: HttpRequest): LogFields {
  const { requestId, operation, principal, traceparent } = event.exchange;
  return {
    requestId,
    operationId: operation?.route.operationId ?? 'unknown',
    ...(context?.awsRequestId === undefined ? {} : { awsRequestId: context.awsRequestId }),
    ...(traceparent === undefined ? {} : { traceId: traceIdOf(traceparent) }),
    ...(principal?.kind === 'tenant' ? { tenantId: principal.tenantId } : {}),
  };
}

/** Logs that a request came and what became of it, and measures it. */
export function observation({ logger, metrics, nowMs }: ObservationOptions): HttpMiddleware {
  const complete = (request: HttpRequest) => {
    const { startedAtMs, operation, problem, isUnchecked } = request.event.exchange;
    const measure = {
      status: request.response?.statusCode ?? 500,
      durationMs: nowMs() - startedAtMs,
      ...(problem === undefined ? {} : { problem }),
      ...(isUnchecked ? { unchecked: true } : {}),
    };
    logger.info(LOG_MESSAGES.requestCompleted, { ...requestFields(request), ...measure });
    metrics.record({ operationId: operation?.route.operationId ?? 'unknown', ...measure });
  };
  return {
    before: (request) => {
      logger.info(LOG_MESSAGES.requestStarted, requestFields(request));
    },
    after: complete,
    onError: complete,
  };
}
