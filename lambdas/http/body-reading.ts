import type { APIGatewayProxyEvent } from 'aws-lambda';
import { BODY_BYTES_MAX } from '../../lib/contracts/limits.ts';
import { type HttpMiddleware, operationOf } from './exchange.ts';
import { headerValues } from './headers.ts';
import type { BoundOperation } from './operation.ts';
import { ProblemError } from './problem.ts';
import { type ParsedJson, parseStrictJson } from './strict-json.ts';

/** A byte order mark is kept, so that JSON refuses it: RFC 8259 forbids to send one. */
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const invalidJson = (detail: string) => new ProblemError({ problem: 'invalid_json', detail });

function checkSize({ body, isBase64Encoded }: APIGatewayProxyEvent): void {
  const bytes = Buffer.byteLength(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
  if (bytes <= BODY_BYTES_MAX) return;
  throw new ProblemError({
    problem: 'payload_too_large',
    detail: `A body may have ${BODY_BYTES_MAX} bytes at most.`,
  });
}

/** Whether a content type is JSON in UTF-8. Parameters other than the character set mean nothing to JSON. */
function isJson(contentType: string): boolean {
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim().toLowerCase());
  if (type !== 'application/json') return false;
  const charsets = parameters.filter((parameter) => parameter.startsWith('charset='));
  return charsets.every((charset) => /^charset="?utf-8"?$/.test(charset));
}

function checkMediaType(event: APIGatewayProxyEvent): void {
  if (headerValues(event, 'content-encoding').some((encoding) => encoding.trim() !== '')) {
    throw new ProblemError({
      problem: 'unsupported_media_type',
      detail: 'Send the body without a Content-Encoding.',
    });
  }
  const [contentType, ...others] = headerValues(event, 'content-type');
  if (!event.body || (contentType !== undefined && others.length === 0 && isJson(contentType))) return;
  throw new ProblemError({
    problem: 'unsupported_media_type',
    detail: 'Send the body with Content-Type: application/json.',
  });
}

function decode({ body, isBase64Encoded }: APIGatewayProxyEvent): string {
  if (!isBase64Encoded) return body ?? '';
  try {
    return UTF8.decode(Buffer.from(body ?? '', 'base64'));
  } catch {
    throw invalidJson('The body is not UTF-8.');
  }
}

function parse(text: string, { acceptsEmptyBody }: BoundOperation): ParsedJson {
  if (text === '') {
    if (acceptsEmptyBody) return { value: {}, failures: [] };
    throw invalidJson('This request needs a body.');
  }
  const parsed = text.isWellFormed() ? parseStrictJson(text) : undefined;
  if (parsed === undefined) throw invalidJson('The body is not JSON, or is nested too deeply.');
  return parsed;
}

/** Reads the body of an operation that takes one; what other operations are sent is ignored. */
export const bodyReading: HttpMiddleware = {
  before: ({ event }) => {
    const operation = operationOf(event.exchange);
    if (operation.contract.body === undefined) return;
    checkSize(event);
    checkMediaType(event);
    event.exchange.json = parse(decode(event), operation);
  },
};
