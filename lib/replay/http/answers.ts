/** Answers of the API: parsed, and those that cannot be gone on from refused. */
import type * as z from 'zod';
import type { PatientClient } from './patient-client.ts';
import type { HttpAnswer, HttpRequest } from './transport.ts';

/** An answer that the API's contract does not allow here, or that a command cannot go on after. */
export class UnexpectedAnswerError extends Error {
  override readonly name = 'UnexpectedAnswerError';
}

/** What to throw for an answer. */
export function unexpected(
  { method, path }: HttpRequest,
  { status, body }: HttpAnswer,
): UnexpectedAnswerError {
  const shownBody = typeof body === 'string' ? body : JSON.stringify(body);
  return new UnexpectedAnswerError(`${method} ${path} was answered with ${status}: ${shownBody}`);
}

/** Parses the body of an answer. */
export function parse<Output>(schema: z.ZodType<Output>, request: HttpRequest, answer: HttpAnswer): Output {
  const parsed = schema.safeParse(answer.body);
  if (!parsed.success) throw unexpected(request, answer);
  return parsed.data;
}

/** Sends a request and accepts these statuses only. */
export async function expect(
  client: PatientClient,
  operation: string,
  { statuses, ...request }: HttpRequest & { readonly statuses: readonly number[] },
): Promise<HttpAnswer> {
  const answer = await client.send(operation, request);
  if (!statuses.includes(answer.status)) throw unexpected(request, answer);
  return answer;
}

/** Reads a document. */
export async function read<Output>(
  client: PatientClient,
  operation: string,
  from: { readonly path: string; readonly schema: z.ZodType<Output> },
): Promise<Output> {
  const request = { method: 'GET', path: from.path } as const;
  return parse(from.schema, request, await expect(client, operation, { ...request, statuses: [200] }));
}
