import { afterEach, describe, expect, it, vi } from 'vitest';
import { auditLog } from '../../lambdas/audit/audit-log.ts';
import { createAuditMetrics } from '../../lambdas/audit/audit-metrics.ts';
import { LOG_MESSAGES } from '../../lambdas/observability/log-messages.ts';
import type { Judgement } from '../../lib/application/find-drift.ts';

afterEach(() => vi.restoreAllMocks());

const PRODUCT = { tenantId: 'acme', sku: 'a' };

const logged = (judgement: Judgement) => {
  const entries: unknown[] = [];
  const log = (level: string) => (message: unknown, fields: unknown) =>
    entries.push([level, message, fields]);
  auditLog({ info: log('info'), error: log('error') }).judged(judgement);
  return entries;
};

describe('a run of the audit', () => {
  it('is measured, nothing included', () => {
    const lines: string[] = [];
    vi.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
    createAuditMetrics('audit').record({ checked: 3, drifts: 0, skipped: 0 });
    const [metrics] = lines.map((line) => JSON.parse(line));
    expect(metrics).toMatchObject({
      service: 'audit',
      SkusAudited: 3,
      StockDrift: 0,
      AuditsSkipped: 0,
      _aws: { CloudWatchMetrics: [{ Namespace: 'Holdfast', Dimensions: [['service']] }] },
    });
  });

  it('says of a drift what is wrong', () => {
    const sentence = "north: onHand 4 is not the ledger's sum 5";
    const discrepancy = {
      locationId: 'north',
      rule: 'ledger',
      figure: 'onHand',
      found: 4,
      expected: 5,
      sentence,
    };
    const judgement = { ...PRODUCT, found: 'drift', discrepancies: [discrepancy] } as const;
    expect(logged(judgement as Judgement)).toEqual([
      ['error', LOG_MESSAGES.stockDrift, { ...PRODUCT, violations: [sentence] }],
    ]);
  });

  it('says why a product was skipped', () => {
    expect(logged({ ...PRODUCT, found: 'skipped', why: 'out_of_reach' })).toEqual([
      ['info', LOG_MESSAGES.auditSkipped, { ...PRODUCT, why: 'out_of_reach' }],
    ]);
    expect(logged({ ...PRODUCT, found: 'skipped', why: 'failed', error: new Error('x') })).toMatchObject([
      ['error', LOG_MESSAGES.auditSkipped, { why: 'failed' }],
    ]);
  });
});
