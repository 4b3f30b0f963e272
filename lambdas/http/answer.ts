import type { APIGatewayProxyResult } from 'aws-lambda';
import { shownPath } from '../../lib/application/shown-faults.ts';
import type { OperationContract } from '../../lib/contracts/operation-contract.ts';
import { failuresOf } from './failing-paths.ts';
import type { AnyResult } from './operation.ts';

const JSON_TYPE = 'application/json; charset=utf-8';

/** An operation has answered what its contract does not know: a bug, and never sent to a caller. */
export class AnswerMismatchError extends Error {
  override readonly name = 'AnswerMismatchError';
  /** Where the answer is wrong; without the values, which are a tenant's data. */
  readonly paths: readonly string[];

  constructor(operationId: string, paths: readonly string[]) {
    super(`The answer of ${operationId} does not fit its contract.`);
    this.paths = paths;
  }
}

type Answer = Exclude<AnyResult, { readonly problem: unknown }>;

function bodyOf(contract: OperationContract, { status, body }: Answer): unknown {
  const schema = Object.hasOwn(contract.answers, status) ? contract.answers[status] : undefined;
  if (schema === undefined) throw new AnswerMismatchError(contract.operationId, [`status ${status}`]);
  if (schema === null) return undefined;
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new AnswerMismatchError(
    contract.operationId,
    failuresOf(parsed.error).map(({ path }) => shownPath(path)),
  );
}

/**
 * The answer of an operation, in HTTP.
 *
 * @throws AnswerMismatchError when it does not fit the contract
 */
export function answerOf(contract: OperationContract, answer: Answer): APIGatewayProxyResult {
  const body = bodyOf(contract, answer);
  const headers = { ...answer.headers };
  if (body === undefined) return { statusCode: answer.status, headers, body: '' };
  const contentType = contract.contentType ?? JSON_TYPE;
  return {
    statusCode: answer.status,
    headers: { 'Content-Type': contentType, ...headers },
    body: contract.contentType === undefined ? JSON.stringify(body) : String(body),
  };
}
