import { describe, expect, it } from 'vitest';
import { PROBLEM_CODES, type ProblemCode } from '../../lib/contracts/problems.ts';
import { createApi } from './api.ts';
import type { SentRequest } from './gateway-events.ts';

/** A fault of a request. Later ones may overwrite what earlier ones changed, so each is told apart by its code. */
type Fault = (request: SentRequest) => SentRequest;

const withHeaders =
  (headers: SentRequest['headers']): Fault =>
  (request) => ({ ...request, headers: { ...request.headers, ...headers } });

const withBody =
  (body: string): Fault =>
  (request) => ({ ...request, body });

const LINES = '"lines":[{"sku":"KEYBOARD-01","quantity":2}]';

/** Every fault that a request can have by itself, in the order in which the answer must prefer them. */
const FAULTS: readonly (readonly [ProblemCode, Fault])[] = [
  ['not_found', (request) => ({ ...request, path: `${request.path}-more` })],
  ['method_not_allowed', (request) => ({ ...request, method: 'PUT' })],
  ['unauthenticated', withHeaders({ Authorization: 'Bearer nobody' })],
  ['forbidden', withHeaders({ Authorization: 'Bearer read' })],
  ['payload_too_large', withBody('{'.repeat(70_000))],
  ['unsupported_media_type', withHeaders({ 'Content-Type': 'text/plain' })],
  ['invalid_json', withBody('{')],
  ['validation_failed', (request) => ({ ...request, query: { more: '1' } })],
  ['not_supported', withBody(`{"allowBackorder":true,${LINES}}`)],
  ['idempotency_key_invalid', withHeaders({ 'Idempotency-Key': '' })],
];

const SOUND: SentRequest = {
  method: 'POST',
  path: '/v1/reservations',
  body: `{${LINES}}`,
  headers: { Authorization: 'Bearer all', 'Content-Type': 'application/json', 'Idempotency-Key': 'a' },
};

/** Applies the later fault first, so that of two faults in one place the earlier one stays. */
const pairs = FAULTS.flatMap(([first, firstFault], index) =>
  FAULTS.slice(index).map(([second, secondFault]) => ({
    first,
    second,
    request: firstFault(secondFault(SOUND)),
  })),
);

describe('of two faults, the first is the answer', () => {
  it('and a request without any has none', async () => {
    expect((await createApi().send(SOUND)).status).toBe(201);
  });

  it.each(pairs)('$first before $second', async ({ first, request }) => {
    const api = createApi();
    expect((await api.send(request)).body.code).toBe(first);
    expect(api.requests).toEqual([]);
  });

  it('and all of them together answer the first', async () => {
    for (let index = 0; index < FAULTS.length; index += 1) {
      const request = FAULTS.slice(index).reduceRight((sent, [, fault]) => fault(sent), SOUND);
      expect((await createApi().send(request)).body.code).toBe(FAULTS[index]?.[0]);
    }
  });

  it('in the order of the catalogue', () => {
    const order = FAULTS.map(([code]) => PROBLEM_CODES.indexOf(code));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });
});
