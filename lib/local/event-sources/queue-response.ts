import type { Message } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import type { Outcome } from '../environments/environment.ts';

const responseSchema = z
  .object({
    batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })).nullish(),
  })
  .nullish();

/**
 * The messages of a batch that are done with. With partial answers those are all that the answer does not name; an
 * answer that Lambda does not understand, or that names what is not in the batch, fails the whole batch.
 *
 * @param reportsFailures the mapping has `ReportBatchItemFailures`; without it any answer means success.
 */
export function doneMessages(
  outcome: Outcome,
  batch: readonly Message[],
  reportsFailures: boolean,
): readonly Message[] {
  if (outcome.kind !== 'result') return [];
  if (!reportsFailures) return batch;
  const parsed = responseSchema.safeParse(outcome.value);
  if (!parsed.success) return [];
  const failed = new Set((parsed.data?.batchItemFailures ?? []).map((failure) => failure.itemIdentifier));
  const done = batch.filter(({ MessageId = '' }) => !failed.has(MessageId));
  return done.length + failed.size === batch.length ? done : [];
}
