import type { Slice } from '../../lib/application/audit-slice.ts';
import type { Judgement } from '../../lib/application/find-drift.ts';
import { LOG_MESSAGES } from '../observability/log-messages.ts';
import type { Logger } from '../observability/logger.ts';

/** Logs what an audit finds: a drift as an error, because nothing but a bug or a repair by hand makes one. */
export function auditLog(logger: Logger) {
  return {
    judged(judgement: Judgement): void {
      const { tenantId, sku } = judgement;
      if (judgement.found === 'drift') {
        const violations = judgement.discrepancies.map(({ sentence }) => sentence);
        logger.error(LOG_MESSAGES.stockDrift, { tenantId, sku, violations });
      }
      if (judgement.found !== 'skipped') return;
      const fields = { tenantId, sku, why: judgement.why };
      if (judgement.why === 'failed') logger.error(LOG_MESSAGES.auditSkipped, fields, judgement.error);
      else logger.info(LOG_MESSAGES.auditSkipped, fields);
    },
    ended({ checked, stopped }: Slice): void {
      logger.info(LOG_MESSAGES.sliceAudited, { count: checked, why: stopped });
    },
  };
}
