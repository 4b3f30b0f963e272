import { type Completed, completeDueWork } from './complete-due-work.ts';
import { tryNow } from './complete-writes.ts';
import type { SendingDependencies } from './send-unsent.ts';
import { tendRegion } from './tend-region.ts';
import type { DeliveryQueue } from './webhook-ports.ts';

/** A hold's units must be back within 60 s of its expiry; this leaves room for a start that fails. */
const SWEEP_PAUSE_MS = 5000;

/** The schedule starts a sweep each minute; it looks for work until shortly before the next one starts. */
const SWEEP_RUN_MS = 56_000;

/** Batches of one look: beyond that the next look goes on, so that a backlog cannot keep a sweep for ever. */
const BATCHES_MAX = 200;

/** Batches of one look that only send messages: a backlog of them must not keep the region from saying that it lives. */
const SENDING_BATCHES_MAX = 20;

/** Without a queue of deliveries, they are left alone. */
export type SweepDependencies = SendingDependencies & { readonly deliveryQueue?: DeliveryQueue };

/** Completes all work that is due now. */
export async function sweepOnce(deps: SweepDependencies): Promise<Completed> {
  let expiryLagMs: number | undefined;
  const total = { expired: 0, booked: 0, settled: 0, reviewed: 0, sent: 0, stuck: 0 };
  for (let batch = 0; batch < BATCHES_MAX; batch += 1) {
    const due = await deps.store.dueWork(deps.clock.now());
    const found = Object.values(due).reduce((sum, records) => sum + records.length, 0);
    if (found === 0) break;
    const done = await completeDueWork(deps, due);
    total.expired += done.expired;
    if (done.expiryLagMs !== undefined) expiryLagMs = Math.max(expiryLagMs ?? 0, done.expiryLagMs);
    total.booked += done.booked;
    total.settled += done.settled;
    total.reviewed += done.reviewed;
    total.sent += done.sent;
    total.stuck = done.stuck;
    // What is left is contended or being done by another sweep: look again after the pause.
    if (done.expired + done.booked + done.reviewed > 0) continue;
    if (done.sent === 0 || batch >= SENDING_BATCHES_MAX) break;
  }
  return expiryLagMs === undefined ? total : { ...total, expiryLagMs };
}

/**
 * Looks for due work, then tells the others that this region is there and goes on with its drain; again and again for
 * most of a minute.
 *
 * @param report is told of each look that did something.
 */
export async function sweep(deps: SweepDependencies, report: (done: Completed) => void): Promise<void> {
  const endMs = deps.clock.now() + SWEEP_RUN_MS;
  for (;;) {
    const done = await sweepOnce(deps);
    // After the expiries: a drain that cannot go on now must not keep anybody's units.
    await tryNow(() => tendRegion(deps));
    if (done.expired + done.booked + done.settled + done.sent + done.stuck > 0) report(done);
    if (deps.clock.now() + SWEEP_PAUSE_MS >= endMs) return;
    await deps.clock.sleep(SWEEP_PAUSE_MS);
  }
}
