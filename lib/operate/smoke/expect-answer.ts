import * as z from 'zod';
import { CheckFailure } from './run-checks.ts';
import type { AskStage, StageAnswer, StageRequest } from './stage-client.ts';

const problem = z.object({ code: z.string(), detail: z.string().optional() });

/** What an answer says of itself, in a few words. */
function describe({ status, body }: StageAnswer): string {
  const { data } = problem.safeParse(body);
  return data === undefined ? String(status) : `${status} ${data.code}: ${data.detail ?? ''}`;
}

/** Asks, and fails for any other status. */
export async function expectStatus(
  ask: AskStage,
  request: StageRequest,
  statuses: readonly number[],
): Promise<StageAnswer> {
  const answer = await ask(request);
  if (statuses.includes(answer.status)) return answer;
  const { method, path } = request;
  throw new CheckFailure(`${method} ${path}: expected ${statuses.join(' or ')}, got ${describe(answer)}`);
}

/** Asks for something, and reads it. */
export async function expectBody<Output>(
  ask: AskStage,
  request: StageRequest,
  { status, schema }: { readonly status: number; readonly schema: z.ZodType<Output> },
): Promise<Output> {
  const { body } = await expectStatus(ask, request, [status]);
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new CheckFailure(
    `${request.method} ${request.path}: the answer is not as documented: ${issue?.path.join('.')} ${issue?.message}`,
  );
}

/** Asks for what must be refused, and reads why. */
export async function expectProblem(
  ask: AskStage,
  request: StageRequest,
  { status, code }: { readonly status: number; readonly code: string },
): Promise<StageAnswer> {
  const answer = await expectStatus(ask, request, [status]);
  const type = answer.headers.get('content-type') ?? 'none';
  const { data } = problem.safeParse(answer.body);
  const where = `${request.method} ${request.path}`;
  if (data?.code !== code)
    throw new CheckFailure(`${where}: expected the code ${code}, got ${describe(answer)}`);
  if (type.startsWith('application/problem+json')) return answer;
  throw new CheckFailure(`${where}: expected the type application/problem+json, got ${type}`);
}
