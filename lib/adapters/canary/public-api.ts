import * as z from 'zod';
import type { CanaryAnswer, CanaryApi, CanaryRequest } from '../../application/run-canary.ts';

/** A shopper has left by then. Five requests, if all are needed, end within the function's time. */
const TIMEOUT_MS = 5_000;

/** What is read of an answer; another shape is an answer without a reservation, which the canary minds. */
const answerBody = z.object({
  code: z.string().optional().catch(undefined),
  reservationId: z.string().min(1).optional().catch(undefined),
  status: z.string().optional().catch(undefined),
  lines: z
    .array(z.object({ quantity: z.int() }))
    .optional()
    .catch(undefined),
});

const pathOf = (request: CanaryRequest): string => {
  switch (request.operationId) {
    case 'putProduct':
      return `products/${request.id}`;
    case 'putLocation':
      return `locations/${request.id}`;
    case 'recordMovement':
      return 'movements';
    case 'reserveStock':
      return 'reservations';
    case 'releaseReservation':
      return `reservations/${request.id}/release`;
  }
};

const isPut = ({ operationId }: CanaryRequest): boolean => operationId.startsWith('put');

function readAnswer(status: number, text: string): CanaryAnswer {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { status };
  }
  const parsed = answerBody.safeParse(body);
  if (!parsed.success) return { status };
  const { code, reservationId, lines, status: state } = parsed.data;
  if (reservationId === undefined || lines === undefined || state === undefined) {
    return { status, ...(code !== undefined && { problem: code }) };
  }
  const units = lines.reduce((sum, { quantity }) => sum + quantity, 0);
  return { status, reservation: { reservationId, status: state, units } };
}

export interface PublicApiOptions {
  /** Address of the first version of the API, without a slash at its end. */
  readonly url: string;
  /** Is told why no answer came. */
  readonly onFailure: (error: unknown) => void;
  /** @default 5000 */
  readonly timeoutMs?: number;
}

/** The API of a region over the public network, as any client has it. */
export function createPublicApi({ url, onFailure, timeoutMs = TIMEOUT_MS }: PublicApiOptions): CanaryApi {
  return {
    async send(request) {
      try {
        const response = await fetch(`${url}/${pathOf(request)}`, {
          method: isPut(request) ? 'PUT' : 'POST',
          headers: {
            Authorization: `Bearer ${request.key}`,
            'Content-Type': 'application/json',
            'Idempotency-Key': request.requestId,
            'X-Request-Id': request.requestId,
          },
          body: JSON.stringify(request.body),
          // Where it leads is not for the other side to say.
          redirect: 'error',
          signal: AbortSignal.timeout(timeoutMs),
        });
        return readAnswer(response.status, await response.text());
      } catch (error) {
        onFailure(error);
        return undefined;
      }
    },
  };
}
