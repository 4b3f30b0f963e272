import { ChangeContendedError } from '../../application/complete-change.ts';
import { followStock } from '../../application/follow-stock.ts';
import { handOver, keepingEvents } from '../../application/hand-over.ts';
import { type MessagesOfChange, messagesOf } from '../../application/messages-of.ts';
import type { StreamedRecord } from '../../application/streamed-record.ts';
import type { SimulatedDependencies } from './simulated-dependencies.ts';

/**
 * Tells of changes that a mutant does not complete: or the first that is noticed of its mistake would be that nobody
 * heard of them.
 *
 * @throws an Error when they must be shown again.
 */
export async function tellOnly(
  deps: SimulatedDependencies,
  records: readonly StreamedRecord[],
): Promise<void> {
  const told = new Map<number, MessagesOfChange>();
  for (const [index, { change, committedAtMs }] of records.entries()) {
    if (change === undefined) continue;
    told.set(index, await messagesOf(deps, { change, committedAtMs, notices: [] }));
  }
  const { lost } = await handOver(deps, told);
  const behind = await followStock(
    keepingEvents(deps),
    records.flatMap(({ change }) => change ?? []),
  );
  if (lost.size + behind.size > 0) throw new ChangeContendedError('Some changes could not be told of');
}
