import { ROUTES, type Route } from '../../lib/config/routes.ts';
import type {
  AnswerOf,
  BodyOf,
  OperationContract,
  ParamsOf,
  QueryOf,
} from '../../lib/contracts/operation-contract.ts';
import type { Conditions } from './entity-tags.ts';
import type { PrincipalOf } from './principal.ts';
import type { Problem } from './problem.ts';

/** A request as its operation sees it: authenticated, parsed, with every default applied. */
export interface OperationRequest<Contract extends OperationContract> extends Conditions {
  readonly principal: PrincipalOf<Contract['caller']>;
  readonly params: ParamsOf<Contract>;
  readonly query: QueryOf<Contract>;
  readonly body: BodyOf<Contract>;
  readonly idempotencyKey: Contract extends { readonly idempotent: true } ? string : undefined;
  /** Preferences of `Prefer`, in lower case, such as `respond-async` (RFC 7240). */
  readonly prefer: readonly string[];
  readonly requestId: string;
  readonly traceparent: string | undefined;
  /** What stands before `/v1` in the caller's URL, such as the stage of the gateway; often nothing. */
  readonly basePath: string;
}

/** Headers that an operation may set. Those of every answer are set by the chain. */
type AnswerHeaders = Readonly<
  Partial<
    Record<
      | 'Cache-Control'
      | 'Content-Security-Policy'
      | 'ETag'
      | 'Idempotency-Replayed'
      | 'Location'
      | 'Preference-Applied',
      string
    >
  >
>;

/** What an operation answers: a status of its contract with its body, or a problem. */
type OperationResult<Contract extends OperationContract> =
  | (AnswerOf<Contract> & { readonly headers?: AnswerHeaders })
  | Problem;

/** The answer of any operation, once its contract is no longer known to the compiler. */
export type AnyResult =
  | { readonly status: number; readonly body?: unknown; readonly headers?: AnswerHeaders }
  | Problem;

/** An operation with its route, its contract and what runs it. */
export interface BoundOperation {
  readonly route: Route;
  readonly contract: OperationContract;
  /** Whether an empty body counts as `{}`. */
  readonly acceptsEmptyBody: boolean;
  /** The request was parsed by the contract of this operation. */
  readonly run: (request: unknown) => Promise<AnyResult>;
}

/** A contract that waits for the code that fulfils it. */
export interface Operation<Contract extends OperationContract> {
  /** Two steps, because the compiler must know the contract before it can judge the answers. */
  runs(run: (request: OperationRequest<Contract>) => Promise<OperationResult<Contract>>): BoundOperation;
}

/**
 * Finds the route of a contract: `operation(getStockContract).runs(async ({ params }) => …)`.
 *
 * @throws an Error when no route has the contract's `operationId`
 */
export function operation<Contract extends OperationContract>(contract: Contract): Operation<Contract> {
  const route = ROUTES.find(({ operationId }) => operationId === contract.operationId);
  if (route === undefined) throw new Error(`There is no route for ${contract.operationId}.`);
  return {
    runs: (run) => ({
      route,
      contract,
      acceptsEmptyBody: contract.body?.safeParse({}).success ?? true,
      run: run as BoundOperation['run'],
    }),
  };
}
