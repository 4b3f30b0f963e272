import type { ZodOpenApiResponsesObject } from 'zod-openapi';
import { problemHeaders } from './openapi-headers.ts';
import { type ProblemDocument, problemDocument, problemType } from './problem-document.ts';
import { PROBLEMS, type ProblemCode } from './problems.ts';

const SUCCESSES: Readonly<Record<number, string>> = {
  200: 'Done.',
  201: 'Created.',
  202: 'Begun.',
  204: 'Done; there is nothing to say.',
  304: 'The caller has this version already.',
};

/** What a status of success means. */
export const describedAs = (status: number): string => SUCCESSES[status] ?? 'Done.';

/** What only some problems carry. */
const EXTRAS: Partial<Record<ProblemCode, Partial<ProblemDocument>>> = {
  validation_failed: {
    errors: [{ path: 'lines.0.quantity', message: 'must be an integer from 1 to 1000000000' }],
  },
  not_supported: { errors: [{ path: 'someField', message: 'is not supported yet' }] },
  insufficient_stock: {
    lines: [
      {
        sku: 'KEYBOARD-01',
        requested: 2,
        available: 0,
        reason: 'held',
        nextReleaseAt: '2026-11-24T09:45:00.000Z',
      },
    ],
  },
};

function exampleOf(code: ProblemCode) {
  const { status, title, meaning } = PROBLEMS[code];
  const value: ProblemDocument = {
    type: problemType(code),
    title,
    status,
    code,
    detail: meaning,
    requestId: 'b7f0c1d2-0001',
    ...EXTRAS[code],
  };
  return { summary: title, value };
}

/** The problem answers of an operation, by status; each status lists the codes it stands for. */
export function problemResponses(codes: readonly ProblemCode[]): ZodOpenApiResponsesObject {
  const byStatus = Map.groupBy(codes, (code) => PROBLEMS[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, found]) => [
      String(status),
      {
        description: found.map((code) => `\`${code}\`: ${PROBLEMS[code].meaning}`).join('\n\n'),
        headers: problemHeaders(status),
        content: {
          'application/problem+json': {
            schema: problemDocument,
            examples: Object.fromEntries(found.map((code) => [code, exampleOf(code)])),
          },
        },
      },
    ]),
  );
}
