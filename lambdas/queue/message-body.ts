import type * as z from 'zod';

/** A body that nobody can read: no retry will help. Names what is wrong, and nothing of what is in it. */
export class MalformedMessageError extends Error {
  override readonly name = 'MalformedMessageError';
}

/** Faults of a body that are named; more say nothing new. */
const FAULTS_NAMED_MAX = 5;

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // The parser's own error quotes the body.
    throw new MalformedMessageError('The body is not JSON.');
  }
}

/** Reads bodies that are JSON and fit a schema. */
export const jsonBody =
  <Message>(schema: z.ZodType<Message>) =>
  (body: string): Message => {
    const parsed = schema.safeParse(parseJson(body));
    if (parsed.success) return parsed.data;
    const faults = parsed.error.issues
      .slice(0, FAULTS_NAMED_MAX)
      .map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`);
    throw new MalformedMessageError(`The body does not fit: ${faults.join('; ')}.`);
  };
