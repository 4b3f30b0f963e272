import { describe, expect, it } from 'vitest';
import { problemDocument } from '../../../lib/contracts/problem-document.ts';
import { PROBLEM_CODES, PROBLEMS } from '../../../lib/contracts/problems.ts';

/** The statuses of the contract (`docs/errors.md`), written down a second time on purpose. */
const STATUSES = {
  not_found: 404,
  method_not_allowed: 405,
  unauthenticated: 401,
  forbidden: 403,
  rate_limited: 429,
  payload_too_large: 413,
  unsupported_media_type: 415,
  invalid_json: 400,
  validation_failed: 400,
  not_supported: 400,
  invalid_cursor: 400,
  idempotency_key_required: 400,
  idempotency_key_invalid: 400,
  version_mismatch: 412,
  idempotency_key_reused: 422,
  unknown_sku: 404,
  unknown_location: 404,
  product_in_use: 409,
  location_region_fixed: 409,
  tenant_exists: 409,
  webhook_limit: 409,
  reservation_expired: 409,
  reservation_not_held: 409,
  invalid_transition: 409,
  quantity_exceeds_reservation: 409,
  extension_limit: 409,
  history_limit: 409,
  insufficient_stock: 409,
  too_many_allocations: 409,
  contended: 503,
  region_unavailable: 503,
  internal_error: 500,
};

describe('the catalogue of problems', () => {
  it('has these codes, in this order, with these statuses', () => {
    const statuses = PROBLEM_CODES.map((code) => [code, PROBLEMS[code].status]);
    expect(statuses).toEqual(Object.entries(STATUSES));
  });

  it('says of each what it is, what it means and what to do', () => {
    for (const { title, meaning, action } of Object.values(PROBLEMS)) {
      expect(title).toMatch(/^[A-Z][a-zA-Z ]+$/);
      for (const sentence of [meaning, action]) expect(sentence).toMatch(/^[A-Z`].*\.$/);
    }
  });

  it('calls whatever passes by itself retryable', () => {
    const retryable = PROBLEM_CODES.filter((code) => PROBLEMS[code].retryable);
    expect(retryable).toEqual([
      'rate_limited',
      'insufficient_stock',
      'contended',
      'region_unavailable',
      'internal_error',
    ]);
  });

  it('has a document that is strict', () => {
    const document = {
      type: 'urn:holdfast:problem:not_found',
      title: 'Not found',
      status: 404,
      code: 'not_found',
      detail: 'No.',
      requestId: 'a',
    };
    expect(problemDocument.safeParse(document).success).toBe(true);
    expect(problemDocument.safeParse({ ...document, stack: 'at x' }).success).toBe(false);
    expect(problemDocument.safeParse({ ...document, code: 'made_up' }).success).toBe(false);
  });
});
