import type { Context } from 'aws-lambda';
import { auditSlice } from '../../lib/application/audit-slice.ts';
import { beginRun } from '../observability/current-run.ts';
import { auditLog } from './audit-log.ts';
import { checkRollup, dependencies, logger, metrics } from './dependencies.ts';

/** Kept free at the end of a run: a product that was begun before may be looked at three times. */
const RESERVE_MS = 60_000;

/** Started by a schedule: audits the next slice of the products that have stock in this region. */
export async function handler(
  _event: unknown,
  context: Pick<Context, 'awsRequestId' | 'getRemainingTimeInMillis'>,
): Promise<void> {
  beginRun(context);
  const deadlineMs = dependencies.clock.now() + context.getRemainingTimeInMillis() - RESERVE_MS;
  const log = auditLog(logger);
  const slice = await auditSlice(dependencies, { deadlineMs, checkRollup, report: log.judged });
  metrics.record(slice);
  log.ended(slice);
}
