import type { APIGatewayProxyResult } from 'aws-lambda';
import { type Conditions, failsIfMatch, failsIfNoneMatch } from './entity-tags.ts';
import { ProblemError } from './problem.ts';

/** Headers that a 304 repeats (RFC 9110, section 15.4.5). */
const KEPT = ['Cache-Control', 'ETag'];

/**
 * Applies the conditions of a request to the answer of a read that carries an `ETag`: 304 when the caller has
 * it already, 412 when the caller asked for another version.
 */
export function conditionalRead(
  answer: APIGatewayProxyResult,
  conditions: Conditions,
): APIGatewayProxyResult {
  const tag = answer.headers?.['ETag'];
  if (answer.statusCode !== 200 || typeof tag !== 'string') return answer;
  if (failsIfMatch(conditions, tag)) {
    throw new ProblemError({ problem: 'version_mismatch', detail: 'If-Match names another version.' });
  }
  if (!failsIfNoneMatch(conditions, tag)) return answer;
  const headers = Object.fromEntries(
    Object.entries(answer.headers ?? {}).filter(([name]) => KEPT.includes(name)),
  );
  return { statusCode: 304, headers, body: '' };
}
