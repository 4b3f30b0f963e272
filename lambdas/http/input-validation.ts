import * as z from 'zod';
import { RESOURCE_PARAMS } from '../../lib/contracts/identifiers.ts';
import type { OperationContract } from '../../lib/contracts/operation-contract.ts';
import type { Failure } from '../../lib/contracts/problem-document.ts';
import { type HttpEvent, type HttpMiddleware, type Input, operationOf } from './exchange.ts';
import { distinctFailures, failuresOf } from './failing-paths.ts';
import { type Parameters, pathParameters, queryParameters } from './parameters.ts';
import { ProblemError } from './problem.ts';
import { separateUnsupported } from './unsupported.ts';

const NOTHING = z.strictObject({});

interface Validated {
  readonly value: unknown;
  readonly failures: readonly Failure[];
}

function validate(
  schema: z.ZodType,
  { values, failures }: { values: unknown; failures: readonly Failure[] },
): Validated {
  const parsed = schema.safeParse(values);
  if (parsed.success) return { value: parsed.data, failures };
  return { value: undefined, failures: [...failures, ...failuresOf(parsed.error)] };
}

/** A sku that is malformed is a mistake of the caller; an id of ours that is malformed names nothing. */
function validateParams(
  schema: z.ZodType,
  parameters: Parameters,
): Validated & { readonly namesNothing: boolean } {
  const { value, failures } = validate(schema, parameters);
  const mistakes = failures.filter(({ path }) => !RESOURCE_PARAMS.has(path));
  return { value, failures: mistakes, namesNothing: mistakes.length < failures.length };
}

function validateBody(
  contract: OperationContract,
  { exchange }: HttpEvent,
): Validated & { readonly unsupported: readonly Failure[] } {
  const { json } = exchange;
  if (contract.body === undefined || json === undefined)
    return { value: undefined, failures: [], unsupported: [] };
  const { body, malformed, unsupported } = separateUnsupported(json.value, contract.unsupportedFields);
  return {
    ...validate(contract.body, { values: body, failures: [...json.failures, ...malformed] }),
    unsupported,
  };
}

function refuse(problem: 'validation_failed' | 'not_supported', failures: readonly Failure[]): void {
  if (failures.length === 0) return;
  const errors = distinctFailures(failures);
  const detail = errors.map(({ path, message }) => `${path} ${message}`).slice(0, 1);
  const rest = errors.length > 1 ? ` and ${errors.length - 1} more; see errors` : '';
  throw new ProblemError({ problem, detail: `${detail}${rest}.`, errors });
}

function parseInput(contract: OperationContract, event: HttpEvent): Input {
  const params = validateParams(contract.params ?? NOTHING, pathParameters(event));
  const query = validate(contract.query ?? NOTHING, queryParameters(event));
  const body = validateBody(contract, event);
  refuse('validation_failed', [...params.failures, ...query.failures, ...body.failures]);
  refuse('not_supported', body.unsupported);
  event.exchange.namesNothing = params.namesNothing;
  return { params: params.value, query: query.value, body: body.value };
}

/** Parses the parameters and the body of a request together, so that one answer names all that is wrong. */
export const inputValidation: HttpMiddleware = {
  before: ({ event }) => {
    event.exchange.input = parseInput(operationOf(event.exchange).contract, event);
  },
};
