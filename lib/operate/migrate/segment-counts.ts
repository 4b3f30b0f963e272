import * as z from 'zod';
import type { Migrated } from '../../adapters/dynamodb/backfill.ts';

/** Of every outcome, and of what cannot be read. */
export type Outcome = Migrated | 'unreadable';

const count = z.int().nonnegative();

/** What became of the items of a segment; `seen` counts those of other kinds too. */
export const segmentCounts = z.object({
  seen: count,
  units: z.number().nonnegative(),
  current: count,
  migrated: count,
  due: count,
  foreign: count,
  gone: count,
  contended: count,
  unreadable: count,
} satisfies Record<Outcome | 'seen' | 'units', z.ZodType>);

export type SegmentCounts = z.infer<typeof segmentCounts>;

/** Of a segment that is not begun. */
export const NO_COUNTS: SegmentCounts = {
  seen: 0,
  units: 0,
  current: 0,
  migrated: 0,
  due: 0,
  foreign: 0,
  gone: 0,
  contended: 0,
  unreadable: 0,
};

/** Counts of several together. */
export function sumCounts(all: readonly SegmentCounts[]): SegmentCounts {
  const sum = { ...NO_COUNTS };
  for (const counts of all) {
    for (const name of Object.keys(sum) as (keyof SegmentCounts)[]) sum[name] += counts[name];
  }
  return sum;
}
