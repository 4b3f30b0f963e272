import type { CompletedBatch } from '../../lib/application/complete-changes.ts';
import type { RecordChange } from '../../lib/application/ports.ts';
import type { StreamedRecord } from '../../lib/application/streamed-record.ts';
import type { ChangeMeasure } from '../observability/background-metrics.ts';

/** What a batch of changes is counted as. */
export function measureOf(
  records: readonly StreamedRecord[],
  { failed, parked, sent, kept }: CompletedBatch,
  nowMs: number,
): Omit<ChangeMeasure, 'trade'> {
  // Lambda tells the second only, and clocks differ a little. What cannot be read may not even have a time.
  const agesMs = records.flatMap(({ committedAtMs }) =>
    committedAtMs === 0 ? [] : [Math.max(0, nowMs - committedAtMs)],
  );
  return {
    records: records.length,
    failed: failed.length,
    parked,
    ...(agesMs.length > 0 && { oldestAgeMs: Math.max(...agesMs), newestAgeMs: Math.min(...agesMs) }),
    sent: sent.events,
    kept: kept.events + kept.orders + kept.log,
  };
}

/** What will not be shown again: it is counted now or never. */
export function completedChanges(
  records: readonly StreamedRecord[],
  { failed }: Pick<CompletedBatch, 'failed'>,
): RecordChange[] {
  const again = new Set(failed);
  return records.flatMap(({ position, change }) =>
    change === undefined || again.has(position) ? [] : [change],
  );
}
