/** What is known of a region of the deployment. */

/** Written by the region itself. A region without one is active and has never beaten. */
export interface RegionState {
  readonly region: string;
  /** A draining region sells nothing new and gives its units away. */
  readonly status: 'active' | 'draining';
  /** While draining: when it was first found to have nothing left; absent as long as something is. */
  readonly drainedAtMs?: number;
  /** While draining: where the walk over the region's quotas goes on; absent when it starts anew. */
  readonly walkAfter?: string;
  /** While draining: whether that walk has met a quota that is not empty. */
  readonly walkMetUnits?: boolean;
  /** When it last told the others that it is there: their replicas show how late replication is. */
  readonly beatAtMs: number;
  /** Up by 1 with every change of status. */
  readonly version: number;
}

/**
 * The fence around a region that will never return: written by each of the others for itself, once nothing of
 * the lost region can arrive any more. From then on it neither waits for that region nor counts its units.
 */
export interface Retirement {
  /** The region that is gone. */
  readonly region: string;
  /** The region that has stopped counting on it. */
  readonly by: string;
  readonly retiredAtMs: number;
  /** When every unit that was stranded there, of locations at home here, had been booked in again. */
  readonly recoveredAtMs?: number;
}

/** Regions beat every few seconds. Silence for so long means that one is lost, or cut off. */
const SILENT_AFTER_MS = 60_000;

/**
 * Whether a region may be given units that it did not ask for: it sells, and was heard of lately. What is given to
 * a region that is lost is stranded with it. One that has never said anything has just been deployed.
 */
export const mayReceive = ({ status, version, beatAtMs }: RegionState, nowMs: number): boolean =>
  status === 'active' && (version === 0 || nowMs - beatAtMs < SILENT_AFTER_MS);
