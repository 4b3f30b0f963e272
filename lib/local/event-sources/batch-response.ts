import type { Outcome } from '../environments/environment.ts';
import type { SourceRecord } from './stream-event.ts';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** The identifiers of `{"batchItemFailures": [{"itemIdentifier": "…"}]}`; `undefined` when it is malformed. */
function readFailures(answer: unknown): readonly string[] | undefined {
  if (!isObject(answer)) return [];
  const failures = answer['batchItemFailures'] ?? [];
  if (!Array.isArray(failures)) return undefined;
  const identifiers = failures.map((failure) => (isObject(failure) ? failure['itemIdentifier'] : undefined));
  return identifiers.every((one) => typeof one === 'string') ? identifiers : undefined;
}

/**
 * How many records of a batch, counted from its beginning, are done with. With partial answers that is everything
 * before the first that failed; an answer that Lambda does not understand fails the whole batch.
 *
 * @param reportsFailures the mapping has `ReportBatchItemFailures`; without it any answer means success.
 */
export function doneRecords(
  outcome: Outcome,
  batch: readonly SourceRecord[],
  reportsFailures: boolean,
): number {
  if (outcome.kind !== 'result') return 0;
  if (!reportsFailures) return batch.length;
  const failures = readFailures(outcome.value);
  if (failures === undefined) return 0;
  const positions = failures.map((failure) =>
    batch.findIndex(({ wire }) => wire.dynamodb.SequenceNumber === failure),
  );
  return positions.includes(-1) ? 0 : Math.min(batch.length, ...positions);
}
