import type { APIGatewayProxyResult } from 'aws-lambda';
import {
  type Failure,
  type ProblemDocument,
  problemDocument,
  problemType,
} from '../../lib/contracts/problem-document.ts';
import { PROBLEMS, type ProblemCode } from '../../lib/contracts/problems.ts';

/** Why a request has no effect. */
export interface Problem {
  readonly problem: ProblemCode;
  /** A sentence for people, without anything internal. */
  readonly detail: string;
  /** With 400: every failing path. */
  readonly errors?: readonly Failure[];
  /** Further members of the problem document. */
  readonly extra?: Pick<ProblemDocument, 'limit' | 'lines'>;
  /** @default 1 with 429 and 503; the header is not sent otherwise */
  readonly retryAfterSeconds?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Ends the chain with a problem. Expected outcomes are returned everywhere else; a middy chain can only be
 * left early by throwing, if its answer shall still get the headers of every answer.
 */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.problem);
    this.problem = problem;
  }
}

/** Seconds after which trying again makes sense when nothing better is known. */
const RETRY_AFTER_SECONDS_DEFAULT = 1;

function retryHeaders(status: number, { retryAfterSeconds }: Problem): Record<string, string> {
  const seconds =
    retryAfterSeconds ?? (status === 429 || status === 503 ? RETRY_AFTER_SECONDS_DEFAULT : undefined);
  return seconds === undefined ? {} : { 'Retry-After': String(Math.max(1, Math.ceil(seconds))) };
}

/** The answer that a problem becomes (RFC 9457). */
export function problemAnswer(problem: Problem, requestId: string): APIGatewayProxyResult {
  const { status, title } = PROBLEMS[problem.problem];
  const document = problemDocument.parse({
    type: problemType(problem.problem),
    title,
    status,
    code: problem.problem,
    detail: problem.detail,
    requestId,
    ...(problem.errors === undefined ? {} : { errors: problem.errors }),
    ...problem.extra,
  });
  return {
    statusCode: status,
    headers: {
      'Content-Type': 'application/problem+json',
      ...retryHeaders(status, problem),
      ...problem.headers,
    },
    body: JSON.stringify(document),
  };
}
