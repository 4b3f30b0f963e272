import type { Audit } from '../../../lib/application/audit-stock.ts';

/** An audit as the API shows it. */
export function answerAudit({ sku, ok, stable, total, violations }: Audit) {
  const { unbooked, ...counts } = total;
  return {
    sku,
    ok,
    stable,
    ...counts,
    unbookedShipments: unbooked,
    violations: [...violations],
  };
}
