import { textTable } from '../text-table.ts';
import type { TenantAudit } from './audit-tenant.ts';

/** The result for people. */
export function renderAudit({ checked, drifts, unsettled }: TenantAudit): string {
  const said = `${checked} products audited, ${drifts.length} of them with books that do not agree.`;
  const busy = `Not at rest long enough to tell: ${unsettled.join(', ')}.`;
  const rows = drifts.flatMap(({ sku, objections }) =>
    objections.map((objection, index) => [index === 0 ? sku : '', objection]),
  );
  return [
    ...(rows.length === 0 ? [] : [textTable([['sku', 'violation'], ...rows]), '']),
    ...(unsettled.length === 0 ? [] : [busy]),
    said,
  ].join('\n');
}
