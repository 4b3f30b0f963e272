import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Failure } from '../../lib/contracts/problem-document.ts';

type Query = Pick<APIGatewayProxyEvent, 'queryStringParameters' | 'multiValueQueryStringParameters'>;

export interface Parameters {
  readonly values: Readonly<Record<string, unknown>>;
  readonly failures: readonly Failure[];
}

/** The query. A parameter that is given twice fails: which of the two is meant is a guess. */
export function queryParameters({
  queryStringParameters,
  multiValueQueryStringParameters,
}: Query): Parameters {
  const sent = Object.entries(multiValueQueryStringParameters ?? {});
  const given =
    sent.length > 0
      ? sent
      : Object.entries(queryStringParameters ?? {}).map(([name, value]) => [name, [value]] as const);
  const repeated = given.filter(([, values]) => (values?.length ?? 0) > 1);
  return {
    // Not by assignment: a parameter may be called `__proto__`.
    values: Object.fromEntries(given.map(([name, values]) => [name, values?.[0] ?? ''])),
    failures: repeated.map(([path]) => ({ path, message: 'is given more than once' })),
  };
}

/**
 * Gateways differ in whether they decode the path. None of our ids needs encoding, so what still looks
 * encoded is decoded, once. What cannot be decoded names nothing.
 */
function decodeSegment(segment: string): string | undefined {
  if (!/%[0-9A-Fa-f]{2}/.test(segment)) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

/** The parameters of the path, decoded. */
export function pathParameters({
  pathParameters: sent,
}: Pick<APIGatewayProxyEvent, 'pathParameters'>): Parameters {
  const entries = Object.entries(sent ?? {}).map(([name, value]) => [name, decodeSegment(value ?? '')]);
  return { values: Object.fromEntries(entries), failures: [] };
}
