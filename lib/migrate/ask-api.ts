/** Requests of which a refusal is an answer: it is told, and the next row is taken. */
import * as z from 'zod';
import { unexpected } from '../replay/http/answers.ts';
import type { PatientClient } from '../replay/http/patient-client.ts';
import type { HttpAnswer, HttpRequest } from '../replay/http/transport.ts';

const problem = z.object({
  code: z.string(),
  detail: z.string(),
  lines: z.array(z.object({ sku: z.string(), requested: z.number(), available: z.number() })).optional(),
});

export type Refusal = z.infer<typeof problem>;

export type Reply =
  | { readonly ok: true; readonly body: unknown; readonly replayed: boolean }
  | { readonly ok: false; readonly refusal: Refusal };

/** With such an answer every other row would end alike. */
const HOPELESS: ReadonlySet<number> = new Set([401, 403]);

const isDone = ({ status }: HttpAnswer): boolean => status >= 200 && status < 300;

/**
 * Sends a request and tells what came of it.
 *
 * @throws UnexpectedAnswerError for a key that may not do this, and for what is no answer of the API.
 */
export async function ask(client: PatientClient, operation: string, request: HttpRequest): Promise<Reply> {
  const answer = await client.send(operation, request);
  if (isDone(answer)) return { ok: true, body: answer.body, replayed: answer.replayed === true };
  const refusal = problem.safeParse(answer.body);
  if (HOPELESS.has(answer.status) || !refusal.success) throw unexpected(request, answer);
  return { ok: false, refusal: refusal.data };
}

/** A refusal in one line. */
export function describeRefusal({ code, detail, lines = [] }: Refusal): string {
  const missing = lines.map(
    ({ sku, requested, available }) => `${sku}: ${requested} asked for, ${available} there`,
  );
  return missing.length === 0 ? `${code}: ${detail}` : `${code}: ${missing.join(', ')}`;
}
