/**
 * What happens after a commit: the changes that a stream shows are completed, told to whoever wants to hear of them,
 * and carried over to the read model. One batch at a time, in order for each item; a change that must be shown again
 * holds up only those of its own item. Whatever is shown twice is done twice, and each part bears that.
 */
import { BatchProgress, isForLater } from './batch-progress.ts';
import { completeChange } from './complete-change.ts';
import { followHolds, type HoldCounting } from './follow-holds.ts';
import { followStock } from './follow-stock.ts';
import { handOver, keepingEvents, type SentCounts } from './hand-over.ts';
import { type MessagesOfChange, messagesOf } from './messages-of.ts';
import type { Dependencies, Outlets, Parking, RecordChange } from './ports.ts';
import type { Notice } from './settle-siblings.ts';
import type { ChangeEvent, StreamedRecord } from './streamed-record.ts';

export interface ConsumerDependencies extends Dependencies {
  readonly outlets: Outlets;
  readonly parking: Parking;
  /** @default none: no tenant here has caps */
  readonly holdCounting?: HoldCounting;
}

export interface ChangesOptions {
  /** No record is begun after this time, but the first one always is. */
  readonly deadlineMs: number;
  readonly followDemand: (changes: readonly RecordChange[]) => Promise<void>;
  readonly report: (event: ChangeEvent) => void;
}

/** What became of a batch. */
export interface CompletedBatch extends SentCounts {
  /** Positions of the records that must be shown again. */
  readonly failed: readonly string[];
  readonly parked: number;
}

/** Changes whose demand is followed between two looks at the clock. */
const FOLLOWED_AT_ONCE = 10;

/** What was noticed while changes were completed, by their indexes. */
type Noticed = Map<number, readonly Notice[]>;

interface Completing {
  readonly deps: ConsumerDependencies;
  readonly batch: BatchProgress;
  readonly report: ChangesOptions['report'];
  readonly noticed: Noticed;
}

async function completeOne({ deps, batch, report, noticed }: Completing, index: number): Promise<void> {
  const record = batch.records[index];
  if (record === undefined) return;
  if (record.change === undefined) return batch.reject(index, record.fault);
  try {
    const notices = await completeChange(deps, record.change);
    for (const notice of notices) report({ event: 'noticed', notice });
    noticed.set(index, notices);
  } catch (error) {
    await batch.fail(index, error);
  }
}

/** Completes one after the other, and within an item none behind one that must be shown again. */
async function completeAll(
  deps: ConsumerDependencies,
  batch: BatchProgress,
  { deadlineMs, report }: ChangesOptions,
): Promise<Noticed> {
  const completing: Completing = { deps, batch, report, noticed: new Map() };
  const heldUp = new Set<string>();
  for (const [index, { recordKey }] of batch.records.entries()) {
    const isLate = index > 0 && deps.clock.now() >= deadlineMs;
    if (isLate || heldUp.has(recordKey)) batch.postpone(index);
    else await completeOne(completing, index);
    if (batch.mustComeAgain(index)) heldUp.add(recordKey);
  }
  return completing.noticed;
}

/** Tells of the changes that are completed. */
async function tell(deps: ConsumerDependencies, batch: BatchProgress, noticed: Noticed): Promise<SentCounts> {
  const messages = new Map<number, MessagesOfChange>();
  for (const index of batch.open()) {
    const record = batch.records[index];
    if (record?.change === undefined) continue;
    const { change, committedAtMs } = record;
    try {
      messages.set(
        index,
        await messagesOf(deps, { change, committedAtMs, notices: noticed.get(index) ?? [] }),
      );
    } catch (error) {
      await batch.fail(index, error);
    }
  }
  const { lost, ...counts } = await handOver(deps, messages);
  for (const [index, error] of lost) await batch.fail(index, error);
  return counts;
}

const changesAt = (batch: BatchProgress, indexes: readonly number[]): RecordChange[] =>
  indexes.flatMap((index) => batch.records[index]?.change ?? []);

/** Carries changes over to the rollups, and to the lists of open holds. @returns those that must be shown again. */
async function followAll(
  deps: ConsumerDependencies,
  changes: readonly RecordChange[],
): Promise<ReadonlySet<number>> {
  const { holdCounting } = deps;
  const behind = await followStock(keepingEvents(deps), changes);
  if (holdCounting === undefined) return behind;
  return behind.union(await followHolds({ ...deps, holdCounting }, changes));
}

async function carryOver(
  deps: ConsumerDependencies,
  batch: BatchProgress,
  indexes: readonly number[],
): Promise<void> {
  try {
    const behind = await followAll(deps, changesAt(batch, indexes));
    for (const [at, index] of indexes.entries()) if (behind.has(at)) batch.postpone(index);
  } catch (error) {
    // A bug is looked for one by one, so that it holds up nothing else.
    const isOne = indexes.length === 1 || isForLater(error);
    for (const index of indexes) await (isOne ? batch.fail(index, error) : carryOver(deps, batch, [index]));
  }
}

/** Demand is a matter of speed: whatever goes wrong here, the changes are completed. */
async function follow(
  { clock }: ConsumerDependencies,
  changes: readonly RecordChange[],
  { deadlineMs, followDemand, report }: ChangesOptions,
): Promise<void> {
  try {
    for (let start = 0; start < changes.length; start += FOLLOWED_AT_ONCE) {
      if (clock.now() >= deadlineMs) return;
      await followDemand(changes.slice(start, start + FOLLOWED_AT_ONCE));
    }
  } catch (error) {
    report({ event: 'demand_not_followed', error });
  }
}

/** Handles a batch of changes. @returns which of them must be shown again. */
export async function completeChanges(
  deps: ConsumerDependencies,
  records: readonly StreamedRecord[],
  options: ChangesOptions,
): Promise<CompletedBatch> {
  const { report } = options;
  const batch = new BatchProgress(records, deps, report);
  const noticed = await completeAll(deps, batch, options);
  const completed = changesAt(batch, batch.open());
  const { sent, kept } = await tell(deps, batch, noticed);
  await carryOver(deps, batch, batch.open());
  await follow(deps, completed, options);
  for (const [channel, count] of Object.entries(kept)) {
    if (count > 0) report({ event: 'kept', channel: channel as keyof typeof kept, count });
  }
  return { ...batch.end(), sent, kept };
}
